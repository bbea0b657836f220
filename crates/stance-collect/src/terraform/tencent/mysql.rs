//! `tencentcloud_mysql_instance`.

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::place;
use crate::terraform::resource::Resource;

/// `tencent/cdb/instance`. `internet_service` is 0 unless set (argument reference): 0 closed, 1 open.
pub(in crate::terraform) fn instance(_: &Estate, instance: &Resource) -> Draft {
    let item = instance.item();
    let open = item
        .int("internet_service")
        .map(|open| Some(open.unwrap_or(0)));
    let list = Fields::new()
        .put("InstanceId", item.text("id"))
        .put("InstanceName", item.text("instance_name"))
        .put("EngineVersion", item.text("engine_version"))
        .put("WanStatus", open)
        .put("WanDomain", item.text_if_any("internet_host"))
        .put("Zone", item.text("availability_zone"));
    Draft::new("tencent/cdb/instance", instance)
        .name(instance, &["instance_name"])
        .region(place::tencent(instance))
        .call("list", list.done())
}
