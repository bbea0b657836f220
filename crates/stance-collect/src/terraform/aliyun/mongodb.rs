//! `alicloud_mongodb_instance` with `alicloud_mongodb_audit_policy`.

use serde_json::{Value, json};

use super::whitelist_templates;
use crate::terraform::draft::{Draft, Fields, part};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

/// `aliyun/mongodb/instance`.
pub(in crate::terraform) fn instance(estate: &Estate, instance: &Resource) -> Draft {
    Draft::new("aliyun/mongodb/instance", instance)
        .name(instance, &["name"])
        .region(place::by_zone(instance, &["zone_id"]))
        .call("list", list(instance))
        .call("security_ips", security_ips(instance))
        .call("backup_policy", backup_policy(instance))
        .call("audit_policy", audit_policy(estate, instance))
        .call("ssl", ssl(instance))
        .call("global_groups", whitelist_templates(instance))
}

fn list(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    Fields::new()
        .put("DBInstanceId", item.text("id"))
        .put("DBInstanceDescription", item.text("name"))
        .set("DBInstanceType", "replicate")
        .put("EngineVersion", item.text("engine_version"))
        .put("ZoneId", item.text("zone_id"))
        .put("NetworkType", item.text_if_any("network_type"))
        .done()
}

fn security_ips(instance: &Resource) -> Read<Value> {
    let ips = instance.item().texts("security_ip_list")?.join(",");
    let group = json!({ "SecurityIpGroupName": "default", "SecurityIpList": ips });
    Ok(json!({ "SecurityIps": ips, "SecurityIpGroups": { "SecurityIpGroup": [group] } }))
}

/// The retention is `backup_retention_period`, before provider 1.213 the computed `retention_period`.
fn backup_policy(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let days = match item.text_if_any("backup_retention_period") {
        Ok(Some(days)) => Ok(Some(days)),
        Ok(None) | Err(_) if item.has("retention_period") => item.text("retention_period"),
        other => other,
    };
    Fields::new()
        .set(
            "PreferredBackupPeriod",
            item.texts("backup_period")?.join(","),
        )
        .put("PreferredBackupTime", item.text("backup_time"))
        .put("BackupRetentionPeriod", days)
        .done()
}

fn audit_policy(estate: &Estate, instance: &Resource) -> Read<Value> {
    let link = Link {
        kind: "alicloud_mongodb_audit_policy",
        by: "db_instance_id",
        to: &["id"],
    };
    let none = || {
        instance
            .item()
            .gap("audit policy", "is in no resource of the file")
    };
    let policy = part(estate, instance, link)?.ok_or_else(none)?.item();
    match policy.need("audit_status")?.as_str() {
        "enable" => Ok(json!({ "LogAuditStatus": "Enable" })),
        "disabled" => Ok(json!({ "LogAuditStatus": "Disabled" })),
        _ => Err(policy.gap("audit_status", "is neither enable nor disabled")),
    }
}

/// `ssl_status` is what the service says, `ssl_action` what was asked for. When the certificate expires is not in
/// Terraform.
fn ssl(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let status = match item.text_if_any("ssl_status") {
        Ok(Some(status)) => status,
        _ => item.need("ssl_action")?,
    };
    match status.as_str() {
        "Open" | "Update" => Ok(json!({ "SSLStatus": "Open" })),
        "Close" | "Closed" => Ok(json!({ "SSLStatus": "Closed", "SSLExpiredTime": "" })),
        _ => Err(item.gap("ssl_status", "is neither open nor closed")),
    }
}
