//! `huaweicloud_compute_instance`.

use serde_json::json;

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::resource::Resource;

/// `huawei/ecs/instance`. The type of its system is not in Terraform.
pub(in crate::terraform) fn instance(_: &Estate, instance: &Resource) -> Draft {
    let item = instance.item();
    let os = item.gap("os_type", "is not in Terraform");
    let metadata = Fields::new()
        .put::<String>("os_type", Err(os))
        .put("image_name", item.text_if_any("image_name"));
    let list = Fields::new()
        .put("id", item.text("id"))
        .put("name", item.text("name"))
        .put("status", item.text_if_any("status"))
        .put("key_name", item.text("key_pair"))
        .set("metadata", json!(metadata.value()));
    Draft::new("huawei/ecs/instance", instance)
        .name(instance, &["name"])
        .region(instance.identity("region"))
        .call("list", list.done())
}
