//! `alicloud_disk`, `alicloud_ecs_disk` and the automatic snapshot policies that are attached to them.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, part};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

const ATTACHMENT: Link = Link {
    kind: "alicloud_ecs_auto_snapshot_policy_attachment",
    by: "disk_id",
    to: &["id"],
};

/// `aliyun/ecs/disk`.
pub(in crate::terraform) fn disk(estate: &Estate, disk: &Resource) -> Draft {
    Draft::new("aliyun/ecs/disk", disk)
        .name(disk, &["disk_name", "name"])
        .region(place::by_zone(disk, &["zone_id", "availability_zone"]))
        .call("list", list(estate, disk))
}

/// Defaults (alicloud_ecs_disk, argument reference): `encrypted` false, `category` cloud_efficiency.
fn list(estate: &Estate, disk: &Resource) -> Read<Value> {
    let item = disk.item();
    let encrypted = item
        .flag("encrypted")
        .map(|flag| Some(flag.unwrap_or(false)));
    let category = item
        .text("category")
        .map(|c| Some(c.unwrap_or("cloud_efficiency".into())));
    let policy = policy(estate, disk);
    Fields::new()
        .put("DiskId", item.text("id"))
        .put("DiskName", item.text_if_any("disk_name"))
        .put("Status", item.text("status"))
        .put("Category", category)
        .put("Size", item.int("size"))
        .put("Encrypted", encrypted)
        .put("KMSKeyId", item.text_if_any("kms_key_id"))
        .put(
            "EnableAutomatedSnapshotPolicy",
            policy.clone().map(|id| Some(id.is_some())),
        )
        .put("AutoSnapshotPolicyId", policy)
        .put("InstanceId", item.text_if_any("instance_id"))
        .done()
}

/// The policy that is attached to the disk.
fn policy(estate: &Estate, disk: &Resource) -> Read<Option<String>> {
    match part(estate, disk, ATTACHMENT)? {
        Some(attachment) => estate.id_of(attachment, "auto_snapshot_policy_id"),
        None => Ok(None),
    }
}

/// `aliyun/ecs/auto_snapshot_policy`. A policy that is being created takes effect, with status Normal
/// (DescribeAutoSnapshotPolicyEx).
pub(in crate::terraform) fn snapshot_policy(_: &Estate, policy: &Resource) -> Draft {
    let status = match policy.fresh {
        true => Ok("Normal".to_owned()),
        false => policy.item().need("status"),
    };
    let list = status.map(|status| json!({ "Status": status }));
    Draft::new("aliyun/ecs/auto_snapshot_policy", policy)
        .name(policy, &["name"])
        .call("list", list)
}
