//! `alicloud_nas_file_system` with its mount targets, and `alicloud_nas_access_group` with its rules.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Read, Resource};

const MOUNT_TARGETS: Link = Link {
    kind: "alicloud_nas_mount_target",
    by: "file_system_id",
    to: &["id"],
};

const RULES: Link = Link {
    kind: "alicloud_nas_access_rule",
    by: "access_group_name",
    to: &["access_group_name", "name"],
};

/// `file_system_type`: standard unless set (argument reference).
fn system_type(resource: &Resource) -> Read<String> {
    Ok(resource
        .item()
        .text_if_any("file_system_type")?
        .unwrap_or("standard".into()))
}

/// `aliyun/nas/file_system`. `encrypt_type` is 0 unless set (argument reference).
pub(in crate::terraform) fn file_system(estate: &Estate, system: &Resource) -> Draft {
    let item = system.item();
    let encrypted = item.int("encrypt_type").map(|kind| Some(kind.unwrap_or(0)));
    let list = Fields::new()
        .put("FileSystemId", item.text("id"))
        .put("FileSystemType", system_type(system).map(Some))
        .put("ProtocolType", item.text("protocol_type"))
        .put("StorageType", item.text_if_any("storage_type"))
        .put("Description", item.text_if_any("description"))
        .put("EncryptType", encrypted)
        .put("KMSKeyId", item.text_if_any("kms_key_id"))
        .put_nested("MountTargets", mount_targets(estate, system));
    Draft::new("aliyun/nas/file_system", system)
        .name(system, &["description"])
        .region(place::by_zone(system, &["zone_id"]))
        .call("list", list.done())
}

fn mount_targets(estate: &Estate, system: &Resource) -> Read<Value> {
    let target = |target: &&Resource| {
        let item = target.item();
        Fields::new()
            .set("AccessGroupName", item.need("access_group_name")?)
            .put("VpcId", item.text_if_any("vpc_id"))
            .put("VswId", item.text_if_any("vswitch_id"))
            .done()
    };
    let targets = parts(estate, system, MOUNT_TARGETS)?;
    let targets: Vec<Value> = targets.iter().map(target).collect::<Read<_>>()?;
    Ok(json!({ "MountTarget": targets }))
}

/// `aliyun/nas/access_group`; its id is `type/name`.
pub(in crate::terraform) fn access_group(estate: &Estate, group: &Resource) -> Draft {
    let item = group.item();
    let name = group
        .identity("access_group_name")
        .or_else(|| group.identity("name"));
    let list = Fields::new()
        .put("AccessGroupName", Ok(name.clone()))
        .put("AccessGroupType", item.text_if_any("access_group_type"))
        .put("FileSystemType", system_type(group).map(Some));
    let mut draft = Draft::new("aliyun/nas/access_group", group)
        .name(group, &["access_group_name", "name"])
        .call("list", list.done())
        .call("rules", rules(estate, group));
    if let (Ok(kind), Some(name)) = (system_type(group), name) {
        draft.id = format!("{kind}/{name}");
    }
    draft
}

/// The rules of the group. A group of the same name for another type of file system has its own.
fn rules(estate: &Estate, group: &Resource) -> Read<Value> {
    let kind = system_type(group)?;
    let mut rules = Vec::new();
    for rule in parts(estate, group, RULES)? {
        if system_type(rule)? == kind {
            rules.push(access_rule(rule)?);
        }
    }
    Ok(json!({ "AccessRules": { "AccessRule": rules } }))
}

fn access_rule(rule: &Resource) -> Read<Value> {
    let item = rule.item();
    Fields::new()
        .put("AccessRuleId", item.text_if_any("access_rule_id"))
        .put("SourceCidrIp", Ok(item.text("source_cidr_ip")?))
        .put(
            "Ipv6SourceCidrIp",
            Ok(item.text_if_any("ipv6_source_cidr_ip")?),
        )
        .put("RWAccess", item.text_if_any("rw_access_type"))
        .put("UserAccess", item.text_if_any("user_access_type"))
        .done()
}
