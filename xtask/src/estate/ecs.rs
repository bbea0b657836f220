//! Elastic Compute Service: what was covered, snapshot policies, prefix lists and port lists. The machines, their
//! disks and the security groups have files of their own.

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use super::{
    Account, DEV, Draft, Estate, PROD, REGIONS, ali_id, denied, disks, instance_id, machines,
    reason, security_groups,
};

const TYPES: [&str; 7] = [
    "aliyun/ecs/instance",
    "aliyun/ecs/disk",
    "aliyun/ecs/security_group",
    "aliyun/ecs/network_interface",
    "aliyun/ecs/auto_snapshot_policy",
    "aliyun/ecs/prefix_list",
    "aliyun/ecs/port_range_list",
];

pub(crate) fn add(estate: &mut Estate) {
    coverage(estate);
    machines::add(estate);
    disks::add(estate);
    snapshot_policies(estate);
    security_groups::add(estate);
    prefix_lists(estate);
    port_lists(estate);
    backup_plans(estate);
}

/// The development account could not be read in Singapore; in Shanghai a listing turned in circles.
fn coverage(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &TYPES);
    }
    for asset_type in TYPES {
        let down = reason(ReasonKind::Unavailable, "ServiceUnavailable");
        estate.cover(
            DEV,
            "ap-southeast-1",
            asset_type,
            CoverageStatus::Failed,
            Some(down),
        );
    }
    let circle = reason(ReasonKind::BadResponse, "PageTokenRepeats");
    estate.cover(
        PROD,
        "cn-shanghai",
        "aliyun/ecs/security_group",
        CoverageStatus::Partial,
        Some(circle),
    );
}

/// The id of the snapshot policy called `name`.
pub(super) fn policy_id(account: Account, region: &str, name: &str) -> String {
    ali_id("sp", region, &format!("{} {name}", account.name))
}

fn snapshot_policies(estate: &mut Estate) {
    for region in REGIONS {
        policy(estate, PROD, region, "daily", "Normal");
    }
    policy(estate, PROD, "cn-hangzhou", "before-2024", "Expire");
    policy(estate, DEV, "cn-hangzhou", "weekly", "Normal");
}

fn policy(estate: &mut Estate, account: Account, region: &str, name: &str, status: &str) {
    let id = policy_id(account, region, name);
    let weekdays = if name == "weekly" {
        r#"["7"]"#
    } else {
        r#"["1","2","3","4","5","6","7"]"#
    };
    let list = json!({
        "AutoSnapshotPolicyId": id, "AutoSnapshotPolicyName": name, "RegionId": region, "Status": status,
        "TimePoints": r#"["2"]"#, "RepeatWeekdays": weekdays, "RetentionDays": 30, "DiskNums": 12, "VolumeNums": 0,
        "EnableCrossRegionCopy": false, "CopiedSnapshotsRetentionDays": 0, "Type": "Custom",
        "CreationTime": "2023-03-01T02:00Z", "CopyEncryptionConfiguration": {"Encrypted": false, "KMSKeyId": ""},
        "ResourceGroupId": "", "Tags": {"Tag": []},
    });
    let asset = Draft::new(
        account,
        region,
        "aliyun/ecs/auto_snapshot_policy",
        &id,
        name,
    );
    estate.asset(asset.fact("list", list));
}

/// The id of the prefix list called `name`.
pub(super) fn prefix_list_id(account: Account, region: &str, name: &str) -> String {
    ali_id("pl", region, &format!("{} {name}", account.name))
}

fn prefix_lists(estate: &mut Estate) {
    prefix_list(
        estate,
        PROD,
        "cn-hangzhou",
        "offices",
        "IPv4",
        &["203.0.113.0/25", "203.0.113.192/26"],
    );
    prefix_list(
        estate,
        PROD,
        "cn-beijing",
        "offices",
        "IPv4",
        &["203.0.113.0/25", "203.0.113.192/26"],
    );
    prefix_list(
        estate,
        PROD,
        "ap-southeast-1",
        "offices-v6",
        "IPv6",
        &["2001:db8:ca5e::/48"],
    );
    prefix_list(
        estate,
        DEV,
        "cn-shanghai",
        "everywhere",
        "IPv4",
        &["0.0.0.0/1", "128.0.0.0/1"],
    );
    unreadable_prefix_list(estate);
}

