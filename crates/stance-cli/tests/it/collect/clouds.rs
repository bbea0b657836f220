//! Other clouds tell of the same faults in their own ways.

use serde_json::{Value, json};

use super::scene::Provider;

/// An exchange whose request names its action in a header.
fn tencent(host: &str, action: &str, answer: &Value) -> Value {
    let headers = [
        ["x-tc-action", action],
        ["x-tc-region", "ap-guangzhou"],
        ["content-type", "application/json"],
    ];
    json!({"request": {"method": "POST", "host": host, "headers": headers, "body": "{}"},
        "answer": {"status": 200, "body": {"Response": answer}}})
}

fn redis() -> Vec<Value> {
    let host = "redis.ap-guangzhou.tencentcloudapi.com";
    let items: Vec<Value> = (0..3)
        .map(|n| json!({"InstanceId": format!("crs-{n}"), "NoAuth": false, "Status": 2}))
        .collect();
    vec![
        tencent(
            "sts.ap-guangzhou.tencentcloudapi.com",
            "GetCallerIdentity",
            &json!({"AccountId": "300000000004"}),
        ),
        tencent(
            "cvm.tencentcloudapi.com",
            "DescribeRegions",
            &json!({"RegionSet": [{"Region": "ap-guangzhou", "RegionState": "AVAILABLE"}]}),
        ),
        tencent(
            host,
            "DescribeInstances",
            &json!({"InstanceSet": items, "TotalCount": 3}),
        ),
        tencent(
            host,
            "DescribeAutoBackupConfig",
            &json!({"WeekDays": ["Monday"], "BackupStorageDays": 7}),
        ),
    ]
}

#[test]
fn tencent_tells_of_its_failures_in_answers_that_went_well() {
    let fine = Provider::new(&redis(), &json!([]));
    let snapshot = fine.collect("tencent/redis/instance", &[]);
    assert_eq!(snapshot.assets.len(), 3, "{}", snapshot.text);
    for (fault, kind, code, asked) in [
        ("throttle", "throttled", "RequestLimitExceeded", 4),
        ("denied", "no_permission", "UnauthorizedOperation", 1),
        (
            "invalid",
            "credential_invalid",
            "AuthFailure.SignatureFailure",
            1,
        ),
    ] {
        let faults = json!([{"action": "DescribeInstances", "fault": fault}]);
        let provider = Provider::new(&redis(), &faults);
        let snapshot = provider.collect("tencent/redis/instance", &[]);
        let wanted = ("failed".to_owned(), kind.to_owned(), code.to_owned());
        assert_eq!(snapshot.covered("ap-guangzhou"), wanted);
        assert_eq!(provider.requests("DescribeInstances", ""), asked);
    }
}

fn huawei(host: &str, path: &str, query: &[(&str, &str)], answer: &Value) -> Value {
    json!({"request": {"method": "GET", "host": host, "path": path, "query": query},
        "answer": {"status": 200, "body": answer}})
}

fn dcs() -> Vec<Value> {
    let host = "dcs.cn-north-4.myhuaweicloud.com";
    let items: Vec<Value> = (0..3)
        .map(|n| json!({"instance_id": format!("dcs-{n}"), "engine": "Redis", "no_password_access": "false"}))
        .collect();
    vec![
        huawei(
            "iam.myhuaweicloud.com",
            "/v3/auth/domains",
            &[],
            &json!({"domains": [{"id": "0a", "name": "shop"}]}),
        ),
        huawei(
            "iam.myhuaweicloud.com",
            "/v3/projects",
            &[("enabled", "true")],
            &json!({"projects": [{"id": "p1", "name": "cn-north-4"}]}),
        ),
        huawei(
            host,
            "/v2/p1/instances",
            &[("offset", "0"), ("limit", "100")],
            &json!({"instances": items, "instance_num": 3}),
        ),
    ]
}

#[test]
fn huawei_is_asked_again_when_its_gateway_throttles() {
    let fine = Provider::new(&dcs(), &json!([]));
    let snapshot = fine.collect("huawei/dcs/instance", &[]);
    assert_eq!(snapshot.assets.len(), 3, "{}", snapshot.text);
    let faults = json!([{"action": "/v2/p1/instances", "fault": "throttle"}]);
    let provider = Provider::new(&dcs(), &faults);
    let snapshot = provider.collect("huawei/dcs/instance", &[]);
    let wanted = ("failed", "throttled", "APIGW.0308");
    let (status, kind, code) = snapshot.covered("cn-north-4");
    assert_eq!((&*status, &*kind, &*code), wanted);
    assert_eq!(provider.requests("/v2/p1/instances", ""), 4);
}
