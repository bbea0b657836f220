//! `aws_instance`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

/// `aws/ec2/instance`.
pub(in crate::terraform) fn instance(_: &Estate, instance: &Resource) -> Draft {
    let (region, account) = place::arn(instance);
    let mut draft = Draft::new("aws/ec2/instance", instance)
        .region(region.or_else(|| place::by_zone(instance, &["availability_zone"])))
        .account(account)
        .call("list", list(instance));
    draft.name = draft.tags.get("Name").cloned();
    draft
}

/// The provider ends creating an instance when it is running.
fn list(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let state = match instance.fresh {
        true => Ok(Some("running".to_owned())),
        false => item.text("instance_state"),
    };
    Fields::new()
        .put("InstanceId", item.text("id"))
        .put("InstanceType", item.text("instance_type"))
        .put("PublicIpAddress", item.text("public_ip"))
        .set("State", Fields::new().put("Name", state).value())
        .put_nested("MetadataOptions", metadata(instance))
        .done()
}

/// No default stands in: it depends on the image and on the account's settings.
fn metadata(instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let options = item.blocks("metadata_options")?;
    let options = options
        .first()
        .ok_or_else(|| item.gap("metadata_options", "is not set"))?;
    let hops = options
        .int("http_put_response_hop_limit")
        .map(|hops| hops.map(|n| json!(n)));
    Fields::new()
        .put("HttpTokens", options.text("http_tokens"))
        .put("HttpEndpoint", options.text("http_endpoint"))
        .put("HttpPutResponseHopLimit", hops)
        .done()
}
