//! MongoDB instances.

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use super::{EVERY_DAY, Site, created, global_group};
use crate::estate::{
    Account, DEV, Draft, Estate, PROD, REGIONS, network, reason, vpc_id, vswitch_id, zone,
};

const TYPE: &str = "aliyun/mongodb/instance";

/// What sets an instance apart from a healthy one: a replica set that only the application subnet reaches, encrypted,
/// audited and backed up daily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// A sharded cluster on local disks, which has no SSL.
    Sharded,
    /// The default group's entries; the empty text admits everybody.
    Whitelist(&'static str),
    /// A global whitelist template with these entries.
    Global(&'static str),
    AuditOff,
    /// Backed up on these days.
    Days(&'static str),
    /// Backups are kept for so many days.
    Keeps(&'static str),
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{AuditOff, Days, Denied, Global, Keeps, Sharded, Whitelist};

/// Name, version, quirks.
type Row = (&'static str, &'static str, &'static [Quirk]);
/// Account, region, instances there.
type Group = (Account, &'static str, &'static [Row]);

const GROUPS: [Group; 6] = [
    (
        PROD,
        "cn-hangzhou",
        &[
            ("sessions", "6.0", &[]),
            ("product-reviews", "5.0", &[]),
            ("recommendations", "4.2", &[Sharded]),
            ("push-tokens", "4.4", &[Whitelist("0.0.0.0/0"), AuditOff]),
        ],
    ),
    (
        PROD,
        "cn-shanghai",
        &[
            ("delivery-tracks", "5.0", &[]),
            ("chat-history", "5.0", &[]),
            ("partner-feed", "4.4", &[Global("192.0.2.0/24,::/0")]),
        ],
    ),
    (
        PROD,
        "cn-beijing",
        &[
            ("clickstream", "6.0", &[Sharded, AuditOff]),
            ("fraud-signals", "6.0", &[]),
            (
                "device-profiles",
                "5.0",
                &[Denied("global_groups"), Denied("audit_policy")],
            ),
        ],
    ),
    (
        DEV,
        "cn-hangzhou",
        &[
            ("dev-sessions", "5.0", &[Whitelist(""), Days("Wednesday")]),
            ("dev-reviews", "5.0", &[Keeps("7")]),
        ],
    ),
    (
        DEV,
        "cn-shanghai",
        &[("staging-sessions", "6.0", &[Global("10.0.0.0/8")])],
    ),
    (
        DEV,
        "cn-beijing",
        &[(
            "loadtest",
            "4.4",
            &[AuditOff, Days("Sunday"), Denied("security_ips")],
        )],
    ),
];

/// Adds the instances. The product is not offered in ap-southeast-1.
pub(super) fn add(estate: &mut Estate) {
    for account in [PROD, DEV] {
        let none = reason(ReasonKind::NotOffered, "InvalidRegionId.NotFound");
        estate.cover(
            account,
            "ap-southeast-1",
            TYPE,
            CoverageStatus::NotOffered,
            Some(none),
        );
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, rows) in GROUPS {
        for (name, version, quirks) in rows {
            let site = Site::new("dds", account, region, name, quirks);
            estate.asset(Instance { site, version }.draft());
        }
    }
}

/// An instance of the table.
struct Instance {
    site: Site<Quirk>,
    version: &'static str,
}

impl Instance {
    fn draft(&self) -> Draft {
        let refused = self.site.all(|quirk| {
            if let Denied(call) = quirk {
                Some(call)
            } else {
                None
            }
        });
        let answers = vec![
            ("list", self.list()),
            ("security_ips", self.security_ips()),
            ("global_groups", self.global_groups()),
            ("backup_policy", self.backup_policy()),
            (
                "audit_policy",
                json!({"LogAuditStatus": self.site.unless(AuditOff, "Enable", "Disabled")}),
            ),
            ("ssl", self.ssl()),
        ];
        self.site.draft(TYPE, answers, &refused)
    }

    fn list(&self) -> Value {
        json!({
            "DBInstanceId": self.site.id,
            "DBInstanceDescription": self.site.name,
            "DBInstanceType": self.site.unless(Sharded, "replicate", "sharding"),
            "DBInstanceStatus": "Running",
            "DBInstanceClass": "dds.mongo.mid",
            "DBInstanceStorage": 20,
            "Engine": "MongoDB",
            "EngineVersion": self.version,
            "StorageType": self.site.unless(Sharded, "cloud_essd1", "local_ssd"),
            "ReplicationFactor": "3",
            "KindCode": "18",
            "ChargeType": "PrePaid",
            "CreationTime": created(&self.site.id),
            "ExpireTime": "2099-11-25T16:00Z",
            "NetworkType": "VPC",
            "VpcAuthMode": "Open",
            "VPCId": vpc_id(self.site.account, self.site.region),
            "VSwitchId": vswitch_id(self.site.account, self.site.region),
            "RegionId": self.site.region,
            "ZoneId": zone(self.site.region),
            "LockMode": "Unlock",
            "ResourceGroupId": "rg-acfmyiu4ekpshop",
        })
    }

    fn security_ips(&self) -> Value {
        let subnet = network(self.site.account, self.site.region);
        let default = self.site.find(|quirk| {
            if let Whitelist(entries) = quirk {
                Some(entries)
            } else {
                None
            }
        });
        let default = default.unwrap_or(&subnet);
        let group = |name: &str, entries: &str, attribute: &str| json!({"SecurityIpGroupName": name, "SecurityIpList": entries, "SecurityIpGroupAttribute": attribute});
        let groups = [
            group("default", default, ""),
            group("hdm_security_ips", "100.104.205.0/24", "hidden"),
        ];
        json!({"SecurityIps": default, "SecurityIpGroups": {"SecurityIpGroup": groups}})
    }

    fn global_groups(&self) -> Value {
        let groups = self.site.all(|quirk| {
            if let Global(entries) = quirk {
                Some(entries)
            } else {
                None
            }
        });
        let groups: Vec<Value> = groups
            .into_iter()
            .map(|entries| global_group(self.site.region, "shop_partners", entries))
            .collect();
        json!({"DBClusterId": self.site.id, "GlobalSecurityIPGroupRel": groups})
    }

    fn backup_policy(&self) -> Value {
        let days = self.site.find(|quirk| {
            if let Days(days) = quirk {
                Some(days)
            } else {
                None
            }
        });
        let keeps = self.site.find(|quirk| {
            if let Keeps(days) = quirk {
                Some(days)
            } else {
                None
            }
        });
        json!({
            "PreferredBackupPeriod": days.unwrap_or(EVERY_DAY),
            "PreferredBackupTime": "18:00Z-19:00Z",
            "PreferredNextBackupTime": "2026-11-01T18:20Z",
            "BackupRetentionPeriod": keeps.unwrap_or("30"),
            "EnableBackupLog": 1,
            "LogBackupRetentionPeriod": 7,
            "SnapshotBackupType": "Standard",
            "BackupInterval": -1,
            "BackupRetentionPolicyOnClusterDeletion": 0,
        })
    }

    fn ssl(&self) -> Value {
        if self.site.has(Sharded) {
            return Value::Null;
        }
        json!({
            "SSLStatus": "Open",
            "SSLExpiredTime": "2099-03-11T02:28:25Z",
            "CertCommonName": format!("{}.mongodb.rds.aliyuncs.com", self.site.id),
            "ForceEncryption": "0",
        })
    }
}
