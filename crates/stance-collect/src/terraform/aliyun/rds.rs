//! `alicloud_db_instance` and `alicloud_db_readonly_instance`, with `alicloud_db_backup_policy`,
//! `alicloud_db_connection` and `alicloud_rds_instance_cross_backup_policy`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, part, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

/// A resource that belongs to an instance.
fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "instance_id",
        to: &["id"],
    }
}

/// `aliyun/rds/instance`, a primary one.
pub(in crate::terraform) fn instance(estate: &Estate, instance: &Resource) -> Draft {
    draft(estate, instance, "Primary")
        .call("tde", tde(instance))
        .call("sql_collector", sql_collector(instance))
        .call("backup_policy", backup_policy(estate, instance))
        .call("cross_backup", cross_backup(estate, instance))
}

/// `aliyun/rds/instance`, a read-only one.
pub(in crate::terraform) fn read_only(estate: &Estate, instance: &Resource) -> Draft {
    let beyond = ["tde", "sql_collector", "backup_policy", "cross_backup"];
    draft(estate, instance, "Readonly").beyond(&beyond)
}

fn draft(estate: &Estate, instance: &Resource, kind: &str) -> Draft {
    Draft::new("aliyun/rds/instance", instance)
        .name(instance, &["instance_name"])
        .region(place::by_zone(instance, &["zone_id"]))
        .call("list", list(instance, kind))
        .call("net_info", net_info(estate, instance))
        .call("ip_array", ip_array(instance))
        .call("ssl", ssl(instance))
}

/// Defaults (alicloud_db_instance, argument reference): `instance_charge_type` Postpaid, `deletion_protection` false.
fn list(instance: &Resource, kind: &str) -> Read<Value> {
    let item = instance.item();
    let charged = item
        .text("instance_charge_type")
        .map(|t| Some(t.unwrap_or("Postpaid".into())));
    let protected = item
        .flag("deletion_protection")
        .map(|flag| Some(flag.unwrap_or(false)));
    Fields::new()
        .put("DBInstanceId", item.text("id"))
        .put("DBInstanceDescription", item.text("instance_name"))
        .put("Engine", item.text("engine"))
        .put("EngineVersion", item.text("engine_version"))
        .put("ZoneId", item.text("zone_id"))
        .set("DBInstanceType", kind)
        .put("PayType", charged)
        .put("DeletionProtection", protected)
        .done()
}

/// A public address is a resource of its own; the instance itself has its private one only.
fn net_info(estate: &Estate, instance: &Resource) -> Read<Value> {
    let public = parts(estate, instance, link("alicloud_db_connection"))?;
    let mut addresses = vec![json!({ "IPType": "Private" })];
    addresses.extend(public.iter().map(|connection| {
        let address = connection.item().text("connection_string");
        Fields::new()
            .set("IPType", "Public")
            .put("ConnectionString", address)
            .value()
    }));
    Ok(json!({ "DBInstanceNetInfos": { "DBInstanceNetInfo": addresses } }))
}

/// The whitelist group that the resource manages: `db_instance_ip_array_name`, `default` unless named otherwise.
fn ip_array(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let name = item.text_if_any("db_instance_ip_array_name");
    let group = Fields::new()
        .put(
            "DBInstanceIPArrayName",
            name.map(|name| name.or(Some("default".into()))),
        )
        .set("SecurityIPList", item.texts("security_ips")?.join(","))
        .put(
            "DBInstanceIPArrayAttribute",
            item.text_if_any("db_instance_ip_array_attribute"),
        );
    Ok(json!({ "Items": { "DBInstanceIPArray": [group.value()] } }))
}

/// `ssl_action` is a verb; after a refresh it says what is. When the certificate expires is not in Terraform.
fn ssl(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    match item.need("ssl_action")?.as_str() {
        "Open" | "Update" => Ok(json!({ "SSLEnabled": "Yes" })),
        "Close" => Ok(json!({ "SSLEnabled": "No", "SSLExpireTime": "" })),
        _ => Err(item.gap("ssl_action", "is neither Open nor Close")),
    }
}

fn tde(instance: &Resource) -> Read<Value> {
    Ok(json!({ "TDEStatus": instance.item().need("tde_status")? }))
}

fn sql_collector(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    match item.need("sql_collector_status")?.as_str() {
        "Enabled" => Ok(json!({ "SQLCollectorStatus": "Enable" })),
        "Disabled" => Ok(json!({ "SQLCollectorStatus": "Disabled" })),
        _ => Err(item.gap("sql_collector_status", "is neither Enabled nor Disabled")),
    }
}

fn backup_policy(estate: &Estate, instance: &Resource) -> Read<Value> {
    let none = || {
        instance
            .item()
            .gap("backup policy", "is in no resource of the file")
    };
    let found = part(estate, instance, link("alicloud_db_backup_policy"))?;
    let policy = found.ok_or_else(none)?.item();
    Fields::new()
        .set(
            "PreferredBackupPeriod",
            policy.texts("preferred_backup_period")?.join(","),
        )
        .put("PreferredBackupTime", policy.text("preferred_backup_time"))
        .put(
            "BackupRetentionPeriod",
            policy.int("backup_retention_period"),
        )
        .done()
}

fn cross_backup(estate: &Estate, instance: &Resource) -> Read<Value> {
    let none = || {
        instance
            .item()
            .gap("cross-region backup", "is in no resource of the file")
    };
    let found = part(
        estate,
        instance,
        link("alicloud_rds_instance_cross_backup_policy"),
    )?;
    let policy = found.ok_or_else(none)?.item();
    Fields::new()
        .put("BackupEnabled", policy.text("backup_enabled"))
        .put("CrossBackupRegion", policy.text("cross_backup_region"))
        .put("LogBackupEnabled", policy.text_if_any("log_backup_enabled"))
        .done()
}
