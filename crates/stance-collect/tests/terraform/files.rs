//! Which files are taken as Terraform's, and which of a folder are read.

use serde_json::json;
use stance_collect::snapshot::{Completeness, Limits, Line, Reader, files, parse_line};

use crate::support::{held, state};

fn bucket() -> String {
    state(&[held(
        "alicloud_oss_bucket",
        &json!({"id": "b", "bucket": "b", "location": "oss-cn-beijing"}),
    )])
    .to_string()
}

#[test]
fn the_content_decides_not_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.txt");
    std::fs::write(&path, bucket()).unwrap();
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    let lines = reader.next_batch(100).unwrap().unwrap();
    let parsed: Vec<Line> = lines
        .iter()
        .map(|raw| parse_line(raw, &Limits::default()).unwrap())
        .collect();
    let Some(Line::Asset(asset)) = parsed.get(1) else {
        panic!("{parsed:?}");
    };
    assert_eq!(asset.id, "b");
    assert_eq!(asset.file.as_deref(), Some(path.to_str().unwrap()));
    assert!(!parsed.iter().any(|line| matches!(line, Line::Coverage(_))));
    assert!(reader.next_batch(100).unwrap().is_none());
    assert_eq!(reader.finish(), Completeness::Complete);
}

#[test]
fn a_folder_gives_its_states_and_plans_and_no_other_json() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.tfstate", bucket()),
        ("b.json", bucket()),
        ("package.json", "{\"name\":\"x\"}".to_owned()),
        ("empty.json", String::new()),
        ("a.tfstate.backup", bucket()),
        (".hidden.tfstate", bucket()),
        ("c.jsonl", String::new()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let found = files(folder.path()).unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|f| f.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["a.tfstate", "b.json", "c.jsonl"]);
}

#[test]
fn a_file_that_is_not_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tfstate");
    for (text, why) in [
        ("{\"version\":3,\"modules\":[]}", "format 3 is not known"),
        (
            "{\"format_version\":\"2.0\",\"values\":{}}",
            "format 2.0 is not known",
        ),
        ("{\"version\":4,\n\"resources\":[\n{\"mode\":1}]}", "line 3"),
        (
            "{\"version\":4,\"resources\":[",
            "not what Terraform writes",
        ),
        (
            "{\"terraform_version\":\"1.9.0\"}",
            "a state names its `version`",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = Reader::open(&path, Limits::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(why) && error.contains("x.tfstate"),
            "{text}: {error}"
        );
    }
}
