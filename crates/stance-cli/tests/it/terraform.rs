//! Terraform states and plans through the built binary: `tests/terraform/*.json` say which resources there are and what
//! the checks say of them.
//!
//! A case names its `form` (`state` or `plan`), its `resources` (type, name, values) and what to `expect` (check, asset,
//! status). A value `{"$unknown": true}` is known only after apply, `{"$ref": "a.b.id"}` also refers to something, and
//! `{"$sensitive": …}` is marked as sensitive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::place::Place;

/// Checks of which Terraform can show one verdict only: when a certificate expires is not in it.
const ONE_SIDED: [(&str, &str); 3] = [
    ("ali.mongodb.ssl", "NOT_PASS"),
    ("ali.rds.ssl", "NOT_PASS"),
    ("ali.redis.ssl", "NOT_PASS"),
];

pub(crate) fn cases() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap(),
            )
        })
        .collect()
}

/// The file that Terraform would have written.
fn document(case: &Value) -> Value {
    let resources = case["resources"].as_array().unwrap();
    match case["form"].as_str().unwrap() {
        "state" => state(resources),
        "plan" => plan(resources),
        other => panic!("{other} is no form"),
    }
}

fn provider(resource: &Value) -> String {
    resource["type"]
        .as_str()
        .unwrap()
        .split('_')
        .next()
        .unwrap()
        .to_owned()
}

/// The value, and whether it is marked.
fn plain(value: &Value) -> (Value, Option<&str>) {
    let mark = ["$unknown", "$ref", "$sensitive"]
        .into_iter()
        .find(|mark| value.get(mark).is_some());
    match mark {
        Some("$sensitive") => (value["$sensitive"].clone(), mark),
        Some(_) => (Value::Null, mark),
        None => (value.clone(), None),
    }
}

fn state(resources: &[Value]) -> Value {
    let resource = |r: &Value| {
        let (mut attributes, mut sensitive) = (Map::new(), Vec::new());
        for (name, value) in r["values"].as_object().unwrap() {
            let (value, mark) = plain(value);
            if mark.is_some() {
                sensitive.push(json!([{"type": "get_attr", "value": name}]));
            }
            attributes.insert(name.clone(), value);
        }
        json!({"mode": "managed", "type": r["type"], "name": r["name"],
            "provider": format!("provider[\"registry.terraform.io/x/{}\"]", provider(r)),
            "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": sensitive}]})
    };
    let resources: Vec<Value> = resources.iter().map(resource).collect();
    json!({"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x", "outputs": {},
        "resources": resources, "check_results": null})
}

fn plan(resources: &[Value]) -> Value {
    let (mut planned, mut changes, mut declared) = (Vec::new(), Vec::new(), Vec::new());
    for r in resources {
        let address = format!(
            "{}.{}",
            r["type"].as_str().unwrap(),
            r["name"].as_str().unwrap()
        );
        let (mut values, mut unknown, mut expressions) = (Map::new(), Map::new(), Map::new());
        let mut sensitive = Map::new();
        for (name, value) in r["values"].as_object().unwrap() {
            match plain(value) {
                (_, Some("$unknown")) => drop(unknown.insert(name.clone(), json!(true))),
                (_, Some("$ref")) => {
                    unknown.insert(name.clone(), json!(true));
                    expressions.insert(name.clone(), json!({"references": [value["$ref"]]}));
                }
                (value, mark) => {
                    if mark.is_some() {
                        sensitive.insert(name.clone(), json!(true));
                    }
                    expressions.insert(name.clone(), json!({"constant_value": value}));
                    values.insert(name.clone(), value);
                }
            }
        }
        planned.push(
            json!({"address": address, "mode": "managed", "type": r["type"], "name": r["name"],
            "provider_name": provider(r), "values": values, "sensitive_values": {}}),
        );
        changes.push(json!({"address": address, "change": {"actions": ["create"], "after_unknown": unknown}}));
        declared.push(
            json!({"type": r["type"], "name": r["name"], "provider_config_key": provider(r),
            "expressions": expressions}),
        );
    }
    json!({"format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": planned}}, "resource_changes": changes,
        "configuration": {"root_module": {"resources": declared}}})
}

/// What the checks say: by check and asset.
pub(crate) fn verdicts(report: &Value) -> BTreeMap<(String, String), String> {
    let text = |result: &Value, key: &str| result[key].as_str().unwrap().to_owned();
    let results = report["results"].as_array().unwrap();
    results
        .iter()
        .map(|r| ((text(r, "check"), text(r, "asset_id")), text(r, "status")))
        .collect()
}

