//! What we write is what we read.

use stance_collect::snapshot::{Completeness, Limits, Line, SnapshotError, Writer};
use stance_model::Asset;
use stance_model::record::Record;

use crate::support::{CORPUS, Folder, read};

fn at() -> jiff::Timestamp {
    "2026-11-01T08:00:00Z".parse().unwrap()
}

fn assets() -> Vec<Asset> {
    CORPUS
        .lines()
        .filter_map(|line| match serde_json::from_str(line).unwrap() {
            Record::Asset(asset) => Some(*asset),
            _ => None,
        })
        .collect()
}

/// Writes the records of the corpus.
fn write(mut writer: Writer) -> Result<(), SnapshotError> {
    for line in CORPUS.lines() {
        match serde_json::from_str(line).unwrap() {
            Record::Account(account) => writer.account(account)?,
            Record::Coverage(coverage) => writer.coverage(coverage)?,
            Record::Asset(asset) => writer.asset(*asset)?,
            Record::Snapshot(_) | Record::End(_) => {}
        }
    }
    writer.finish()?;
    Ok(())
}

#[test]
fn what_was_written_is_read_back_complete() {
    let folder = Folder::new();
    for name in ["a.jsonl", "a.jsonl.zst"] {
        let path = folder.path().join(name);
        write(Writer::create(&path, at(), "stance 0.1.0").unwrap()).unwrap();
        let read = read(&path, Limits::default()).unwrap();
        assert_eq!(read.completeness, Completeness::Complete);
        let ids: Vec<&str> = read
            .lines
            .iter()
            .filter_map(|line| {
                if let Line::Asset(asset) = line {
                    Some(asset.id.as_str())
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(
            ids,
            assets().iter().map(|a| a.id.as_str()).collect::<Vec<_>>()
        );
    }
    let size = |name| std::fs::metadata(folder.path().join(name)).unwrap().len();
    assert!(size("a.jsonl.zst") < size("a.jsonl"));
}

#[test]
fn a_writer_that_does_not_finish_leaves_what_was_there() {
    let folder = Folder::new();
    let path = folder.file("a.jsonl", "before");
    let mut writer = Writer::create(&path, at(), "test").unwrap();
    writer.asset(assets().remove(0)).unwrap();
    drop(writer);
    assert_eq!(
        stance_model::bounded::read_text(&path, 100).unwrap(),
        "before"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_a_reader_would_refuse_is_not_written() {
    let folder = Folder::new();
    let path = folder.path().join("a.jsonl");
    let mut writer = Writer::create(&path, at(), "test").unwrap();
    let mut asset = assets().remove(0);
    asset.id = "a\0b".to_owned();
    let error = writer.asset(asset).unwrap_err().to_string();
    assert!(
        error.ends_with("line 2: `id` has a NUL character"),
        "{error}"
    );
    writer.finish().unwrap();
    assert_eq!(
        read(&path, Limits::default()).unwrap().completeness,
        Completeness::Complete
    );
}

#[test]
#[cfg(unix)]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path().join("a.jsonl");
    Writer::create(&path, at(), "test")
        .unwrap()
        .finish()
        .unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
