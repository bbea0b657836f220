//! Users' own checks.

use std::fs;

use stance_catalog::{Catalog, check_file, lint, new_check_yaml};
use stance_model::{AssetType, ResultStatus};
use tempfile::TempDir;

use crate::folder::problems;
use crate::readers::Readers;

fn builtin() -> Catalog {
    Catalog::builtin().unwrap_or_else(|report| panic!("{report}"))
}

/// A directory with one new check, made from the template.
fn own_check(key: &str, id: &str) -> TempDir {
    let asset_type: AssetType = "aliyun/rds/instance".parse().unwrap();
    let text =
        new_check_yaml(key, builtin().asset_type(&asset_type).unwrap()).replace("900001", id);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(format!("{key}.yaml")), text).unwrap();
    dir
}

#[test]
fn the_template_is_a_whole_check_for_every_asset_type() {
    let dir = tempfile::tempdir().unwrap();
    for (number, info) in builtin().asset_types().enumerate() {
        let key = format!("own.check{number}");
        let text = new_check_yaml(&key, info).replace("900001", &(900_000 + number).to_string());
        fs::write(dir.path().join(format!("{key}.yaml")), text).unwrap();
    }
    let report = lint(dir.path(), None);
    assert!(report.is_clean(), "{report}");
    assert!(report.checks >= 22, "{report}");
}

/// A directory with one new item, made from the template.
fn own_item(from: &str, to: &str) -> TempDir {
    let asset_type: AssetType = "image/oci/image".parse().unwrap();
    let text = new_check_yaml("own_user", builtin().asset_type(&asset_type).unwrap());
    assert!(text.contains(from), "{from}");
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("own_user.yaml"), text.replacen(from, to, 1)).unwrap();
    dir
}

const BASELINE: &str = "{class: image_config, name: image_config}";

#[test]
fn the_template_of_items_is_a_whole_item() {
    let dir = own_item(BASELINE, BASELINE);
    let report = lint(dir.path(), Some(&Readers));
    assert!(report.is_clean(), "{report}");
    assert_eq!(
        (report.checks, report.examples, report.examples_left),
        (1, 4, 0)
    );
    let (item, report) = check_file(&dir.path().join("own_user.yaml"), Some(&Readers));
    assert!(report.is_clean(), "{report}");
    assert_eq!(item.unwrap().baseline.unwrap().class, "image_config");
}

#[test]
fn own_items_come_in_baselines_of_the_catalogue_and_in_their_own() {
    let titles = "class_title: {zh: 自有要求, en: House rules}, name_title: {zh: 用户, en: Users}";
    let own = format!("{{class: house, name: users, {titles}}}");
    for (baseline, class, name) in [
        (BASELINE, "image_config", "image_config"),
        (&own, "house", "users"),
    ] {
        let dir = own_item(BASELINE, baseline);
        let catalog = Catalog::with_custom(&[dir.path().to_owned()])
            .unwrap_or_else(|report| panic!("{report}"));
        let item = catalog.by_key("own_user").unwrap();
        let class = catalog.baselines().iter().find(|c| c.key == class).unwrap();
        let name = class.names.iter().find(|n| n.key == name).unwrap();
        assert!(name.items.iter().any(|other| other.id == item.id));
        for kind in ["image/oci/image", "image/oci/container"] {
            let judged = catalog.for_type(&kind.parse().unwrap());
            assert!(judged.iter().any(|other| other.id == item.id));
        }
    }
}

#[test]
fn a_baseline_that_is_not_there_needs_its_titles() {
    for (baseline, wanted) in [
        (
            "{class: house, name: users}",
            "there is no class `house` (help: give a class of your own a `class_title`)",
        ),
        (
            "{class: imag_config, name: image_config}",
            "there is no class `imag_config` (help: did you mean `image_config`?)",
        ),
        (
            "{class: image_config, name: image_confi}",
            "there is no name `image_confi` (help: did you mean `image_config`?)",
        ),
        (
            "{class: image_config, name: image_config, name_title: {zh: 镜像, en: Image}}",
            "the catalogue says what the name `image_config` is called",
        ),
    ] {
        let dir = own_item(BASELINE, baseline);
        let found = problems(&lint(dir.path(), Some(&Readers)), dir.path());
        assert!(
            found.iter().any(|problem| problem.contains(wanted)),
            "{found:?}"
        );
    }
}

