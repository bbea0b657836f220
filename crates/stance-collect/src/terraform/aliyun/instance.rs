//! `alicloud_instance`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

/// `aliyun/ecs/instance`.
pub(in crate::terraform) fn instance(estate: &Estate, instance: &Resource) -> Draft {
    Draft::new("aliyun/ecs/instance", instance)
        .name(instance, &["instance_name"])
        .region(place::by_zone(instance, &["availability_zone"]))
        .call("list", list(estate, instance))
        .beyond(&["sas", "cms"])
}

fn list(estate: &Estate, instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let public = item
        .text("public_ip")
        .map(|ip| json!({ "IpAddress": Vec::from_iter(ip) }));
    let groups = item
        .texts("security_groups")
        .map(|ids| json!({ "SecurityGroupId": ids }));
    Fields::new()
        .put("InstanceId", item.text("id"))
        .put("InstanceName", item.text("instance_name"))
        .put("ZoneId", item.text("availability_zone"))
        .put("Status", item.text("status"))
        .put("OSType", item.text("os_type"))
        .put("OSName", item.text_if_any("os_name"))
        .put("KeyPairName", item.text("key_name"))
        .put(
            "InstanceNetworkType",
            network_type(estate, instance).map(Some),
        )
        .put_nested("SecurityGroupIds", groups)
        .put_nested("PublicIpAddress", public)
        .put_nested("MetadataOptions", metadata(instance))
        .done()
}

/// An instance is in a VPC exactly if it has a vswitch. One that the plan is to create counts as one.
fn network_type(estate: &Estate, instance: &Resource) -> Read<&'static str> {
    let vswitch = estate.referred(instance, "vswitch_id");
    if vswitch.is_some_and(|other| other.kind == "alicloud_vswitch") {
        return Ok("vpc");
    }
    Ok(if instance.item().text("vswitch_id")?.is_some() {
        "vpc"
    } else {
        "classic"
    })
}

fn metadata(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    Fields::new()
        .put("HttpEndpoint", item.text("http_endpoint"))
        .put("HttpTokens", item.text("http_tokens"))
        .done()
}
