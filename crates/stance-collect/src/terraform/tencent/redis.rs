//! `tencentcloud_redis_instance`.

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

/// `tencent/redis/instance`. Without `no_auth` an instance has a password: the provider refuses to create one without
/// (`password`, argument reference).
pub(in crate::terraform) fn instance(_: &Estate, instance: &Resource) -> Draft {
    let item = instance.item();
    let list = Fields::new()
        .put("InstanceId", item.text("id"))
        .put("InstanceName", item.text("name"))
        .put(
            "NoAuth",
            item.flag("no_auth").map(|flag| Some(flag.unwrap_or(false))),
        )
        .put("Status", status(instance).map(Some));
    Draft::new("tencent/redis/instance", instance)
        .name(instance, &["name"])
        .region(place::tencent(instance))
        .call("list", list.done())
}

/// The numbers of the API for the words of the provider, which ends creating an instance when it is online.
fn status(instance: &Resource) -> Read<i64> {
    if instance.fresh {
        return Ok(2);
    }
    let item = instance.item();
    match item.need("status")?.as_str() {
        "init" => Ok(0),
        "processing" => Ok(1),
        "online" => Ok(2),
        "isolate" => Ok(-2),
        "todelete" => Ok(-3),
        _ => Err(item.gap("status", "is a word that is not known")),
    }
}
