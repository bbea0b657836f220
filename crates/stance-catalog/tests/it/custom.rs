//! Users' own checks.

use std::fs;

use stance_catalog::{Catalog, check_file, lint, new_check_yaml};
use stance_model::{AssetType, ResultStatus};
use tempfile::TempDir;

use crate::folder::problems;

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
    let report = lint(dir.path());
    assert!(report.is_clean(), "{report}");
    assert!(report.checks >= 22, "{report}");
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
    let (tried, report) = check_file(path.as_ref());
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
    let (check, report) = check_file(&path);
    let check = check.unwrap();
    let runs = stance_catalog::run_examples(&check, builtin().types());
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
    let (check, report) = check_file("/no/such/file.yaml".as_ref());
    assert!(check.is_none());
    assert_eq!(report.problems.len(), 1);
    let (check, report) = check_file("/dev/zero".as_ref());
    assert!(check.is_none());
    assert!(
        report.to_string().contains("not a regular file"),
        "{report}"
    );
}
