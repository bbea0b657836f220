//! Registries of services: Nacos, ZooKeeper and Eureka.

use serde_json::json;

use crate::estate::{
    Account, DEV, Draft, Estate, PROD, REGIONS, denied, number, private_ip, token, vpc_id,
    vswitch_id,
};

const TYPE: &str = "aliyun/mse/cluster";

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, name, kind, allowed) in REGISTRIES {
        estate.asset(registry(account, region, name, kind, allowed));
    }
}

/// The registries: region, name, kind, allow list of the public endpoint (none: no such endpoint).
const REGISTRIES: [(Account, &str, &str, &str, Option<&str>); 6] = [
    (PROD, "cn-hangzhou", "shop-nacos", "Nacos-Ans", None),
    (PROD, "cn-shanghai", "shop-nacos-standby", "Nacos-Ans", None),
    (
        PROD,
        "ap-southeast-1",
        "shop-nacos-sg",
        "Nacos-Ans",
        Some(r#"["203.0.113.0/24"]"#),
    ),
    (
        PROD,
        "cn-hangzhou",
        "shop-zookeeper",
        "ZooKeeper",
        Some("?"),
    ),
    (DEV, "cn-hangzhou", "dev-nacos", "Nacos-Ans", Some("[]")),
    (
        DEV,
        "cn-hangzhou",
        "dev-eureka",
        "Eureka",
        Some(r#"["0.0.0.0/1","128.0.0.0/1"]"#),
    ),
];

/// `allowed` is the allow list of the public endpoint; `?` when it was denied.
fn registry(
    account: Account,
    region: &str,
    name: &str,
    kind: &str,
    allowed: Option<&str>,
) -> Draft {
    let id = format!("mse-cn-{}", token(&format!("{} {name}", account.name), 11));
    let public = allowed.map_or_else(String::new, |_| format!("{id}-p.mse.example"));
    let address = allowed.map_or_else(String::new, |_| {
        format!("198.51.100.{}", number(name) % 250 + 2)
    });
    let draft = Draft::new(account, region, TYPE, &id, name).fact("list", json!({
        "InstanceId": id, "ClusterName": id, "ClusterAliasName": name, "ClusterType": kind, "AppVersion": "2.3.2.1",
        "MseVersion": "mse_pro", "InitStatus": "INIT_SUCCESS", "InstanceCount": 3, "InternetDomain": public,
        "InternetAddress": address, "IntranetDomain": format!("{id}.mse.example"),
        "IntranetAddress": private_ip(name), "VpcId": vpc_id(account, region), "ChargeType": "POSTPAY",
        "CreateTime": "2023-07-31 11:36:08", "Tags": {},
    }));
    if allowed == Some("?") {
        return draft.unknown("detail", denied("NoPermission"));
    }
    draft.fact("detail", json!({ "Data": {
        "InstanceId": id, "ClusterAliasName": name, "ClusterType": kind, "NetType": "privatenet", "RegionId": region,
        "PubNetworkFlow": if allowed.is_some() { "3" } else { "0" }, "InternetDomain": public, "InternetPort": "8848",
        "AclEntryList": allowed.unwrap_or("[]"), "HealthStatus": "INIT_SUCCESS", "ConnectionType": "slb",
        "Cpu": 2, "MemoryCapacity": 4, "VpcId": vpc_id(account, region), "VSwitchId": vswitch_id(account, region),
    } }))
}
