//! What the later calls of the Alibaba Cloud catalogue say of assets that other files made: the same kind of answer for
//! each asset of a type, good and bad in turn.

use serde_json::{Value, json};

use super::{Account, DEV, Draft, Estate, GLOBAL, PROD, REGIONS};

/// Adds the answers and the types that only they speak of.
pub(crate) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.asset(security_center(account));
        estate.asset(vulnerability(account));
        estate.asset(role(account));
        estate.asset(alert(account));
        estate.asset(logstore(account));
        let global = [
            "aliyun/sas/account",
            "aliyun/sas/vulnerability",
            "aliyun/ram/role",
        ];
        estate.covers(account, &[GLOBAL], &global);
        let regional = [
            "aliyun/sls/alert",
            "aliyun/sls/logstore",
            "aliyun/vpc/flow_log",
        ];
        estate.covers(account, &REGIONS, &regional);
    }
    estate.enrich(answers);
}

/// What more is known of an asset. `turn` counts the assets of its type.
fn answers(asset_type: &str, id: &str, turn: usize) -> Vec<(&'static str, Value)> {
    let bad = turn.is_multiple_of(2);
    match asset_type {
        "aliyun/ram/alias" => vec![
            ("credential_report_request", json!({"State": "COMPLETE"})),
            (
                "credential_report",
                json!({"GeneratedTime": "2026-11-01T06:00:00Z", "Content": REPORT}),
            ),
        ],
        "aliyun/ram/user" => user(bad),
        "aliyun/ram/group" => vec![
            ("policies", json!({"Policies": {"Policy": []}})),
            ("policy_documents", json!({})),
        ],
        "aliyun/ram/policy" if id == "AdministratorAccess" => vec![(
            "entities",
            json!({"Users": {"User": [{"UserName": "wang.lei"}]}, "Groups": {"Group": []}, "Roles": {"Role": []}}),
        )],
        "aliyun/rds/instance" => vec![
            (
                "sql_retention",
                json!({"ConfigValue": if bad { "30" } else { "180" }}),
            ),
            ("parameters", parameters(if bad { "off" } else { "on" })),
        ],
        "aliyun/redis/instance" => vec![("tde", json!({"TDEStatus": switch(bad)}))],
        "aliyun/mongodb/instance" => mongodb(bad),
        "aliyun/polardb/cluster" => vec![
            ("tde", json!({"TDEStatus": switch(bad)})),
            (
                "endpoints",
                json!({"Items": [{"DBEndpointId": "pe-1", "EndpointType": "Cluster",
                "AddressItems": [{"NetType": if bad { "Public" } else { "Private" }, "Port": "3306"}]}]}),
            ),
        ],
        "aliyun/ack/cluster" => cluster(bad),
        "aliyun/acr/repository" => vec![(
            "internet_endpoint",
            json!({"Enable": bad, "AclEnable": false}),
        )],
        "aliyun/cdn/domain" => vec![(
            "https_force",
            json!({"DomainConfigs": {"DomainConfig": []}}),
        )],
        "aliyun/mse/cluster" => vec![(
            "config",
            json!({"ConfigAuthEnabled": !bad, "NamingAuthEnabled": !bad, "OpenSuperAcl": !bad}),
        )],
        "aliyun/sddp/account" => vec![(
            "sensitive_buckets",
            json!({"TotalCount": 1, "Items": [{"Name": "shop-prod-media", "RiskLevelId": 4, "Acl": "public-read"}]}),
        )],
        "aliyun/rdc/repository" => vec![
            (
                "repository",
                json!({"repository": {"defaultBranch": "master"}}),
            ),
            ("protected_branches", json!({"result": []})),
        ],
        "aliyun/ddos/instance" => vec![("access_log", json!({"SlsConfigStatus": []}))],
        "aliyun/waf/domain" => vec![(
            "log_status",
            json!({"Result": [{"Resource": format!("{id}-waf"), "Status": !bad}]}),
        )],
        _ => Vec::new(),
    }
}

/// A credential report whose root user has signed in lately.
const REPORT: &str = "dXNlcix1c2VyX2NyZWF0aW9uX3RpbWUsdXNlcl9sYXN0X2xvZ29uLHBhc3N3b3JkX2V4aXN0LHBhc3N3b3JkX2FjdGl2ZSxwYXNzd29yZF9sYXN0X2NoYW5nZWQscGFzc3dvcmRfbmV4dF9yb3RhdGlvbixtZmFfYWN0aXZlLGFjY2Vzc19rZXlfMV9leGlzdCxhY2Nlc3Nfa2V5XzFfYWN0aXZlLGFjY2Vzc19rZXlfMV9sYXN0X3JvdGF0ZWQsYWNjZXNzX2tleV8xX2xhc3RfdXNlZCxhY2Nlc3Nfa2V5XzJfZXhpc3QsYWNjZXNzX2tleV8yX2FjdGl2ZSxhY2Nlc3Nfa2V5XzJfbGFzdF9yb3RhdGVkLGFjY2Vzc19rZXlfMl9sYXN0X3VzZWQKPHJvb3Q+LDIwMTgtMDEtMDFUMDA6MDA6MDBaLDIwOTktMDEtMDFUMDA6MDA6MDBaLHRydWUsdHJ1ZSwtLC0sdHJ1ZSxmYWxzZSwtLC0sLSxmYWxzZSwtLC0sLQo=";

