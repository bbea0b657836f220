//! The table, its filters, its pages and its rows.

use super::*;
use crate::ops::sample::{check, params};

/// Three items out of order, and a check that is none of the table.
fn views() -> Vec<CheckView> {
    let oss = CheckView {
        status: CheckStatus::Failed,
        risk_level: RiskLevel::Low,
        title: Text::new("对象存储加密", "OSS - encryption"),
        legacy: Some(LegacyItem {
            group: 4,
            asset_type: "OSS".to_owned(),
        }),
        ..check(30)
    };
    let passing = CheckView {
        status: CheckStatus::Pass,
        ..check(2)
    };
    vec![
        oss,
        CheckView {
            legacy: None,
            ..check(1001)
        },
        check(5),
        passing,
    ]
}

fn found(pairs: &[(&str, &str)]) -> Vec<(i64, usize)> {
    let (params, views) = (params(pairs), views());
    let filter = Filter::read(&params).unwrap();
    table(&views)
        .iter()
        .filter(|row| filter.admits(row))
        .map(|row| (row.view.id.get(), row.sort))
        .collect()
}

#[test]
fn the_table_is_in_the_order_of_its_ids() {
    assert_eq!(found(&[]), [(2, 1), (5, 2), (30, 3)]);
}

#[test]
fn each_filter_keeps_the_positions() {
    assert_eq!(found(&[("GroupId", "4")]), [(30, 3)]);
    assert_eq!(found(&[("RiskLevel", "high")]), [(2, 1), (5, 2)]);
    assert_eq!(found(&[("AssetType", "oss")]), [(30, 3)]);
    assert_eq!(found(&[("AssetType", "Abacus")]), []);
    assert_eq!(
        found(&[("ItemIds.1", "5"), ("ItemIds.2", "1001")]),
        [(5, 2)]
    );
    assert_eq!(found(&[("Name", "ENCRYPT")]), [(30, 3)]);
    assert_eq!(found(&[("Name", "加密")]), [(30, 3)]);
    assert_eq!(found(&[("Name", "check_5")]), [(5, 2)]);
    assert_eq!(found(&[("QueryFlag", "disabled")]), []);
    assert_eq!(
        found(&[
            ("QueryFlag", "enabled"),
            ("SourceIp", "1.2.3.4"),
            ("ResourceOwnerId", "1")
        ])
        .len(),
        3
    );
}

#[test]
fn a_check_that_could_not_be_read_is_waiting() {
    assert_eq!(found(&[("Status", "waiting")]), [(30, 3)]);
    assert_eq!(found(&[("Status", "failed")]), [(5, 2)]);
    assert_eq!(found(&[("Status", "pass")]), [(2, 1)]);
    assert_eq!(found(&[("Status", "falsePositive")]), []);
    assert_eq!(Status::of(CheckStatus::Checking).wire(), "running");
    assert_eq!(Status::of(CheckStatus::Whitelist).wire(), "ignored");
    assert_eq!(Status::of(CheckStatus::NotCheck).wire(), "waiting");
}

#[test]
fn values_that_the_reference_does_not_list_are_illegal() {
    for pair in [
        ("GroupId", "0"),
        ("GroupId", "7"),
        ("RiskLevel", "HIGH"),
        ("Status", "PASS"),
        ("QueryFlag", "disable"),
        ("ItemIds.1", "x"),
    ] {
        assert!(
            matches!(
                Filter::read(&params(&[pair])),
                Err(ApiError::IllegalParam(_))
            ),
            "{pair:?}"
        );
    }
}

#[test]
fn pages_are_counted() {
    let views = views();
    let rows = table(&views);
    let counts = |number, size| {
        let response = Response::new(&rows, PageRequest { number, size }, Lang::En);
        (response.total_count, response.page_count, response.count)
    };
    assert_eq!(counts(1, 2), (3, 2, 2));
    assert_eq!(counts(2, 2), (3, 2, 1));
    assert_eq!(counts(9, 2), (3, 2, 0));
    assert_eq!(counts(1, 100), (3, 1, 3));
    assert_eq!(
        Response::new(
            &[],
            PageRequest {
                number: 1,
                size: 20
            },
            Lang::En
        )
        .page_count,
        0
    );
}

#[test]
fn an_item_is_answered_element_by_element() {
    let view = check(5);
    let row = Row {
        sort: 5,
        view: &view,
        legacy: view.legacy.as_ref().unwrap(),
    };
    let help = "https://help.example/en";
    let wanted = json!({
        "ItemId": 5, "Title": "Whitelist", "Type": "Network access control", "RiskLevel": "high", "Status": "failed",
        "Sort": 5, "RepairStatus": "disabled", "RemainingTime": 0, "StartStatus": "enabled", "AffectedCount": 3,
        "RiskAssertType": "RDS", "TaskId": 64, "CheckTime": 1_657_793_398_000_i64,
        "RiskItemResources": [
            {"ResourceName": "bestPractice", "ContentResource": {"type": "text", "value": "Description"}},
            {"ResourceName": "influence", "ContentResource": {"type": "text", "value": "Risk"}},
            {"ResourceName": "suggestion", "ContentResource": {"type": "text", "value": "Solution"}},
            {"ResourceName": "helpResource", "ContentResource": {"type": "link", "value": help, "url": help}},
        ]
    });
    assert_eq!(
        serde_json::to_value(Item::new(&row, Lang::En)).unwrap(),
        wanted
    );
}
