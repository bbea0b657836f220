//! One RDS instance and what its calls answer.

use serde_json::{Value, json};

use super::super::{EVERY_DAY, Site, created};
use super::Quirk::{
    AuditOff, CrossHere, CrossOff, Days, Denied, Halves, Keeps, Lacks, Prepaid, Public, Readonly,
    Serverless, SslExpired, SslOff, TdeShapeless, Unprotected, Whitelist,
};
use super::{Kind, Quirk, TYPE};
use crate::estate::{Draft, host_ip, network, vpc_id, vswitch_id, zone};

/// An instance of the table.
pub(super) struct Instance {
    site: Site<Quirk>,
    engine: &'static str,
    version: &'static str,
}

impl Instance {
    pub(super) fn new(site: Site<Quirk>, (engine, version): Kind) -> Self {
        Self {
            site,
            engine,
            version,
        }
    }

    pub(super) fn draft(&self) -> Draft {
        let refused = self.site.all(|quirk| {
            if let Denied(call) = quirk {
                Some(call)
            } else {
                None
            }
        });
        let missing = self.site.find(|quirk| {
            if let Lacks(calls) = quirk {
                Some(calls)
            } else {
                None
            }
        });
        let mut answers = self.answers();
        for (call, answer) in &mut answers {
            if missing.is_some_and(|missing| missing.contains(call)) {
                *answer = Value::Null;
            }
        }
        self.site.draft(TYPE, answers, &refused)
    }