fn switch(bad: bool) -> &'static str {
    if bad { "Disabled" } else { "Enabled" }
}

fn user(bad: bool) -> Vec<(&'static str, Value)> {
    if !bad {
        return vec![
            ("policies", json!({"Policies": {"Policy": []}})),
            ("policy_documents", json!({})),
            ("groups", json!({"Groups": {"Group": []}})),
        ];
    }
    let document =
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*"}]}"#;
    vec![
        (
            "policies",
            json!({"Policies": {"Policy": [{"PolicyName": "AliyunRAMFullAccess", "PolicyType": "System"}]}}),
        ),
        (
            "policy_documents",
            json!({"AliyunRAMFullAccess": {"DefaultPolicyVersion": {"VersionId": "v1", "PolicyDocument": document}}}),
        ),
        ("groups", json!({"Groups": {"Group": []}})),
    ]
}

fn parameters(value: &str) -> Value {
    let named = |name: &str| json!({"ParameterName": name, "ParameterValue": value});
    let all = ["log_connections", "log_disconnections", "log_duration"].map(named);
    json!({"RunningParameters": {"DBInstanceParameter": all}})
}

fn mongodb(bad: bool) -> Vec<(&'static str, Value)> {
    let network = if bad { "Public" } else { "VPC" };
    let addresses = json!({"ReplicaSets": {"ReplicaSet": [{"NetworkType": network, "ReplicaSetRole": "Primary"}]}});
    vec![
        ("replica_addresses", addresses),
        ("sharding_addresses", Value::Null),
        (
            "tde",
            json!({"TDEStatus": if bad { "disabled" } else { "enabled" }}),
        ),
    ]
}

fn cluster(bad: bool) -> Vec<(&'static str, Value)> {
    let network = if bad {
        "kube-flannel-ds"
    } else {
        "terway-eniip"
    };
    let extra = if bad {
        "kubernetes-dashboard"
    } else {
        "coredns"
    };
    vec![
        (
            "node_pools",
            json!({"nodepools": [{"nodepool_info": {"nodepool_id": "np1", "name": "web"},
            "kubernetes_config": {"cms_enabled": !bad}}]}),
        ),
        ("checks", json!({"checks": []})),
        (
            "addons",
            json!({"addons": [{"name": network, "state": "active"}, {"name": extra, "state": "active"}]}),
        ),
        (
            "addon_configs",
            json!({network: {"config": r#"{"NetworkPolicy":"true"}"#}, extra: {"config": "{}"}}),
        ),
        (
            "version",
            json!({"version": "1.22.15-aliyun.1", "expiration_date": "2023-09-30T00:00:00+08:00"}),
        ),
    ]
}

fn security_center(account: Account) -> Draft {
    Draft::new(
        account,
        GLOBAL,
        "aliyun/sas/account",
        account.id,
        account.id,
    )
    .fact(
        "version_config",
        json!({"Version": 6, "HighestVersion": 6, "IsTrialVersion": 0, "IsPostpay": false}),
    )
    .fact(
        "notice",
        json!({"NoticeConfigList": [{"Project": "sas_suspicious", "Route": 0, "TimeLimit": 0}]}),
    )
    .fact(
        "vul_config",
        json!({"TargetConfigs": [{"Type": "cve", "Config": "off", "OverAllConfig": "off"}]}),
    )
}

fn vulnerability(account: Account) -> Draft {
    let name = "oval:com.redhat.rhsa:def:20240001";
    let facts = json!({"Name": name, "Uuid": "u-1", "InstanceId": "i-gone", "Type": "cve",
        "Necessity": "asap", "Status": 1, "FirstTs": 1_704_067_200_000_i64});
    Draft::new(
        account,
        GLOBAL,
        "aliyun/sas/vulnerability",
        &format!("u-1/{name}"),
        name,
    )
    .fact("list", facts)
}

fn role(account: Account) -> Draft {
    let trust = r#"{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":["acs:ram::2000000000000009:root"]}}],"Version":"1"}"#;
    let arn = format!("acs:ram::{}:role/partner-audit", account.id);
    Draft::new(
        account,
        GLOBAL,
        "aliyun/ram/role",
        "390000000000000001",
        "partner-audit",
    )
    .fact(
        "list",
        json!({"RoleId": "390000000000000001", "RoleName": "partner-audit", "Arn": arn}),
    )
    .fact(
        "role",
        json!({"Role": {"AssumeRolePolicyDocument": trust, "CreateDate": "2021-03-01T00:00:00Z"}}),
    )
}

fn alert(account: Account) -> Draft {
    let list = json!({"name": "alert-nginx-5xx", "displayName": "nginx 5xx", "status": "ENABLED",
        "configuration": {"queryList": [{"store": "nginx", "query": "status >= 500 | select count(1) as cnt"}]}});
    Draft::new(
        account,
        "cn-hangzhou",
        "aliyun/sls/alert",
        "shop-web/alert-nginx-5xx",
        "nginx 5xx",
    )
    .fact("list", list)
}

fn logstore(account: Account) -> Draft {
    Draft::new(
        account,
        "cn-hangzhou",
        "aliyun/sls/logstore",
        "shop-web/nginx",
        "shop-web/nginx",
    )
    .fact("list", json!("nginx"))
    .fact("logstore", json!({"logstoreName": "nginx", "ttl": 30}))
}
