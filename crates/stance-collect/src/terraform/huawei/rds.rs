//! `huaweicloud_rds_instance` with `huaweicloud_rds_instance_eip_associate`.

use serde_json::Value;

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::resource::{Read, Resource};

const ADDRESSES: Link = Link {
    kind: "huaweicloud_rds_instance_eip_associate",
    by: "instance_id",
    to: &["id"],
};

/// `huawei/rds/instance`.
pub(in crate::terraform) fn instance(estate: &Estate, instance: &Resource) -> Draft {
    Draft::new("huawei/rds/instance", instance)
        .name(instance, &["name"])
        .region(instance.identity("region"))
        .call("list", list(estate, instance))
}

fn list(estate: &Estate, instance: &Resource) -> Read<Value> {
    let item = instance.item();
    let public = public_ips(estate, instance).map(Value::from);
    Fields::new()
        .put("id", item.text("id"))
        .put("name", item.text("name"))
        .put("status", item.text_if_any("status"))
        .put_nested("public_ips", public)
        .done()
}

/// The addresses that the instance has, and those that the file gives it. A new one has none of its own.
fn public_ips(estate: &Estate, instance: &Resource) -> Read<Vec<String>> {
    let mut addresses = match instance.fresh {
        true => Vec::new(),
        false => instance.item().texts("public_ips")?,
    };
    for given in estate.belonging(instance, ADDRESSES)? {
        addresses.push(
            given
                .identity("public_ip")
                .unwrap_or_else(|| given.address.clone()),
        );
    }
    Ok(addresses)
}
