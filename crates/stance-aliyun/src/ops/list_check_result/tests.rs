//! From parameters to the question, and from the view to the answer.

use stance_model::{CheckStatus, Reason, ReasonKind, StandardType};

use super::*;
use crate::ops::sample::{check, params};

#[test]
fn every_parameter_becomes_its_filter() {
    let query = query(&params(&[
        ("StandardIds.1", "1"),
        ("RequirementIds.1", "2"),
        ("RequirementIds.2", "3"),
        ("CheckIds.1", "358"),
        ("Statuses.1", "PASS,NOT_PASS"),
        ("RiskLevels.1", "HIGH"),
        ("Vendors.1", "AWS"),
        ("InstanceTypes.1", "ecs"),
        ("InstanceIds.1", "i-1"),
        ("SortTypes.1", "STATUS"),
        ("SortTypes.2", "RISK_LEVEL"),
        ("Types.1", "COMPLIANCE"),
        ("OperationTypes.1", "SUPPORT_REPAIR"),
        ("CheckTypes.1", "SYSTEM"),
        ("CheckKey", "OSS"),
        ("CustomParam", "True"),
        ("ResourceDirectoryAccountId", "1000000000000001"),
        ("RegionId", "cn-hangzhou"),
    ]));
    let wanted = CheckQuery {
        check_ids: vec![358],
        standard_ids: vec![1],
        requirement_ids: vec![2, 3],
        types: vec![StandardType::Compliance],
        statuses: vec![CheckStatus::Pass, CheckStatus::NotPass],
        risk_levels: vec![RiskLevel::High],
        providers: vec![Provider::Aws],
        instance_types: vec!["ECS".to_owned()],
        instance_ids: vec!["i-1".to_owned()],
        check_key: Some("OSS".to_owned()),
        has_parameters: Some(true),
        repair_supported: Some(true),
        custom: Some(false),
        account: Some("1000000000000001".to_owned()),
        sort: vec![CheckSort::Status, CheckSort::RiskLevel],
    };
    assert_eq!(query.unwrap(), wanted);
}

#[test]
fn no_parameter_and_the_region_that_the_classic_sdk_adds_filter_nothing() {
    assert_eq!(query(&params(&[])).unwrap(), CheckQuery::default());
    assert_eq!(
        query(&params(&[("RegionId", "cn-qingdao")])).unwrap(),
        CheckQuery::default()
    );
}

#[test]
fn postgresql_finds_what_either_reference_calls_so() {
    let types = |text: &str| instance_types(&params(&[("InstanceTypes.1", text)])).unwrap();
    assert_eq!(types("POSTGRESQL"), ["POSTGRESQL", "RDS"]);
    assert_eq!(types("RDS,POSTGRESQL"), ["RDS", "POSTGRESQL"]);
    assert_eq!(types("RDS"), ["RDS"]);
}

#[test]
fn both_words_of_a_pair_filter_nothing() {
    let custom = |text: &str| query(&params(&[("CheckTypes.1", text)])).unwrap().custom;
    assert_eq!(
        (custom("CUSTOM"), custom("SYSTEM"), custom("CUSTOM,SYSTEM")),
        (Some(true), Some(false), None)
    );
}

#[test]
fn another_task_source_finds_nothing_whatever_checks_are_named() {
    let query = query(&params(&[
        ("TaskSources.1", "YAO_CHI"),
        ("CheckIds.1", "5"),
    ]))
    .unwrap();
    assert_eq!(query.check_ids, [NO_CHECK]);
}

#[test]
fn images_and_hosts_are_found_under_the_vendor_they_are_shown_with() {
    let query = query(&params(&[
        ("Vendors.1", "ALIYUN"),
        ("Vendors.2", "HUAWEICLOUD"),
    ]))
    .unwrap();
    assert_eq!(
        query.providers,
        [
            Provider::Aliyun,
            Provider::Image,
            Provider::Host,
            Provider::Huawei
        ]
    );
}

#[test]
fn a_check_is_answered_element_by_element() {
    let page = Page {
        items: vec![check(5)],
        total: 41,
    };
    let body = object(&Response::new(
        &page,
        PageRequest {
            number: 2,
            size: 40,
        },
        Lang::En,
    ))
    .unwrap();
    let wanted = serde_json::json!({
        "PageInfo": {"CurrentPage": 2, "PageSize": 40, "TotalCount": 41, "Count": 1},
        "Checks": [{
            "CheckId": 5, "CheckShowName": "Whitelist", "Vendor": "ALIYUN", "VendorShowName": "Alibaba Cloud",
            "InstanceType": "RDS", "InstanceSubType": "INSTANCE", "RiskLevel": "HIGH", "Status": "NOT_PASS",
            "TaskId": "64", "LastCheckTime": 1_657_793_398_000_i64, "TrialPermission": false, "StatusMessage": "",
            "CheckSaleType": 1, "AssetVendor": 0, "CheckType": "SYSTEM", "AssetType": 3, "AssetSubType": 0,
            "OperationType": "NOT_SUPPORT_REPAIR", "TrialPermissionType": 1,
            "CheckPolicies": [{
                "StandardId": 1, "StandardShowName": "Best practices", "RequirementId": 2,
                "RequirementShowName": "Databases", "SectionId": 3, "SectionShowName": "Access"
            }]
        }]
    });
    assert_eq!(Value::Object(body), wanted);
}

#[test]
fn a_check_that_could_not_be_read_says_why_in_both_languages() {
    let mut view = check(5);
    view.status = CheckStatus::Failed;
    view.reason = Some(Reason::new(ReasonKind::Timeout, "facts.ssl"));
    assert_eq!(
        Check::new(&view, Lang::En).status_message,
        "TIMEOUT: no answer in time: facts.ssl"
    );
    assert_eq!(
        Check::new(&view, Lang::Zh).status_message,
        "TIMEOUT: 超时未应答：facts.ssl"
    );
}

#[test]
fn a_check_no_task_has_touched_has_neither_task_nor_time() {
    let view = CheckView {
        task_id: None,
        last_ms: None,
        status: CheckStatus::NotCheck,
        ..check(5)
    };
    let shown = Check::new(&view, Lang::Zh);
    assert_eq!(
        (shown.task_id.as_str(), shown.last_check_time, shown.status),
        ("", 0, "NOT_CHECK")
    );
}
