//! Exports of inventories through the built binary: `tests/exports/*.json`, written for these tests.

use std::path::Path;

use serde_json::Value;

use crate::place::Place;
use crate::terraform::verdicts;

const NOW: &str = "2026-06-01T00:00:00Z";

/// The report of a file of `tests/exports`, in a folder of its own.
fn report(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    let place = Place::new();
    place.write(name, &std::fs::read_to_string(folder.join(name)).unwrap());
    let report = place.ok(&["scan", name, "--format", "json", "--now", NOW]);
    assert!(
        !report.contains("Secret-"),
        "{name} has a secret in its report"
    );
    serde_json::from_str(&report).unwrap()
}

fn hold(name: &str, expected: &[(&str, &str, &str)]) {
    let found = verdicts(&report(name));
    for (check, asset, status) in expected {
        let got = found
            .iter()
            .find(|((c, a), _)| c == check && a.ends_with(asset));
        let got = got.map(|(_, status)| status.as_str());
        assert_eq!(got, Some(*status), "{name}: {check} of {asset}");
    }
}

#[test]
fn resource_graph_is_judged_by_what_it_holds() {
    hold(
        "azure_graph.json",
        &[
            ("az.storage.public_blob", "/shopgood", "PASS"),
            ("az.storage.public_blob", "/shopbad", "NOT_PASS"),
            ("az.storage.tls12", "/shopgood", "PASS"),
            ("az.storage.tls12", "/shopbad", "NOT_PASS"),
            ("az.storage.network_deny", "/shopgood", "PASS"),
            ("az.storage.network_deny", "/shopbad", "NOT_PASS"),
            ("az.web.https_only", "/sites/shop", "NOT_PASS"),
            // Its rules and its auditing are no part of the export.
            ("az.sql.public_access", "/servers/shop", "NOT_CHECK"),
            ("az.sql.auditing", "/servers/shop", "NOT_CHECK"),
            // Projected away by the query.
            ("az.storage.public_blob", "/shopcut", "NOT_CHECK"),
            ("az.storage.shared_key", "/shopcut", "NOT_CHECK"),
        ],
    );
}

#[test]
fn tables_of_resource_graph_are_rows() {
    hold(
        "azure_table.json",
        &[
            ("az.storage.https_only", "/shopgood", "PASS"),
            ("az.storage.https_only", "/shopbad", "NOT_PASS"),
        ],
    );
}

#[test]
fn aws_config_is_judged_in_its_newest_state() {
    hold(
        "aws_config.json",
        &[
            ("aws.ec2.sg_admin_ports", "sg-open", "NOT_PASS"),
            ("aws.ec2.sg_admin_ports", "sg-office", "PASS"),
            ("aws.ec2.imds_v2", "i-1", "PASS"),
            ("aws.rds.public", "orders", "NOT_PASS"),
            ("aws.rds.public", "stock", "PASS"),
        ],
    );
    assert!(!report("aws_config.json").to_string().contains("db-OLD"));
}

#[test]
fn cloud_config_is_unescaped_once_or_twice() {
    hold(
        "aliyun_config.json",
        &[
            ("ali.ecs.disk_encryption", "d-good", "PASS"),
            ("ali.ecs.disk_encryption", "d-bad", "NOT_PASS"),
        ],
    );
    assert!(!report("aliyun_config.json").to_string().contains("d-gone"));
}

#[test]
fn exports_claim_no_coverage() {
    for name in ["azure_graph.json", "aws_config.json", "aliyun_config.json"] {
        let report = report(name);
        let coverage = report["coverage"].as_array();
        assert!(coverage.is_none_or(Vec::is_empty), "{name}: {coverage:?}");
    }
}

#[test]
fn what_is_no_export_is_refused() {
    let place = Place::new();
    let deep = format!(
        r#"{{"value":[{}{}],"a":"/subscriptions/"}}"#,
        "[".repeat(500),
        "]".repeat(500)
    );
    for (text, told) in [
        (
            "{\"count\":1,\n\"data\":[{\"id\":\"/subscriptions/s\"},\n{\"id\":]}",
            "export",
        ),
        (r#"{"value":{"x":"/subscriptions/s"}}"#, "columns"),
        (r#"{"configurationItems":7,"a":"AWS::"}"#, "line 1"),
        (&deep, "levels of nesting"),
    ] {
        place.write("broken.json", text);
        let ended = place.run(&["scan", "broken.json", "--format", "json"]);
        assert_ne!(ended.code, Some(0), "{told}");
        assert!(ended.err.contains(told), "{told}: {}", ended.err);
    }
}

/// Answers that Azure gave, where they lie beside the repository.
#[test]
fn recorded_answers_of_resource_graph_are_read() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/recorded/microsoft/Microsoft.ResourceGraph.jsonl");
    let Ok(lines) = std::fs::read_to_string(recorded) else {
        return;
    };
    let mut accounts = 0;
    for line in lines.lines() {
        let exchange: Value = serde_json::from_str(line).unwrap();
        let place = Place::new();
        place.write("graph.json", &exchange["response"]["body"].to_string());
        let ended = place.run(&["scan", "graph.json", "--format", "json", "--now", NOW]);
        let report: Value = serde_json::from_str(&ended.out).unwrap_or_default();
        if report.is_null() {
            continue;
        }
        let found = verdicts(&report);
        let judged = found
            .keys()
            .filter(|(check, _)| check == "az.storage.https_only");
        accounts += judged.count();
    }
    assert!(accounts > 0);
}
