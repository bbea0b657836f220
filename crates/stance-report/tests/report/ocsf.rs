use serde_json::Value;
use stance_model::Lang;
use stance_model::view::Report;
use stance_report::Format;

use crate::scene::{empty, report, written};

fn events(report: &Report) -> Vec<Value> {
    serde_json::from_str(&written(report, Format::Ocsf)).unwrap()
}

#[test]
fn the_events() {
    insta::assert_snapshot!(
        "ocsf_en",
        serde_json::to_string_pretty(&events(&report(Lang::En))).unwrap()
    );
}

#[test]
fn verdicts_have_their_numbers() {
    let told: Vec<_> = events(&report(Lang::En))
        .iter()
        .map(|e| {
            (
                e["compliance"]["status_id"].clone(),
                e["status_id"].clone(),
                e["severity_id"].clone(),
            )
        })
        .map(|(a, b, c)| {
            (
                a.as_u64().unwrap(),
                b.as_u64().unwrap(),
                c.as_u64().unwrap(),
            )
        })
        .collect();
    let results = [
        (3, 1, 4),
        (3, 1, 2),
        (0, 1, 4),
        (3, 3, 4),
        (99, 99, 1),
        (1, 4, 1),
    ];
    let gaps = [(0, 1, 0), (0, 1, 0)];
    assert_eq!(told, [&results[..], &gaps[..]].concat());
}

#[test]
fn a_finding_keeps_its_uid_and_is_updated_when_seen_again() {
    let (first, again) = (events(&report(Lang::En)), events(&report(Lang::Zh)));
    assert_eq!(
        first[0]["finding_info"]["uid"],
        again[0]["finding_info"]["uid"]
    );
    assert_eq!(
        (first[0]["type_uid"].as_u64(), first[1]["type_uid"].as_u64()),
        (Some(200_302), Some(200_301))
    );
}

#[test]
fn an_event_is_a_line_and_nothing_is_an_empty_array() {
    assert_eq!(
        written(&report(Lang::En), Format::Ocsf).lines().count(),
        8 + 2
    );
    assert_eq!(written(&empty(), Format::Ocsf), "[\n]\n");
}
