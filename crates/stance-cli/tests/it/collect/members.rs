//! Several accounts: one that cannot be entered tells so, and the others are read.

use serde_json::{Value, json};

use super::scene::{INSTANCES, Provider, rds, rpc};

const TYPE: &str = "aliyun/rds/instance";

fn organisation() -> Vec<Value> {
    let mut all = rds();
    let members: Vec<Value> = (1..=3)
        .map(|n| json!({"AccountId": format!("100000000000000{n}"), "DisplayName": format!("shop {n}")}))
        .collect();
    let page = [("PageNumber", "1"), ("PageSize", "100")];
    let body = json!({"TotalCount": 3, "Accounts": {"Account": members}});
    all.push(rpc(
        "resourcemanager.aliyuncs.com",
        "ListAccounts",
        &page,
        body,
    ));
    let keys = json!({"AccessKeyId": "REDACTED", "AccessKeySecret": "REDACTED", "SecurityToken": "REDACTED"});
    let role = [
        ("RoleArn", "acs:ram::1000000000000002:role/Reader"),
        ("RoleSessionName", "stance"),
    ];
    all.push(rpc(
        "sts.aliyuncs.com",
        "AssumeRole",
        &role,
        json!({ "Credentials": keys }),
    ));
    all
}

#[test]
fn an_account_that_cannot_be_entered_leaves_the_others() {
    let denied = json!([{"action": "AssumeRole", "from": 2, "fault": "denied"}]);
    let provider = Provider::new(&organisation(), &denied);
    let snapshot = provider.collect(TYPE, &["--members", "Reader"]);
    let of = |account: &str| {
        let covered = snapshot.coverage.iter().filter(|c| c["account"] == account);
        let status = |c: &Value| c["status"].as_str().unwrap().to_owned();
        let mut all: Vec<String> = covered.map(status).collect();
        all.sort();
        all
    };
    assert_eq!(of("1000000000000001"), ["ok", "ok"]);
    assert_eq!(of("1000000000000002"), ["ok", "ok"]);
    assert_eq!(of("1000000000000003"), ["failed", "failed"]);
    assert_eq!(snapshot.assets.len(), INSTANCES * 2);
    let denied = snapshot
        .coverage
        .iter()
        .find(|c| c["status"] == "failed")
        .unwrap();
    assert_eq!(denied["reason"]["kind"], "no_permission");
    // Asked once for the keys, and for nothing with keys that there are not.
    assert_eq!(provider.requests("AssumeRole", ""), 2);
}
