use serde_json::Value;
use stance_model::Lang;
use stance_model::view::Report;
use stance_report::Format;

use crate::scene::{empty, report, written};

fn log(report: &Report) -> Value {
    serde_json::from_str(&written(report, Format::Sarif)).unwrap()
}

#[test]
fn the_log() {
    insta::assert_snapshot!(
        "sarif_en",
        serde_json::to_string_pretty(&log(&report(Lang::En))).unwrap()
    );
}

#[test]
fn results_say_what_they_are() {
    let log = log(&report(Lang::En));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told: Vec<_> = results
        .iter()
        .map(|r| {
            (
                r["kind"].as_str().unwrap(),
                r["level"].as_str().unwrap(),
                r.get("suppressions").is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("fail", "error", false),
            ("fail", "note", false),
            ("open", "none", false),
            ("fail", "error", true),
            ("notApplicable", "none", false),
        ]
    );
    for result in results {
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            log["runs"][0]["tool"]["driver"]["rules"][rule]["id"],
            result["ruleId"]
        );
    }
}

#[test]
fn fingerprints_are_the_same_in_every_run_and_language_and_differ_by_asset() {
    let of = |lang| -> Vec<String> {
        let log = log(&report(lang));
        let results = log["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .map(|r| r["partialFingerprints"]["stanceResult/v1"].to_string())
            .collect()
    };
    let mut prints = of(Lang::En);
    assert_eq!(prints, of(Lang::Zh));
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), 5);
}

#[test]
fn a_message_holds_no_link() {
    let log = log(&report(Lang::En));
    let run = &log["runs"][0];
    let lists = [
        &run["results"],
        &run["invocations"][0]["toolConfigurationNotifications"],
    ];
    for said in lists.into_iter().flat_map(|list| list.as_array().unwrap()) {
        assert!(
            !said["message"]["text"].as_str().unwrap().contains("]("),
            "{said}"
        );
    }
}

#[test]
fn more_results_than_a_run_may_have_make_further_runs() {
    let mut report = report(Lang::En);
    let first = report.results[0].clone();
    report.results = vec![first; 25_001];
    let log = log(&report);
    let runs = log["runs"].as_array().unwrap();
    let sizes: Vec<_> = runs
        .iter()
        .map(|r| r["results"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [25_000, 1]);
    assert_eq!(runs[0]["automationDetails"]["id"], "stance/");
    assert_eq!(runs[1]["automationDetails"]["id"], "stance-2/");
}

#[test]
fn a_report_of_nothing_is_one_run_without_results() {
    let log = log(&empty());
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["results"], Value::Array(vec![]));
}
