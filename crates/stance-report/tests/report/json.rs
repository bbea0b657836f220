use serde_json::Value;
use stance_model::Lang;
use stance_report::Format;

use crate::scene::{HOSTILE, empty, report, written};

#[test]
fn the_document() {
    insta::assert_snapshot!("json_en", written(&report(Lang::En), Format::Json));
}

#[test]
fn every_result_has_the_promised_fields() {
    let document: Value = serde_json::from_str(&written(&report(Lang::Zh), Format::Json)).unwrap();
    let results = document["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        for field in [
            "check",
            "check_id",
            "provider",
            "account",
            "region",
            "asset_type",
            "asset_id",
            "asset_name",
            "risk_level",
            "status",
            "reason",
            "evidence",
            "first_time",
            "last_time",
        ] {
            assert!(result.get(field).is_some(), "{field}: {result}");
        }
        assert_eq!(result.get("file").is_some(), result.get("line").is_some());
    }
    assert_eq!(results[0]["status"], "NOT_PASS");
    assert_eq!(results[0]["risk_level"], "high");
    assert_eq!(results[0]["title"], "检查 ali.rds.whitelist_open");
    assert_eq!(results[1]["file"], "infra/主 main.tf");
}

#[test]
fn texts_are_kept_as_they_are() {
    let document: Value = serde_json::from_str(&written(&report(Lang::En), Format::Json)).unwrap();
    assert_eq!(document["results"][1]["asset_id"], HOSTILE);
}

#[test]
fn a_report_of_nothing_has_empty_lists() {
    let document: Value = serde_json::from_str(&written(&empty(), Format::Json)).unwrap();
    assert_eq!(document["results"], Value::Array(vec![]));
    assert_eq!(document["coverage"], Value::Array(vec![]));
}
