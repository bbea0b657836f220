//! `alicloud_security_group` with `alicloud_security_group_rule`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::resource::{Item, Read, Resource};

const RULES: Link = Link {
    kind: "alicloud_security_group_rule",
    by: "security_group_id",
    to: &["id"],
};

/// `aliyun/ecs/security_group`. A new group has no rules of its own (CreateSecurityGroup).
pub(in crate::terraform) fn group(estate: &Estate, group: &Resource) -> Draft {
    Draft::new("aliyun/ecs/security_group", group)
        .name(group, &["security_group_name", "name"])
        .call("list", list(group))
        .call("attribute", attribute(estate, group))
}

fn list(group: &Resource) -> Read<Value> {
    let item = group.item();
    Fields::new()
        .put("SecurityGroupId", item.text("id"))
        .put("SecurityGroupName", item.text_if_any("name"))
        .put("SecurityGroupType", item.text_if_any("security_group_type"))
        .put("VpcId", item.text("vpc_id"))
        .done()
}

fn attribute(estate: &Estate, group: &Resource) -> Read<Value> {
    let rules = parts(estate, group, RULES)?;
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| permission(estate, rule))
        .collect::<Read<_>>()?;
    Fields::new()
        .put(
            "InnerAccessPolicy",
            group.item().text_if_any("inner_access_policy"),
        )
        .set("Permissions", json!({ "Permission": rules }))
        .done()
}

/// Defaults (alicloud_security_group_rule, argument reference): `policy` accept, `priority` 1.
fn permission(estate: &Estate, rule: &Resource) -> Read<Value> {
    let item = rule.item();
    let policy = match item.text("policy")?.as_deref() {
        None | Some("accept") => "Accept",
        Some("drop") => "Drop",
        Some(_) => return Err(item.gap("policy", "is neither accept nor drop")),
    };
    let fields = Fields::new()
        .set("Direction", item.need("type")?)
        .set("Policy", policy)
        .set("Priority", item.int("priority")?.unwrap_or(1))
        .set("IpProtocol", item.need("ip_protocol")?.to_uppercase());
    remote(estate, rule, ports(&item, fields)?)?.done()
}

fn ports(item: &Item<'_>, fields: Fields) -> Read<Fields> {
    match item.text_if_any("port_range_list_id")? {
        Some(list) => Ok(fields.set("PortRangeListId", list)),
        None => Ok(fields.set("PortRange", item.need("port_range")?)),
    }
}

/// The other side. A group is named by what it is called here, be it a resource that is still to be created.
fn remote(estate: &Estate, rule: &Resource, fields: Fields) -> Read<Fields> {
    let item = rule.item();
    let sides = [
        ("SourceCidrIp", item.text("cidr_ip")?),
        ("Ipv6SourceCidrIp", item.text_if_any("ipv6_cidr_ip")?),
        ("SourcePrefixListId", item.text_if_any("prefix_list_id")?),
        ("SourceGroupId", group_id(estate, rule)?),
    ];
    let given: Vec<_> = sides
        .into_iter()
        .filter_map(|(key, side)| Some((key, side?)))
        .collect();
    if given.is_empty() {
        return Err(item.gap("cidr_ip", "and every other source are not set"));
    }
    Ok(given
        .into_iter()
        .fold(fields, |fields, (key, side)| fields.set(key, side)))
}

fn group_id(estate: &Estate, rule: &Resource) -> Read<Option<String>> {
    if !rule.item().has("source_security_group_id") {
        return Ok(None);
    }
    estate.id_of(rule, "source_security_group_id")
}