#[test]
fn own_checks_come_beside_those_of_the_catalogue() {
    let dir = own_check("own.rds.engine", "900007");
    let catalog =
        Catalog::with_custom(&[dir.path().to_owned()]).unwrap_or_else(|report| panic!("{report}"));
    let check = catalog.by_key("own.rds.engine").unwrap();
    assert!(check.custom);
    assert_eq!(catalog.get(check.id).unwrap().key, "own.rds.engine");
    assert_eq!(catalog.checks().len(), builtin().checks().len() + 1);
    assert!(
        catalog
            .for_type(&check.asset_type)
            .iter()
            .any(|other| other.key == "own.rds.engine")
    );
    assert!(catalog.policies(check.id).is_empty());
}

#[test]
fn an_id_or_key_of_the_catalogue_is_taken() {
    let dir = own_check("ali.rds.whitelist_open", "5");
    let report = Catalog::with_custom(&[dir.path().to_owned()]).unwrap_err();
    let problems = problems(&report, dir.path());
    assert!(
        problems
            .iter()
            .any(|p| p.contains("3:5: id 5 is out of range")),
        "{problems:?}"
    );
    assert!(
        problems
            .iter()
            .any(|p| p.contains("3:5: id `5` is taken already, in catalog/checks/")),
        "{problems:?}"
    );
    assert!(
        problems
            .iter()
            .any(|p| p.contains("key `ali.rds.whitelist_open` is taken already")),
        "{problems:?}"
    );
}

#[test]
fn two_directories_with_one_id_are_refused() {
    let (one, two) = (
        own_check("own.rds.one", "900001"),
        own_check("own.rds.two", "900001"),
    );
    let report = Catalog::with_custom(&[one.path().to_owned(), two.path().to_owned()]).unwrap_err();
    assert_eq!(report.problems.len(), 1, "{report}");
    assert!(
        report.to_string().contains("id `900001` is taken already"),
        "{report}"
    );
}

#[test]
fn a_directory_that_is_not_there_is_a_problem() {
    let report = Catalog::with_custom(&["/no/such/directory".into()]).unwrap_err();
    assert!(report.to_string().contains("cannot be read"), "{report}");
}

#[test]
fn a_check_of_the_catalogue_can_be_tried_as_a_file() {
    let own = builtin();
    let check = own.by_key("ali.rds.whitelist_open").unwrap();
    let path = format!("{}/../../{}", env!("CARGO_MANIFEST_DIR"), check.path);
    let (tried, report) = check_file(path.as_ref(), None);
    assert!(report.is_clean(), "{report}");
    assert_eq!(tried.unwrap().id, check.id);
    assert!(report.examples >= 3);
}

#[test]
fn a_check_whose_examples_fail_is_still_given() {
    let dir = own_check("own.rds.engine", "900001");
    let path = dir.path().join("own.rds.engine.yaml");
    let text = new_check_yaml("own.rds.engine", builtin().asset_types().next().unwrap());
    fs::write(&path, text.replace("outcome: fail", "outcome: pass")).unwrap();
    let (check, report) = check_file(&path, None);
    let check = check.unwrap();
    let runs = stance_catalog::run_examples(&check, builtin().types(), None);
    assert_eq!(runs[1].wanted, ResultStatus::Pass);
    assert!(!runs[1].is_as_wanted());
    assert!(
        report
            .to_string()
            .contains("example `another value`: wanted pass, got fail"),
        "{report}"
    );
}

#[test]
fn a_file_that_is_no_check_is_a_problem() {
    let (check, report) = check_file("/no/such/file.yaml".as_ref(), None);
    assert!(check.is_none());
    assert_eq!(report.problems.len(), 1);
    let (check, report) = check_file("/dev/zero".as_ref(), None);
    assert!(check.is_none());
    assert!(
        report.to_string().contains("not a regular file"),
        "{report}"
    );
}