fn prefix_list(
    estate: &mut Estate,
    account: Account,
    region: &str,
    name: &str,
    family: &str,
    cidrs: &[&str],
) {
    let id = prefix_list_id(account, region, name);
    let entries: Vec<Value> = cidrs
        .iter()
        .map(|cidr| json!({"Cidr": cidr, "Description": name}))
        .collect();
    let attribute = json!({
        "PrefixListId": id, "PrefixListName": name, "AddressFamily": family, "MaxEntries": 20,
        "CreationTime": "2023-05-11T08:20:00Z", "Description": "", "Entries": {"Entry": entries},
    });
    let asset = Draft::new(account, region, "aliyun/ecs/prefix_list", &id, name);
    estate.asset(
        asset
            .fact("list", prefix_list_item(&id, name, family))
            .fact("attribute", attribute),
    );
}

/// The list of a partner, whose entries the collecting identity may not see.
fn unreadable_prefix_list(estate: &mut Estate) {
    let id = prefix_list_id(PROD, "cn-beijing", "partners");
    let asset = Draft::new(
        PROD,
        "cn-beijing",
        "aliyun/ecs/prefix_list",
        &id,
        "partners",
    );
    let asset = asset.fact("list", prefix_list_item(&id, "partners", "IPv4"));
    estate.asset(asset.unknown("attribute", denied("Forbidden.RAM")));
}

fn prefix_list_item(id: &str, name: &str, family: &str) -> Value {
    json!({
        "PrefixListId": id, "PrefixListName": name, "AddressFamily": family, "MaxEntries": 20, "AssociationCount": 1,
        "CreationTime": "2023-05-11T08:20:00Z", "Description": "", "ResourceGroupId": "", "Tags": {"Tag": []},
    })
}

/// The id of the port list called `name`.
pub(super) fn port_list_id(account: Account, region: &str, name: &str) -> String {
    ali_id("prl", region, &format!("{} {name}", account.name))
}

fn port_lists(estate: &mut Estate) {
    port_list(estate, PROD, "cn-hangzhou", "web", &["80/80", "443/443"]);
    port_list(estate, DEV, "cn-hangzhou", "admin", &["22/22", "8080/8090"]);
}

fn port_list(estate: &mut Estate, account: Account, region: &str, name: &str, ranges: &[&str]) {
    let id = port_list_id(account, region, name);
    let list = json!({
        "PortRangeListId": id, "PortRangeListName": name, "MaxEntries": 20, "AssociationCount": 1,
        "CreationTime": "2024-01-15T03:00:00Z", "Description": "", "ResourceGroupId": "", "Tags": [],
    });
    let entries: Vec<Value> = ranges
        .iter()
        .map(|range| json!({"PortRange": range, "Description": name}))
        .collect();
    let asset = Draft::new(account, region, "aliyun/ecs/port_range_list", &id, name);
    estate.asset(
        asset
            .fact("list", list)
            .fact("attribute", json!({"Entries": entries})),
    );
}

/// Cloud Backup protects the reporting machine as a whole.
fn backup_plans(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &["aliyun/hbr/backup_plan"]);
    }
    let instance = instance_id(PROD, "cn-beijing", "shop-report-01");
    let id = ali_id("plan", "cn-beijing", "report");
    let list = json!({
        "PlanId": id, "PlanName": "report-nightly", "SourceType": "UDM_ECS", "InstanceId": instance,
        "InstanceName": "shop-report-01", "VaultId": "", "Schedule": "I|1690000000|P1D", "Retention": 30,
        "Disabled": false, "BackupType": "COMPLETE", "CreatedTime": 1_690_000_000, "UpdatedTime": 1_690_000_000,
    });
    let asset = Draft::new(
        PROD,
        "cn-beijing",
        "aliyun/hbr/backup_plan",
        &id,
        "report-nightly",
    );
    estate.asset(asset.fact("list", list));
}