    fn answers(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("list", self.list()),
            ("net_info", self.net_info()),
            ("ip_array", self.ip_array()),
            ("ssl", self.ssl()),
            ("tde", self.tde()),
            (
                "sql_collector",
                json!({"SQLCollectorStatus": self.site.unless(AuditOff, "Enable", "Disabled"), "StoragePeriod": 0}),
            ),
            ("backup_policy", self.backup_policy()),
            ("cross_backup", self.cross_backup()),
        ]
    }

    fn pay_type(&self) -> &'static str {
        match (self.site.has(Prepaid), self.site.has(Serverless)) {
            (true, _) => "Prepaid",
            (_, true) => "Serverless",
            _ => "Postpaid",
        }
    }

    fn host(&self, suffix: &str) -> String {
        let engine = if self.engine == "PostgreSQL" {
            "pg".to_owned()
        } else {
            self.engine.to_ascii_lowercase()
        };
        let place = if self.site.region == "ap-southeast-1" {
            ".singapore"
        } else {
            ""
        };
        format!("{}{suffix}.{engine}{place}.rds.aliyuncs.com", self.site.id)
    }

    fn port(&self) -> &'static str {
        match self.engine {
            "PostgreSQL" => "5432",
            "SQLServer" => "1433",
            _ => "3306",
        }
    }

    fn class(&self) -> &'static str {
        match self.engine {
            "PostgreSQL" => "pg.n4.2c.2m",
            "SQLServer" => "mssql.x4.large.s2",
            "MariaDB" => "mariadb.n2.small.2c",
            _ if self.site.has(Serverless) => "mysql.n2.serverless.1c",
            _ => "rds.mysql.s3.large",
        }
    }

    fn list(&self) -> Value {
        json!({
            "DBInstanceId": self.site.id,
            "DBInstanceDescription": self.site.name,
            "Engine": self.engine,
            "EngineVersion": self.version,
            "DBInstanceType": self.site.unless(Readonly, "Primary", "Readonly"),
            "DBInstanceStatus": "Running",
            "DBInstanceClass": self.class(),
            "DBInstanceStorageType": if self.engine == "MySQL" && !self.site.has(Serverless) { "local_ssd" } else { "cloud_essd" },
            "Category": self.site.unless(Serverless, "HighAvailability", "serverless_basic"),
            "PayType": self.pay_type(),
            "RegionId": self.site.region,
            "ZoneId": zone(self.site.region),
            "InstanceNetworkType": "VPC",
            "DBInstanceNetType": self.site.unless(Public, "Intranet", "Internet"),
            "ConnectionMode": "Standard",
            "ConnectionString": self.host(""),
            "VpcId": vpc_id(self.site.account, self.site.region),
            "VSwitchId": vswitch_id(self.site.account, self.site.region),
            "CreateTime": created(&self.site.id),
            "ExpireTime": if self.site.has(Prepaid) { "2099-03-27T16:00:00Z" } else { "" },
            "LockMode": "Unlock",
            "DeletionProtection": !self.site.has(Unprotected) && !self.site.has(Prepaid),
        })
    }

    fn net_info(&self) -> Value {
        let endpoint = |suffix: &str, ip_type: &str, address: String| {
            json!({
                "ConnectionString": self.host(suffix),
                "ConnectionStringType": "Normal",
                "IPType": ip_type,
                "IPAddress": address,
                "Port": self.port(),
                "VPCId": if ip_type == "Private" { vpc_id(self.site.account, self.site.region) } else { String::new() },
                "Upgradeable": "Disabled",
            })
        };
        let mut endpoints = vec![endpoint(
            "",
            "Private",
            host_ip(self.site.account, self.site.region, self.site.name),
        )];
        if self.site.has(Public) {
            endpoints.push(endpoint(
                "o",
                "Public",
                format!("203.0.113.{}", self.site.id.len() + self.site.name.len()),
            ));
        }
        json!({
            "InstanceNetworkType": "VPC",
            "SecurityIPMode": "normal",
            "DBInstanceNetInfos": {"DBInstanceNetInfo": endpoints},
        })
    }

    fn ip_array(&self) -> Value {
        let group = |name: &str, entries: &str, attribute: &str| {
            json!({
                "DBInstanceIPArrayName": name,
                "DBInstanceIPArrayAttribute": attribute,
                "SecurityIPType": if entries.contains("::") { "IPv6" } else { "IPv4" },
                "SecurityIPList": entries,
            })
        };
        let mut groups = vec![
            group("default", "127.0.0.1", ""),
            group("app", &network(self.site.account, self.site.region), ""),
            group(
                "hdm_security_ips",
                "100.104.175.0/24,100.104.72.0/24",
                "hidden",
            ),
        ];
        if let Some(entries) = self.site.find(|quirk| {
            if let Whitelist(entries) = quirk {
                Some(entries)
            } else {
                None
            }
        }) {
            groups.push(group("temp", entries, ""));
        }
        if self.site.has(Halves) {
            groups.extend([
                group("lower", "0.0.0.0/1", ""),
                group("upper", "128.0.0.0/1", ""),
            ]);
        }
        json!({"Items": {"DBInstanceIPArray": groups}})
    }

    fn ssl(&self) -> Value {
        let (on, off) = if self.engine == "PostgreSQL" {
            ("on", "off")
        } else {
            ("Yes", "No")
        };
        let expires = match (self.site.has(SslOff), self.site.has(SslExpired)) {
            (true, _) => "",
            (_, true) => "2023-06-18T07:21:43Z",
            _ => "2099-06-18T07:21:43Z",
        };
        json!({
            "SSLEnabled": self.site.unless(SslOff, on, off),
            "SSLExpireTime": expires,
            "ConnectionString": if self.site.has(SslOff) { String::new() } else { self.host("") },
            "ForceEncryption": "0",
            "RequireUpdate": self.site.unless(SslExpired, "No", "Yes"),
            "RequireUpdateReason": "",
            "LastModifyStatus": "success",
        })
    }

    fn tde(&self) -> Value {
        if self.site.has(TdeShapeless) {
            return json!({"TDEMode": "Unknown", "Databases": {"Database": []}});
        }
        json!({
            "TDEStatus": "Enabled",
            "TDEMode": "Aliyun_Generate_Key",
            "Databases": {"Database": []},
        })
    }

    fn backup_policy(&self) -> Value {
        let days = self
            .site
            .find(|quirk| {
                if let Days(days) = quirk {
                    Some(days)
                } else {
                    None
                }
            })
            .unwrap_or(EVERY_DAY);
        let keeps = self
            .site
            .find(|quirk| {
                if let Keeps(days) = quirk {
                    Some(days)
                } else {
                    None
                }
            })
            .unwrap_or(30);
        json!({
            "PreferredBackupPeriod": if self.site.has(Readonly) { "" } else { days },
            "PreferredBackupTime": "18:00Z-19:00Z",
            "PreferredNextBackupTime": "2026-11-01T18:12Z",
            "BackupRetentionPeriod": keeps,
            "BackupLog": "Enable",
            "EnableBackupLog": "1",
            "LogBackupRetentionPeriod": 7,
            "LocalLogRetentionHours": 18,
            "LocalLogRetentionSpace": "30",
            "HighSpaceUsageProtection": "Enable",
            "CompressType": "4",
            "Category": "Standard",
            "ReleasedKeepPolicy": "Lastest",
        })
    }

    fn cross_backup(&self) -> Value {
        if self.site.has(CrossOff) || self.site.has(Readonly) {
            return json!({"DBInstanceId": self.site.id, "RegionId": self.site.region, "BackupEnabled": "Disable", "LogBackupEnabled": "Disable"});
        }
        let elsewhere = if self.site.region == "cn-shanghai" {
            "cn-beijing"
        } else {
            "cn-shanghai"
        };
        json!({
            "DBInstanceId": self.site.id,
            "DBInstanceDescription": self.site.name,
            "Engine": self.engine.to_ascii_lowercase(),
            "EngineVersion": self.version,
            "RegionId": self.site.region,
            "BackupEnabled": "Enable",
            "BackupEnabledTime": "2024-06-12T05:44:21Z",
            "CrossBackupRegion": self.site.unless(CrossHere, elsewhere, self.site.region),
            "CrossBackupType": "1",
            "LogBackupEnabled": "Disable",
            "RetentType": 1,
            "Retention": 30,
        })
    }
}
