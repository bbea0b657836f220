//! PolarDB clusters.

use serde_json::{Value, json};
use stance_model::{CoverageStatus, ReasonKind};

use super::{EVERY_DAY, Site, created, global_group};
use crate::estate::{
    DEV, Draft, Estate, PROD, REGIONS, ali_id, network, reason, security_group_id, vpc_id,
    vswitch_id, zone,
};

const TYPE: &str = "aliyun/polardb/cluster";

/// What sets a cluster apart from a healthy one: reachable from the application subnet, SSL on both endpoints, SQL
/// Explorer on, backed up daily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// A whitelist group `temp` with these entries.
    Whitelist(&'static str),
    /// A global whitelist template with these entries.
    Global(&'static str),
    /// Backed up on these days.
    Days(&'static str),
    /// Enhanced backup.
    Enhanced,
    /// Advanced backup policies.
    Advanced,
    /// The engine has no SQL Explorer.
    ExplorerNone,
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{Advanced, Days, Denied, Enhanced, ExplorerNone, Global, Whitelist};

/// Name, database type, version, quirks.
type Row = (&'static str, &'static str, &'static str, &'static [Quirk]);
/// Region, clusters there.
type Group = (&'static str, &'static [Row]);

const GROUPS: [Group; 4] = [
    (
        "cn-hangzhou",
        &[
            ("trade-core", "MySQL", "8.0", &[Advanced]),
            ("inventory", "MySQL", "8.0", &[Enhanced]),
            ("pricing", "MySQL", "8.0", &[]),
            ("invoice-archive", "PostgreSQL", "14", &[ExplorerNone]),
        ],
    ),
    (
        "cn-shanghai",
        &[
            ("warehouse", "MySQL", "8.0", &[]),
            ("returns", "MySQL", "5.7", &[Whitelist("0.0.0.0/0")]),
            ("suppliers", "MySQL", "8.0", &[Global("::/1,8000::/1")]),
        ],
    ),
    (
        "cn-beijing",
        &[
            ("loyalty", "MySQL", "8.0", &[Days("Monday,Thursday")]),
            ("risk-ledger", "PostgreSQL", "14", &[ExplorerNone]),
        ],
    ),
    (
        "ap-southeast-1",
        &[(
            "sea-trade",
            "MySQL",
            "8.0",
            &[Denied("global_groups"), Denied("backup_policy")],
        )],
    ),
];

/// Adds the clusters. The development account has never activated the product.
pub(super) fn add(estate: &mut Estate) {
    estate.covers(PROD, &REGIONS, &[TYPE]);
    for region in REGIONS {
        let none = reason(ReasonKind::NotActivated, "Product.NotActivated");
        estate.cover(DEV, region, TYPE, CoverageStatus::NotActivated, Some(none));
    }
    for (region, rows) in GROUPS {
        for (name, database, version, quirks) in rows {
            let site = Site::new("pc", PROD, region, name, quirks);
            estate.asset(
                Cluster {
                    site,
                    database,
                    version,
                }
                .draft(),
            );
        }
    }
}

/// A cluster of the table.
struct Cluster {
    site: Site<Quirk>,
    database: &'static str,
    version: &'static str,
}

impl Cluster {
    fn draft(&self) -> Draft {
        let refused = self.site.all(|quirk| {
            if let Denied(call) = quirk {
                Some(call)
            } else {
                None
            }
        });
        let explorer = if self.site.has(ExplorerNone) {
            Value::Null
        } else {
            json!({"CollectorStatus": "Enable"})
        };
        let answers = vec![
            ("list", self.list()),
            ("whitelist", self.whitelist()),
            ("global_groups", self.global_groups()),
            ("backup_policy", self.backup_policy()),
            ("audit_log", explorer),
            ("ssl", self.ssl()),
        ];
        self.site.draft(TYPE, answers, &refused)
    }

    fn list(&self) -> Value {
        json!({
            "DBClusterId": self.site.id,
            "DBClusterDescription": self.site.name,
            "DBClusterStatus": "Running",
            "DBClusterNetworkType": "VPC",
            "DBType": self.database,
            "DBVersion": self.version,
            "Engine": "POLARDB",
            "Category": "Normal",
            "DBNodeClass": "polar.mysql.x4.large",
            "DBNodeNumber": 2,
            "PayType": "Prepaid",
            "StorageType": "HighPerformance",
            "StorageUsed": 3_009_413_120_u64,
            "DeletionLock": 1,
            "Expired": "false",
            "ExpireTime": "2099-11-14T16:00:00Z",
            "CreateTime": created(&self.site.id),
            "RegionId": self.site.region,
            "ZoneId": zone(self.site.region),
            "VpcId": vpc_id(PROD, self.site.region),
            "VswitchId": vswitch_id(PROD, self.site.region),
            "LockMode": "Unlock",
        })
    }

    fn whitelist(&self) -> Value {
        let group = |name: &str, entries: &str, attribute: &str| json!({"DBClusterIPArrayName": name, "SecurityIps": entries, "DBClusterIPArrayAttribute": attribute});
        let mut groups = vec![
            group("default", "127.0.0.1", ""),
            group("app", &network(PROD, self.site.region), ""),
            group("ali_dms_group", "100.104.205.0/24", "hidden"),
        ];
        let temp = self.site.find(|quirk| {
            if let Whitelist(entries) = quirk {
                Some(entries)
            } else {
                None
            }
        });
        groups.extend(temp.map(|entries| group("temp", entries, "")));
        let web = security_group_id(PROD, self.site.region, "web");
        json!({
            "Items": {"DBClusterIPArray": groups},
            "DBClusterSecurityGroups": {"DBClusterSecurityGroup": [{"SecurityGroupId": web, "SecurityGroupName": "web"}]},
        })
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
        let mut policy = json!({
            "PreferredBackupPeriod": days.unwrap_or(EVERY_DAY),
            "PreferredBackupTime": "18:00Z-19:00Z",
            "PreferredNextBackupTime": "2026-11-01T18:30Z",
            "BackupFrequency": self.site.unless(Enhanced, "Normal", "2/24H"),
            "BackupPolicyLevel": self.site.unless(Advanced, "Normal", "Advanced"),
            "DataLevel1BackupRetentionPeriod": "7",
            "DataLevel2BackupRetentionPeriod": "30",
            "BackupRetentionPolicyOnClusterDeletion": "LATEST",
        });
        if self.site.has(Advanced)
            && let Some(policy) = policy.as_object_mut()
        {
            policy.remove("PreferredBackupPeriod");
            policy.insert(
                "AdvancedDataPolicies".to_owned(),
                json!({"AdvancedDataPolicy": [self.advanced_policy()]}),
            );
        }
        policy
    }

    fn advanced_policy(&self) -> Value {
        json!({
            "PolicyId": format!("{}-daily", self.site.id),
            "AutoCreated": true,
            "SrcType": "db",
            "DestType": "level1",
            "SrcRegion": self.site.region,
            "DestRegion": self.site.region,
            "BakType": "F",
            "FilterType": "crontab",
            "FilterKey": "dayOfWeek",
            "FilterValue": "1,2,3,4,5,6,7",
            "RetentionType": "delay",
            "RetentionValue": "30",
            "OnlyPreserveOneEachDay": false,
            "OnlyPreserveOneEachHour": false,
        })
    }

    fn ssl(&self) -> Value {
        let endpoint = |name: &str| {
            let id = ali_id(
                "pe",
                self.site.region,
                &format!("{} {name}", self.site.name),
            );
            json!({
                "DBEndpointId": id,
                "SSLEnabled": "Enabled",
                "SSLExpireTime": "2099-11-13T07:14:22Z",
                "SSLConnectionString": format!("{}.{name}.polardb.rds.aliyuncs.com", self.site.id),
                "SSLAutoRotate": "Enable",
            })
        };
        json!({"SSLAutoRotate": "Enable", "Items": [endpoint("primary"), endpoint("cluster")]})
    }
}
