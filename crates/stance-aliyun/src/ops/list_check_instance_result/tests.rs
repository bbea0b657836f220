//! From parameters to the question, and from the results to the answer.

use stance_model::view::ResultReason;
use stance_model::{Reason, ReasonKind};

use super::*;
use crate::ops::sample::{check, params, result};

#[test]
fn every_parameter_becomes_its_filter() {
    let query = query(&params(&[
        ("Statuses.1", "NOT_PASS"),
        ("Statuses.2", "PASS"),
        ("InstanceIdKey", "rm"),
        ("InstanceNameKey", "web"),
        ("RegionIdKey", "cn-"),
        ("InstanceIds.1", "rm-1"),
        ("SortTypes.1", "STATUS"),
    ]));
    let wanted = InstanceQuery {
        statuses: vec![CheckStatus::NotPass, CheckStatus::Pass],
        id_contains: Some("rm".to_owned()),
        name_contains: Some("web".to_owned()),
        region_contains: Some("cn-".to_owned()),
        instance_ids: vec!["rm-1".to_owned()],
        sort_by_status: true,
    };
    assert_eq!(query.unwrap(), wanted);
}

#[test]
fn this_operation_knows_no_failed_and_no_order_by_risk() {
    assert!(query(&params(&[("Statuses.1", "FAILED")])).is_err());
    assert!(query(&params(&[("SortTypes.1", "RISK_LEVEL")])).is_err());
}

#[test]
fn a_result_is_answered_element_by_element() {
    let (check, page) = (
        check(5),
        Page {
            items: vec![result()],
            total: 3,
        },
    );
    let body = object(&Response::new(
        &check,
        &page,
        PageRequest {
            number: 1,
            size: 20,
        },
        Lang::En,
    ))
    .unwrap();
    let column = |key: &str, name: &str, search: &str| {
        serde_json::json!({
            "Type": "text", "Key": key, "ShowName": name, "Search": !search.is_empty(), "SearchKey": search, "Grids": []
        })
    };
    let mut first = column("InstanceIdShow", "Instance ID", "InstanceIdKey");
    first["Type"] = "link".into();
    first["Grids"] = serde_json::json!([
        {"Type": "text", "Key": "OpenArraysShow", "ShowName": "Groups"},
        {"Type": "text", "Key": "EngineShow", "ShowName": "Engine"},
    ]);
    let link = "https://console.example/cn-beijing/rm-1%2F%3F%26%7Bname%7D?account=1000000000000001&name=orders";
    let wanted = serde_json::json!({
        "BasicData": [{
            "Id": 7_340_037, "Status": "NOT_PASS", "RegionId": "cn-beijing", "InstanceId": "rm-1/?&{name}",
            "InstanceName": "orders", "StatusMessage": "", "VendorUserName": "shop-prod",
            "InstanceInfo": {
                "FirstUpdateTime": 1_716_447_535_531_i64, "LastUpdateTime": 1_716_447_535_532_i64,
                "Config": [{"Name": "OpenArrays", "Value": "default", "ShowName": "Groups"}]
            }
        }],
        "Columns": [
            first,
            column("InstanceNameShow", "Instance name", "InstanceNameKey"),
            column("RegionIdShow", "Region", "RegionIdKey"),
            column("OpenArraysShow", "Groups", ""),
            column("EngineShow", "Engine", ""),
        ],
        "Checks": [{
            "InstanceIdShow": {"value": "rm-1/?&{name}", "link": link},
            "InstanceNameShow": {"value": "orders"},
            "RegionIdShow": {"value": "China (Beijing)"},
            "OpenArraysShow": {"value": "default"},
            "EngineShow": {"value": ""},
        }],
        "PageInfo": {"CurrentPage": 1, "PageSize": 20, "TotalCount": 3, "Count": "1"}
    });
    assert_eq!(Value::Object(body), wanted);
}

#[test]
fn without_a_console_page_the_instance_is_text() {
    let check = CheckView {
        console: None,
        ..check(5)
    };
    assert_eq!(columns(&check, Lang::Zh).first().unwrap().kind, "text");
    assert_eq!(
        cells(&check, &result(), Lang::Zh)["InstanceIdShow"],
        serde_json::json!({"value": "rm-1/?&{name}"})
    );
}

#[test]
fn the_reason_is_the_status_message() {
    let reason = ResultReason::Unread(Reason::new(ReasonKind::NoPermission, "facts.ssl"));
    let result = ResultView {
        status: CheckStatus::NotCheck,
        reason: Some(reason),
        ..result()
    };
    let shown = BasicData::new(&result, Lang::En);
    assert_eq!(
        (shown.status, shown.status_message.as_str()),
        (
            "NOT_CHECK",
            "NO_PERMISSION: no permission to read it: facts.ssl"
        )
    );
}

#[test]
fn a_value_named_like_a_fixed_column_has_a_column_of_its_own() {
    let mut check = check(5);
    check.evidence[0].name = "InstanceId".to_owned();
    let keys: Vec<String> = columns(&check, Lang::En)
        .into_iter()
        .map(|c| c.key)
        .collect();
    assert_eq!(
        keys,
        [
            "InstanceIdShow",
            "InstanceNameShow",
            "RegionIdShow",
            "InstanceIdValueShow",
            "EngineShow"
        ]
    );
    assert_eq!(cells(&check, &result(), Lang::En).len(), keys.len());
}
