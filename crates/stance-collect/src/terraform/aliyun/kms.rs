//! `alicloud_kms_key`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::Estate;
use crate::terraform::resource::{Item, Read, Resource};

/// `aliyun/kms/key`. The creator of a key is an account, or a service for keys of its own.
pub(in crate::terraform) fn key(_: &Estate, key: &Resource) -> Draft {
    let creator = key
        .identity("creator")
        .filter(|c| c.bytes().all(|b| b.is_ascii_digit()));
    let arn = key.identity("arn").unwrap_or_default();
    let region = arn
        .split(':')
        .nth(2)
        .filter(|r| !r.is_empty())
        .map(str::to_owned);
    let list = Fields::new()
        .put("KeyId", key.item().text("id"))
        .put("KeyArn", key.item().text_if_any("arn"));
    Draft::new("aliyun/kms/key", key)
        .name(key, &["description"])
        .account(creator)
        .region(region)
        .call("list", list.done())
        .call("detail", detail(&key.item()))
}

/// Defaults (alicloud_kms_key, argument reference): `key_spec` Aliyun_AES_256, `origin` Aliyun_KMS, `status` Enabled,
/// `automatic_rotation` Disabled.
fn detail(item: &Item<'_>) -> Read<Value> {
    let or = |name: &str, default: &str| {
        item.text(name)
            .map(|value| Some(value.unwrap_or_else(|| default.to_owned())))
    };
    let metadata = Fields::new()
        .put("KeyId", item.text("id"))
        .put("KeyState", or("status", "Enabled"))
        .put("KeySpec", or("key_spec", "Aliyun_AES_256"))
        .put("KeyUsage", item.text_if_any("key_usage"))
        .put("Origin", or("origin", "Aliyun_KMS"))
        .put("Creator", item.text("creator"))
        .put("AutomaticRotation", or("automatic_rotation", "Disabled"))
        .put("RotationInterval", item.text_if_any("rotation_interval"))
        .put("Description", item.text_if_any("description"))
        .put("ProtectionLevel", item.text_if_any("protection_level"));
    Ok(json!({ "KeyMetadata": metadata.value() }))
}
