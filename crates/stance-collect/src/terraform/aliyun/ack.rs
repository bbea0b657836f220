//! `alicloud_cs_managed_kubernetes`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::resource::{Read, Resource};

/// `aliyun/ack/cluster`.
pub(in crate::terraform) fn cluster(_: &Estate, cluster: &Resource) -> Draft {
    Draft::new("aliyun/ack/cluster", cluster)
        .name(cluster, &["name"])
        .call("list", list(cluster))
        .call("audit", audit(cluster))
}

/// The provider ends creating a cluster when its state is `running`; a cluster in the file is one that it has created
/// or will have.
fn list(cluster: &Resource) -> Read<Value> {
    let item = cluster.item();
    Fields::new()
        .put("cluster_id", item.text("id"))
        .put("name", item.text("name"))
        .set("state", "running")
        .set("cluster_type", "ManagedKubernetes")
        .put("cluster_spec", item.text_if_any("cluster_spec"))
        .put("current_version", item.text_if_any("version"))
        .put("master_url", master_url(cluster).map(Some))
        .done()
}

/// The endpoints are in `connections`; of a cluster that is still to be created, `slb_internet_enabled` says whether
/// there will be a public one.
fn master_url(cluster: &Resource) -> Read<String> {
    let item = cluster.item();
    if cluster.fresh {
        let public = item.need_flag("slb_internet_enabled")?;
        let endpoint = if public { "known after apply" } else { "" };
        return Ok(json!({ "api_server_endpoint": endpoint }).to_string());
    }
    let connections = item.blocks("connections")?;
    let endpoints = connections
        .first()
        .ok_or_else(|| item.gap("connections", "is not set"))?;
    let public = endpoints.text("api_server_internet")?.unwrap_or_default();
    let private = endpoints
        .text_if_any("api_server_intranet")?
        .unwrap_or_default();
    let url = json!({ "api_server_endpoint": public, "intranet_api_server_endpoint": private });
    Ok(url.to_string())
}

/// `audit_log_config`; provider versions before it have no words for the audit log.
fn audit(cluster: &Resource) -> Read<Value> {
    let item = cluster.item();
    let config = item.all_blocks("audit_log_config")?;
    let config = config
        .first()
        .ok_or_else(|| item.gap("audit_log_config", "is not set"))?;
    Fields::new()
        .set("audit_enabled", config.need_flag("enabled")?)
        .put("sls_project_name", config.text("sls_project_name"))
        .done()
}
