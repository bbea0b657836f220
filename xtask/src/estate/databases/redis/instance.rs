//! One Redis instance and what its calls answer.

use serde_json::{Value, json};

use super::super::{EVERY_DAY, Site, created, global_group};
use super::Quirk::{
    AuditOff, Classic, Days, Denied, Global, Lacks, NoPassword, Public, SslExpired, SslOff,
    Untouched, Whitelist,
};
use super::{Quirk, TYPE};
use crate::estate::{Draft, host_ip, network, vpc_id, vswitch_id, zone};

/// An instance of the table.
pub(super) struct Instance {
    pub(super) site: Site<Quirk>,
    pub(super) architecture: &'static str,
    pub(super) version: &'static str,
}

impl Instance {
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
            ("attribute", self.attribute()),
            ("net_info", self.net_info()),
            ("security_ips", self.security_ips()),
            ("global_groups", self.global_groups()),
            ("backup_policy", self.backup_policy()),
            (
                "audit_log",
                json!({"DbAudit": self.site.unless(AuditOff, "true", "false"), "Retention": "180"}),
            ),
            ("ssl", self.ssl()),
        ]
    }

    fn host(&self, suffix: &str) -> String {
        let place = if self.site.region == "ap-southeast-1" {
            ".singapore"
        } else {
            ""
        };
        format!("{}{suffix}.redis{place}.rds.aliyuncs.com", self.site.id)
    }

    fn list(&self) -> Value {
        json!({
            "InstanceId": self.site.id,
            "InstanceName": self.site.name,
            "InstanceType": "Redis",
            "InstanceStatus": "Normal",
            "InstanceClass": "redis.shard.small.2.ce",
            "ArchitectureType": self.architecture,
            "EditionType": "Community",
            "NodeType": "double",
            "EngineVersion": self.version,
            "Capacity": 1024,
            "ChargeType": "PrePaid",
            "NetworkType": self.site.unless(Classic, "VPC", "CLASSIC"),
            "ConnectionDomain": self.host(""),
            "PrivateIp": host_ip(self.site.account, self.site.region, self.site.name),
            "Port": 6379,
            "VpcId": if self.site.has(Classic) { String::new() } else { vpc_id(self.site.account, self.site.region) },
            "RegionId": self.site.region,
            "ZoneId": zone(self.site.region),
            "CreateTime": created(&self.site.id),
            "EndTime": "2099-06-13T16:00:00Z",
            "ResourceGroupId": "rg-acfmyiu4ekpshop",
        })
    }

    fn attribute(&self) -> Value {
        let attribute = json!({
            "InstanceId": self.site.id,
            "InstanceName": self.site.name,
            "Engine": "Redis",
            "EngineVersion": self.version,
            "ArchitectureType": self.architecture,
            "InstanceStatus": "Normal",
            "InstanceReleaseProtection": true,
            "VpcAuthMode": self.site.unless(NoPassword, "Open", "Close"),
            "NetworkType": self.site.unless(Classic, "VPC", "CLASSIC"),
            "VSwitchId": vswitch_id(self.site.account, self.site.region),
            "SecurityIPList": "127.0.0.1",
            "IsSupportTDE": false,
            "MaintainStartTime": "18:00Z",
            "MaintainEndTime": "22:00Z",
        });
        json!({"Instances": {"DBInstanceAttribute": [attribute]}})
    }

    fn net_info(&self) -> Value {
        let endpoint = |suffix: &str, ip_type: &str, net_type: &str| {
            json!({
                "ConnectionString": self.host(suffix),
                "IPType": ip_type,
                "DBInstanceNetType": net_type,
                "IPAddress": if ip_type == "Public" { "203.0.113.77".to_owned() } else { host_ip(self.site.account, self.site.region, self.site.name) },
                "Port": "6379",
                "Upgradeable": "0",
                "DirectConnection": 0,
            })
        };
        let inner = if self.site.has(Classic) {
            endpoint("", "Inner", "1")
        } else {
            endpoint("", "Private", "2")
        };
        let mut endpoints = vec![inner];
        if self.site.has(Public) {
            endpoints.push(endpoint("pd", "Public", "0"));
        }
        json!({
            "InstanceNetworkType": self.site.unless(Classic, "VPC", "CLASSIC"),
            "NetInfoItems": {"InstanceNetInfo": endpoints},
        })
    }

    fn security_ips(&self) -> Value {
        let group = |name: &str, entries: &str, attribute: &str| json!({"SecurityIpGroupName": name, "SecurityIpList": entries, "SecurityIpGroupAttribute": attribute});
        let mut groups = vec![group("default", "127.0.0.1", "")];
        if !self.site.has(Untouched) {
            groups.push(group(
                "app",
                &network(self.site.account, self.site.region),
                "",
            ));
        }
        groups.push(group("hdm_security_ips", "100.104.64.0/24", "hidden"));
        let temp = self.site.find(|quirk| {
            if let Whitelist(entries) = quirk {
                Some(entries)
            } else {
                None
            }
        });
        groups.extend(temp.map(|entries| group("temp", entries, "")));
        json!({"SecurityIpGroups": {"SecurityIpGroup": groups}})
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
        json!({
            "PreferredBackupPeriod": days.unwrap_or(EVERY_DAY),
            "PreferredBackupTime": "18:00Z-19:00Z",
            "PreferredNextBackupTime": "2026-11-01T18:28Z",
            "BackupRetentionPeriod": "7",
            "EnableBackupLog": 0,
            "DbsInstance": "0",
        })
    }

    fn ssl(&self) -> Value {
        if self.site.has(SslOff) {
            return json!({"InstanceId": self.site.id, "SSLEnabled": "Disable", "SSLExpiredTime": "", "CertCommonName": ""});
        }
        json!({
            "InstanceId": self.site.id,
            "SSLEnabled": "Enable",
            "SSLExpiredTime": self.site.unless(SslExpired, "2099-08-05T09:05:53Z", "2021-08-05T09:05:53Z"),
            "CertCommonName": self.host(""),
        })
    }
}