/// Scans a case; the report as text.
fn scan(name: &str, case: &Value) -> String {
    let place = Place::new();
    let file = format!("{name}.json");
    place.write(
        &file,
        &serde_json::to_string_pretty(&document(case)).unwrap(),
    );
    place.ok(&[
        "scan",
        &file,
        "--format",
        "json",
        "--now",
        "2026-06-01T00:00:00Z",
    ])
}

#[test]
fn every_case_ends_as_it_says_and_every_check_passes_and_fails_somewhere() {
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let report = scan(&name, &case);
        assert!(
            !report.contains("Secret-"),
            "{name} has a secret in its report"
        );
        let verdicts = verdicts(&serde_json::from_str(&report).unwrap());
        for (check, assets) in case["expect"].as_object().unwrap() {
            for (asset, status) in assets.as_object().unwrap() {
                let got = verdicts.get(&(check.clone(), asset.clone()));
                if got.map(String::as_str) != status.as_str() {
                    wrong.push(format!(
                        "{name}: {check} of {asset} is {got:?}, not {status}"
                    ));
                }
                shown
                    .entry(check.clone())
                    .or_default()
                    .insert(status.as_str().unwrap().to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let single: Vec<(&str, &str)> = shown
        .iter()
        .filter_map(|(check, statuses)| {
            match (statuses.contains("PASS"), statuses.contains("NOT_PASS")) {
                (true, false) => Some((check.as_str(), "PASS")),
                (false, true) => Some((check.as_str(), "NOT_PASS")),
                _ => None,
            }
        })
        .collect();
    assert_eq!(single, ONE_SIDED);
}

#[test]
fn reports_carry_file_and_line() {
    let place = Place::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/terraform");
    for name in ["shop.tfstate", "shop-plan.json"] {
        std::fs::copy(examples.join(name), place.path(name)).unwrap();
    }
    let report = place.json(&["scan", ".", "--format", "json"]);
    let text = std::fs::read_to_string(place.path("shop.tfstate")).unwrap();
    let result = report["results"].as_array().unwrap().iter().find(|r| {
        r["check"] == "ali.ecs.sg_ssh" && r["asset_id"] == "sg-web" && r["status"] == "NOT_PASS"
    });
    let result = result.expect("the group that is open");
    assert!(
        result["file"].as_str().unwrap().ends_with("shop.tfstate"),
        "{result}"
    );
    let line = usize::try_from(result["line"].as_u64().unwrap()).unwrap();
    assert!(
        text.lines()
            .nth(line + 1)
            .unwrap()
            .contains("alicloud_security_group\"")
    );
    let sarif = place.json(&["results", "--format", "sarif"]);
    let locations = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let place_of = |r: &Value| r["locations"][0]["physicalLocation"].clone();
    let found: Vec<Value> = locations.map(place_of).filter(|p| !p.is_null()).collect();
    let at = |file: &str, line: usize| {
        found.iter().any(|p| {
            p["artifactLocation"]["uri"]
                .as_str()
                .is_some_and(|uri| uri.ends_with(file))
                && (line == 0 || p["region"]["startLine"] == line)
        })
    };
    assert!(
        at("shop.tfstate", line) && at("shop-plan.json", 0),
        "{found:?}"
    );
}

#[test]
fn a_state_closes_nothing_and_claims_no_coverage() {
    let place = Place::new();
    let case = cases()
        .into_iter()
        .find(|(name, _)| name == "aliyun_rds")
        .unwrap()
        .1;
    place.write("main.tfstate", &document(&case).to_string());
    let report = place.json(&["scan", "main.tfstate", "--format", "json"]);
    assert_eq!(
        report["coverage"].as_array().map(Vec::len),
        Some(0),
        "{}",
        report["coverage"]
    );
    let mut fewer = case;
    fewer["resources"].as_array_mut().unwrap().truncate(1);
    place.write("main.tfstate", &document(&fewer).to_string());
    let report = place.json(&["scan", "main.tfstate", "--format", "json"]);
    let kept = verdicts(&report);
    assert!(kept.contains_key(&("ali.rds.whitelist_open".to_owned(), "rm-bad".to_owned())));
}

#[test]
fn a_broken_file_is_refused_and_named() {
    let place = Place::new();
    place.write("old.tfstate", "{\"version\": 3, \"modules\": []}");
    let ended = place.run(&["scan", "old.tfstate"]);
    assert_ne!(ended.code, Some(0));
    assert!(
        ended.err.contains("old.tfstate") && ended.err.contains("format 3"),
        "{}",
        ended.err
    );
}
