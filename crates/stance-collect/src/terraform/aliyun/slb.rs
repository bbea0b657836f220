//! `alicloud_slb_load_balancer` with its listeners, and the access lists and TLS policies that these name.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

const LISTENERS: Link = Link {
    kind: "alicloud_slb_listener",
    by: "load_balancer_id",
    to: &["id"],
};

const ENTRIES: Link = Link {
    kind: "alicloud_slb_acl_entry_attachment",
    by: "acl_id",
    to: &["id"],
};

/// `aliyun/slb/load_balancer`.
pub(in crate::terraform) fn load_balancer(estate: &Estate, balancer: &Resource) -> Draft {
    Draft::new("aliyun/slb/load_balancer", balancer)
        .name(balancer, &["load_balancer_name", "name"])
        .region(place::by_zone(balancer, &["master_zone_id"]))
        .call("list", list(balancer))
        .call("listeners", listeners(estate, balancer))
        .beyond(&["health", "domain_extensions", "access_log"])
}

fn list(balancer: &Resource) -> Read<Value> {
    let item = balancer.item();
    Fields::new()
        .put("LoadBalancerId", item.text("id"))
        .put("LoadBalancerName", item.text_if_any("load_balancer_name"))
        .put("LoadBalancerStatus", item.text("status"))
        .put("AddressType", item.text("address_type"))
        .put("Address", item.text("address"))
        .put("AddressIPVersion", item.text_if_any("address_ip_version"))
        .put("VpcId", item.text_if_any("vpc_id"))
        .done()
}

fn listeners(estate: &Estate, balancer: &Resource) -> Read<Value> {
    let found = parts(estate, balancer, LISTENERS)?;
    let listeners: Vec<Value> = found
        .iter()
        .map(|l| listener(estate, l))
        .collect::<Read<_>>()?;
    Ok(json!({ "Listeners": listeners }))
}

/// Defaults (alicloud_slb_listener, argument reference): `acl_status` off. The provider starts each listener that it
/// creates, so that its status is `running`.
fn listener(estate: &Estate, listener: &Resource) -> Read<Value> {
    let item = listener.item();
    let protocol = item.need("protocol")?;
    let fields = Fields::new()
        .put("ListenerPort", item.int("frontend_port"))
        .set("Status", "running")
        .put("BackendServerPort", item.int("backend_port"))
        .put("VServerGroupId", item.text_if_any("server_group_id"))
        .set(
            "AclStatus",
            item.text("acl_status")?.unwrap_or("off".into()),
        )
        .put("AclType", item.text("acl_type"))
        .set("AclIds", acl_ids(estate, listener)?);
    let fields = match protocol.as_str() {
        "http" => fields.set("HTTPListenerConfig", http(&item)?),
        "https" => fields.set("HTTPSListenerConfig", https(estate, listener)?),
        _ => fields,
    };
    fields.set("ListenerProtocol", protocol).done()
}

fn acl_ids(estate: &Estate, listener: &Resource) -> Read<Vec<String>> {
    let single = estate.id_of(listener, "acl_id")?;
    let several = match listener.item().has("acl_ids") {
        true => listener.item().texts("acl_ids")?,
        false => Vec::new(),
    };
    Ok(single.into_iter().chain(several).collect())
}

/// `listener_forward`: off unless set (argument reference).
fn http(item: &Item<'_>) -> Read<Value> {
    let forward = item
        .text("listener_forward")
        .map(|f| Some(f.unwrap_or("off".into())));
    Fields::new()
        .put("ListenerForward", forward)
        .put("ForwardPort", item.int("forward_port"))
        .put("HealthCheck", item.text_if_any("health_check"))
        .done()
}

/// `tls_cipher_policy`: tls_cipher_policy_1_0 unless set (argument reference).
fn https(estate: &Estate, listener: &Resource) -> Read<Value> {
    let item = listener.item();
    let policy = estate.id_of(listener, "tls_cipher_policy");
    Fields::new()
        .put(
            "ServerCertificateId",
            item.text_if_any("server_certificate_id"),
        )
        .put(
            "TLSCipherPolicy",
            policy.map(|p| Some(p.unwrap_or("tls_cipher_policy_1_0".into()))),
        )
        .put("HealthCheck", item.text_if_any("health_check"))
        .done()
}

/// `aliyun/slb/acl`: entries inline, which are read back from the service, and in resources of their own.
pub(in crate::terraform) fn acl(estate: &Estate, acl: &Resource) -> Draft {
    let list = Fields::new()
        .put("AclId", acl.item().text("id"))
        .put("AclName", acl.item().text("name"))
        .put("AddressIPVersion", acl.item().text_if_any("ip_version"));
    Draft::new("aliyun/slb/acl", acl)
        .name(acl, &["name"])
        .call("list", list.done())
        .call("attribute", entries(estate, acl))
}

fn entries(estate: &Estate, acl: &Resource) -> Read<Value> {
    let own: Vec<Item<'_>> = estate
        .belonging(acl, ENTRIES)?
        .into_iter()
        .map(Resource::item)
        .collect();
    let inline = match own.is_empty() {
        true => acl.item().all_blocks("entry_list")?,
        false => acl.item().blocks("entry_list")?,
    };
    let entries: Vec<Value> = own
        .iter()
        .chain(&inline)
        .map(|entry| {
            Fields::new()
                .set("AclEntryIP", entry.need("entry")?)
                .put("AclEntryComment", entry.text_if_any("comment"))
                .done()
        })
        .collect::<Read<_>>()?;
    Ok(json!({ "AclEntrys": { "AclEntry": entries } }))
}

/// `aliyun/slb/tls_cipher_policy`.
pub(in crate::terraform) fn tls_cipher_policy(_: &Estate, policy: &Resource) -> Draft {
    let versions = policy.item().texts("tls_versions");
    let list = versions.and_then(|versions| {
        Fields::new()
            .put("InstanceId", policy.item().text("id"))
            .put("Name", policy.item().text("tls_cipher_policy_name"))
            .set("TLSVersions", versions)
            .done()
    });
    Draft::new("aliyun/slb/tls_cipher_policy", policy)
        .name(policy, &["tls_cipher_policy_name"])
        .call("list", list)
}
