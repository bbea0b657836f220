//! Kubernetes clusters.

use serde_json::{Value, json};

use crate::estate::{
    Account, DEV, Draft, Estate, PROD, REGIONS, ali_id, denied, private_ip, security_group_id,
    token, vpc_id, vswitch_id, zone,
};

const TYPE: &str = "aliyun/ack/cluster";

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, name, state, audited) in CLUSTERS {
        estate.asset(cluster(account, region, name, state, audited));
    }
}

/// A cluster: region, name, state, audited; none: the audit was denied. No API server has a public address.
type ClusterRow = (
    Account,
    &'static str,
    &'static str,
    &'static str,
    Option<bool>,
);

const CLUSTERS: [ClusterRow; 6] = [
    (PROD, "cn-hangzhou", "shop-prod", "running", Some(true)),
    (PROD, "cn-shanghai", "shop-standby", "running", Some(true)),
    (PROD, "ap-southeast-1", "shop-sg", "running", Some(true)),
    (PROD, "cn-beijing", "shop-batch", "running", None),
    (DEV, "cn-hangzhou", "shop-dev", "running", Some(false)),
    (DEV, "cn-hangzhou", "shop-preview", "initial", Some(false)),
];

fn cluster(
    account: Account,
    region: &str,
    name: &str,
    state: &str,
    audited: Option<bool>,
) -> Draft {
    let id = format!(
        "c{}",
        token(&format!("{} {region} cluster {name}", account.name), 32)
    );
    let draft = Draft::new(account, region, TYPE, &id, name)
        .zone(&zone(region))
        .tag("env", if account == PROD { "prod" } else { "dev" })
        .fact("list", cluster_item(account, region, &id, name, state));
    let Some(audited) = audited else {
        return draft.unknown("audit", denied("Forbidden.CheckUserClusterAuth"));
    };
    let project = if audited {
        format!("k8s-log-{id}")
    } else {
        String::new()
    };
    draft.fact(
        "audit",
        json!({ "audit_enabled": audited, "sls_project_name": project }),
    )
}

fn cluster_item(account: Account, region: &str, id: &str, name: &str, state: &str) -> Value {
    let inner = format!("https://{}:6443", private_ip(&format!("{name} api server")));
    let built = json!({ "api_server_endpoint": "", "intranet_api_server_endpoint": inner });
    let master_url = if state == "initial" {
        String::new()
    } else {
        built.to_string()
    };
    json!({
        "cluster_id": id, "name": name, "region_id": region, "zone_id": zone(region), "state": state,
        "cluster_type": "ManagedKubernetes", "profile": "Default", "cluster_spec": "ack.pro.small",
        "init_version": "1.30.1-aliyun.1", "current_version": "1.31.1-aliyun.1", "next_version": "", "size": 6,
        "master_url": master_url, "network_mode": "vpc", "private_zone": false, "deletion_protection": account == PROD,
        "vpc_id": vpc_id(account, region), "vswitch_ids": [vswitch_id(account, region)],
        "security_group_id": security_group_id(account, region, "kubernetes"),
        "external_loadbalancer_id": ali_id("lb", region, &format!("{name} api server")),
        "container_cidr": "172.20.0.0/16", "service_cidr": "172.21.0.0/20", "proxy_mode": "ipvs",
        "created": "2024-01-20T10:51:29+08:00", "updated": "2024-09-16T11:09:55+08:00", "tags": [],
    })
}
