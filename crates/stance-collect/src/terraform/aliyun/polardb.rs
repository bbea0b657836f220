//! `alicloud_polardb_cluster` with `alicloud_polardb_backup_policy` and the endpoints.

use serde_json::{Value, json};

use super::whitelist_templates;
use crate::terraform::draft::{Draft, Fields, part};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "db_cluster_id",
        to: &["id"],
    }
}

/// `aliyun/polardb/cluster`.
pub(in crate::terraform) fn cluster(estate: &Estate, cluster: &Resource) -> Draft {
    Draft::new("aliyun/polardb/cluster", cluster)
        .name(cluster, &["description"])
        .region(place::by_zone(cluster, &["zone_id"]))
        .call("list", list(cluster))
        .call("whitelist", whitelist(cluster))
        .call("backup_policy", backup_policy(estate, cluster))
        .call("audit_log", audit_log(cluster))
        .call("ssl", ssl(estate, cluster))
        .call("global_groups", whitelist_templates(cluster))
}

fn list(cluster: &Resource) -> Read<Value> {
    let item = cluster.item();
    Fields::new()
        .put("DBClusterId", item.text("id"))
        .put("DBClusterDescription", item.text("description"))
        .put("DBType", item.text("db_type"))
        .put("DBVersion", item.text("db_version"))
        .put("ZoneId", item.text("zone_id"))
        .done()
}

/// The groups in `db_cluster_ip_array`; before provider 1.130 only the default one, in `security_ips`.
fn whitelist(cluster: &Resource) -> Read<Value> {
    let item = cluster.item();
    let mut groups: Vec<Value> = item
        .blocks("db_cluster_ip_array")?
        .iter()
        .map(group)
        .collect::<Read<_>>()?;
    if groups.is_empty() {
        let ips = item.texts("security_ips")?.join(",");
        groups.push(json!({ "DBClusterIPArrayName": "default", "SecurityIps": ips }));
    }
    Ok(json!({ "Items": { "DBClusterIPArray": groups } }))
}

fn group(group: &Item<'_>) -> Read<Value> {
    let name = group.text_if_any("db_cluster_ip_array_name");
    Fields::new()
        .put(
            "DBClusterIPArrayName",
            name.map(|name| name.or(Some("default".into()))),
        )
        .set("SecurityIps", group.texts("security_ips")?.join(","))
        .done()
}

fn backup_policy(estate: &Estate, cluster: &Resource) -> Read<Value> {
    let none = || {
        cluster
            .item()
            .gap("backup policy", "is in no resource of the file")
    };
    let found = part(estate, cluster, link("alicloud_polardb_backup_policy"))?;
    let policy = found.ok_or_else(none)?.item();
    Fields::new()
        .set(
            "PreferredBackupPeriod",
            policy.texts("preferred_backup_period")?.join(","),
        )
        .put("PreferredBackupTime", policy.text("preferred_backup_time"))
        .put("BackupFrequency", policy.text_if_any("backup_frequency"))
        .done()
}

fn audit_log(cluster: &Resource) -> Read<Value> {
    Ok(json!({ "CollectorStatus": cluster.item().need("collector_status")? }))
}

/// The endpoints that Terraform manages. The primary and the default cluster endpoint exist without it, so that both are
/// needed before all endpoints count as known.
fn ssl(estate: &Estate, cluster: &Resource) -> Read<Value> {
    let mut items = Vec::new();
    for kind in [
        "alicloud_polardb_primary_endpoint",
        "alicloud_polardb_cluster_endpoint",
    ] {
        let none = || cluster.item().gap(kind, "is in no resource of the file");
        let found = part(estate, cluster, link(kind))?.ok_or_else(none)?;
        items.push(endpoint(&found.item())?);
    }
    for found in estate.belonging(cluster, link("alicloud_polardb_endpoint"))? {
        items.push(endpoint(&found.item())?);
    }
    Ok(json!({ "Items": items }))
}

fn endpoint(item: &Item<'_>) -> Read<Value> {
    let enabled = match item.need("ssl_enabled")?.as_str() {
        "Enable" | "Update" => "Enabled",
        "Disable" => "Disabled",
        _ => return Err(item.gap("ssl_enabled", "is neither Enable nor Disable")),
    };
    Fields::new()
        .put("DBEndpointId", item.text_if_any("db_endpoint_id"))
        .set("SSLEnabled", enabled)
        .done()
}
