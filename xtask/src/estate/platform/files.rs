//! Shared file systems and the permission groups of their mount targets.

use serde_json::{Value, json};

use crate::estate::{
    Account, DEV, Draft, Estate, PROD, REGIONS, denied, token, vpc_id, vswitch_id, zone,
};

pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        estate.covers(
            account,
            &REGIONS,
            &["aliyun/nas/file_system", "aliyun/nas/access_group"],
        );
    }
    for (account, region, kind, name, sources) in ACCESS_GROUPS {
        estate.asset(access_group(account, region, kind, name, sources));
    }
    for (account, region, kind, name, encryption, group) in FILE_SYSTEMS {
        estate.asset(file_system(account, region, kind, name, encryption, group));
    }
}

/// A permission group: region, file system type, name, sources of its rules; none: the rules were denied.
type GroupRow = (
    Account,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static [&'static str]>,
);

const ACCESS_GROUPS: [GroupRow; 7] = [
    (
        PROD,
        "cn-hangzhou",
        "standard",
        "shop-web",
        Some(&["10.0.1.0/24", "10.0.2.0/24"]),
    ),
    (
        PROD,
        "cn-hangzhou",
        "extreme",
        "shop-search",
        Some(&["10.0.8.0/24"]),
    ),
    (
        PROD,
        "cn-hangzhou",
        "standard",
        "DEFAULT_VPC_GROUP_NAME",
        Some(&["0.0.0.0/0"]),
    ),
    (
        PROD,
        "cn-shanghai",
        "standard",
        "shop-web",
        Some(&["10.1.1.0/24"]),
    ),
    (PROD, "cn-beijing", "standard", "shop-batch", None),
    (
        DEV,
        "cn-hangzhou",
        "standard",
        "DEFAULT_VPC_GROUP_NAME",
        Some(&["0.0.0.0/0"]),
    ),
    (
        DEV,
        "cn-hangzhou",
        "extreme",
        "dev-data",
        Some(&["10.2.0.0/16", "::/0"]),
    ),
];

/// A file system: region, type, name, encryption, permission group of the mount target (none: no mount target).
type FileSystemRow = (
    Account,
    &'static str,
    &'static str,
    &'static str,
    u32,
    Option<&'static str>,
);

const FILE_SYSTEMS: [FileSystemRow; 9] = [
    (
        PROD,
        "cn-hangzhou",
        "standard",
        "web-uploads",
        1,
        Some("shop-web"),
    ),
    (
        PROD,
        "cn-hangzhou",
        "extreme",
        "search-index",
        2,
        Some("shop-search"),
    ),
    (
        PROD,
        "cn-hangzhou",
        "standard",
        "invoices",
        2,
        Some("shop-web"),
    ),
    (
        PROD,
        "cn-hangzhou",
        "standard",
        "exports",
        1,
        Some("DEFAULT_VPC_GROUP_NAME"),
    ),
    (
        PROD,
        "cn-shanghai",
        "standard",
        "web-uploads",
        1,
        Some("shop-web"),
    ),
    (
        PROD,
        "cn-beijing",
        "standard",
        "batch-scratch",
        1,
        Some("shop-batch"),
    ),
    (PROD, "cn-beijing", "cpfs", "model-training", 0, None),
    (
        DEV,
        "cn-hangzhou",
        "standard",
        "dev-home",
        1,
        Some("DEFAULT_VPC_GROUP_NAME"),
    ),
    (
        DEV,
        "cn-hangzhou",
        "extreme",
        "dev-data",
        1,
        Some("dev-data"),
    ),
];

fn access_group(
    account: Account,
    region: &str,
    kind: &str,
    name: &str,
    sources: Option<&[&str]>,
) -> Draft {
    let id = format!("{kind}/{name}");
    let draft = Draft::new(account, region, "aliyun/nas/access_group", &id, name).fact("list", json!({
        "AccessGroupName": name, "AccessGroupType": "Vpc", "FileSystemType": kind, "Description": "",
        "RuleCount": sources.map_or(1, <[&str]>::len), "MountTargetCount": 1, "CreateTime": "2023-05-01T08:00:00Z",
    }));
    let Some(sources) = sources else {
        return draft.unknown("rules", denied("Forbidden.RAM"));
    };
    let rules: Vec<Value> = sources
        .iter()
        .map(|source| access_rule(name, kind, source))
        .collect();
    draft.fact(
        "rules",
        json!({ "AccessRules": { "AccessRule": rules }, "TotalCount": rules.len() }),
    )
}

fn access_rule(group: &str, kind: &str, source: &str) -> Value {
    let (v4, v6) = if source.contains(':') {
        ("", source)
    } else {
        (source, "")
    };
    json!({
        "AccessRuleId": token(&format!("{group} {source}"), 8), "SourceCidrIp": v4, "Ipv6SourceCidrIp": v6,
        "RWAccess": "RDWR", "UserAccess": "no_squash", "Priority": 1, "AccessGroupName": group, "FileSystemType": kind,
    })
}

fn file_system(
    account: Account,
    region: &str,
    kind: &str,
    name: &str,
    encryption: u32,
    group: Option<&str>,
) -> Draft {
    let id = token(&format!("{} {region} {name}", account.name), 10);
    let id = if kind == "cpfs" {
        format!("cpfs-{id}")
    } else {
        id
    };
    let mount_targets: Vec<Value> = group
        .into_iter()
        .map(|group| mount_target(account, region, &id, group))
        .collect();
    let key = if encryption == 2 {
        token(&id, 32)
    } else {
        String::new()
    };
    Draft::new(account, region, "aliyun/nas/file_system", &id, name).zone(&zone(region)).fact("list", json!({
        "FileSystemId": id, "Description": name, "FileSystemType": kind, "ProtocolType": "NFS", "Status": "Running",
        "StorageType": "Performance", "EncryptType": encryption, "KMSKeyId": key, "RegionId": region,
        "ZoneId": zone(region), "Capacity": 1_024, "MeteredSize": 16_116_613_120_u64, "ChargeType": "PayAsYouGo",
        "MountTargets": { "MountTarget": mount_targets }, "CreateTime": "2023-05-01T08:10:00Z", "Tags": { "Tag": [] },
    }))
}

fn mount_target(account: Account, region: &str, file_system: &str, group: &str) -> Value {
    json!({
        "AccessGroupName": group, "MountTargetDomain": format!("{file_system}-mt1.{region}.nas.example"),
        "NetworkType": "vpc", "Status": "active", "VpcId": vpc_id(account, region),
        "VswId": vswitch_id(account, region), "DualStackMountTargetDomain": "",
    })
}
