//! `alicloud_kvstore_instance` with `alicloud_kvstore_connection` and `alicloud_kvstore_audit_log_config`.

use serde_json::{Value, json};

use super::whitelist_templates;
use crate::terraform::draft::{Draft, Fields, part, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "instance_id",
        to: &["id"],
    }
}

/// `aliyun/redis/instance`.
pub(in crate::terraform) fn instance(estate: &Estate, instance: &Resource) -> Draft {
    Draft::new("aliyun/redis/instance", instance)
        .name(instance, &["db_instance_name", "instance_name"])
        .region(place::by_zone(instance, &["zone_id", "availability_zone"]))
        .call("list", list(instance))
        .call("attribute", attribute(instance))
        .call("net_info", net_info(estate, instance))
        .call("security_ips", security_ips(instance))
        .call("backup_policy", backup_policy(instance))
        .call("audit_log", audit_log(estate, instance))
        .call("ssl", ssl(instance))
        .call("global_groups", whitelist_templates(instance))
}

/// An instance is in a VPC if it has a vswitch (`vswitch_id`), else in the classic network.
fn list(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let network = item
        .text("vswitch_id")
        .map(|id| Some(if id.is_some() { "VPC" } else { "CLASSIC" }));
    Fields::new()
        .put("InstanceId", item.text("id"))
        .put("InstanceName", item.text("db_instance_name"))
        .put("InstanceType", item.text("instance_type"))
        .put("EngineVersion", item.text("engine_version"))
        .put("NetworkType", network)
        .put("ZoneId", item.text_if_any("zone_id"))
        .done()
}

/// `vpc_auth_mode`: Open unless set (argument reference).
fn attribute(instance: &Resource) -> Read<Value> {
    let mode = instance
        .item()
        .text("vpc_auth_mode")?
        .unwrap_or("Open".into());
    Ok(json!({ "Instances": { "DBInstanceAttribute": [{ "VpcAuthMode": mode }] } }))
}

fn net_info(estate: &Estate, instance: &Resource) -> Read<Value> {
    let public = parts(estate, instance, link("alicloud_kvstore_connection"))?;
    let addresses = public.iter().map(|connection| {
        let address = connection.item().text("connection_string");
        Fields::new()
            .set("IPType", "Public")
            .put("ConnectionString", address)
            .value()
    });
    Ok(json!({ "NetInfoItems": { "InstanceNetInfo": addresses.collect::<Vec<_>>() } }))
}

fn security_ips(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let name = item.text_if_any("security_ip_group_name");
    let group = Fields::new()
        .put(
            "SecurityIpGroupName",
            name.map(|name| name.or(Some("default".into()))),
        )
        .set("SecurityIpList", item.texts("security_ips")?.join(","))
        .put(
            "SecurityIpGroupAttribute",
            item.text_if_any("security_ip_group_attribute"),
        );
    Ok(json!({ "SecurityIpGroups": { "SecurityIpGroup": [group.value()] } }))
}

fn backup_policy(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    Fields::new()
        .set(
            "PreferredBackupPeriod",
            item.texts("backup_period")?.join(","),
        )
        .put("PreferredBackupTime", item.text("backup_time"))
        .done()
}

fn audit_log(estate: &Estate, instance: &Resource) -> Read<Value> {
    let none = || {
        instance
            .item()
            .gap("audit log", "is in no resource of the file")
    };
    let found = part(estate, instance, link("alicloud_kvstore_audit_log_config"))?;
    let on = found.ok_or_else(none)?.item().need_flag("db_audit")?;
    Ok(json!({ "DbAudit": on.to_string() }))
}

/// When the certificate expires is not in Terraform.
fn ssl(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    match item.need("ssl_enable")?.as_str() {
        "Enable" | "Update" => Ok(json!({ "SSLEnabled": "Enable" })),
        "Disable" => Ok(json!({ "SSLEnabled": "Disable", "SSLExpiredTime": "" })),
        _ => Err(item.gap("ssl_enable", "is neither Enable nor Disable")),
    }
}
