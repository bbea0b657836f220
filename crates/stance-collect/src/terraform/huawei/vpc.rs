//! `huaweicloud_networking_secgroup` with `huaweicloud_networking_secgroup_rule`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, parts};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::resource::{Item, Read, Resource};

const RULES: Link = Link {
    kind: "huaweicloud_networking_secgroup_rule",
    by: "security_group_id",
    to: &["id"],
};

/// `huawei/vpc/security_group`.
pub(in crate::terraform) fn group(estate: &Estate, group: &Resource) -> Draft {
    let list = Fields::new()
        .put("id", group.item().text("id"))
        .put("name", group.item().text("name"))
        .put("description", group.item().text_if_any("description"));
    Draft::new("huawei/vpc/security_group", group)
        .name(group, &["name"])
        .region(group.identity("region"))
        .call("list", list.done())
        .call("rules", rules(estate, group))
}

/// The rules of the group itself, which newer providers read back, and those in resources of their own. The rules that
/// a new group comes with admit its own members only.
fn rules(estate: &Estate, group: &Resource) -> Read<Value> {
    let own = if group.fresh {
        Vec::new()
    } else {
        group.item().blocks("rules")?
    };
    let apart = match own.is_empty() {
        true => parts(estate, group, RULES)?,
        false => estate.belonging(group, RULES)?,
    };
    let apart = apart.iter().map(|rule| rule.item());
    let rules: Vec<Value> = own
        .into_iter()
        .chain(apart)
        .map(|r| rule(&r))
        .collect::<Read<_>>()?;
    Ok(json!({ "security_group_rules": rules }))
}

/// Defaults (huaweicloud_networking_secgroup_rule, argument reference): `action` allow, `priority` 1. No remote side
/// means any address.
fn rule(rule: &Item<'_>) -> Read<Value> {
    Fields::new()
        .put("id", Ok(rule.text_if_any("id").unwrap_or_default()))
        .set("direction", rule.need("direction")?)
        .set(
            "action",
            rule.text_if_any("action")?.unwrap_or("allow".into()),
        )
        .set(
            "priority",
            if rule.has("priority") {
                rule.int("priority")?.unwrap_or(1)
            } else {
                1
            },
        )
        .put("ethertype", Ok(rule.text("ethertype")?))
        .put("protocol", Ok(rule.text("protocol")?))
        .put("multiport", Ok(ports(rule)?))
        .put("remote_ip_prefix", Ok(rule.text("remote_ip_prefix")?))
        .put("remote_group_id", Ok(rule.text("remote_group_id")?))
        .put(
            "remote_address_group_id",
            Ok(rule.text_if_any("remote_address_group_id")?),
        )
        .done()
}

/// The ports as one text: `ports`, or the older `port_range_min` and `port_range_max`, 0 or absent for all.
fn ports(rule: &Item<'_>) -> Read<Option<String>> {
    if let Some(ports) = rule.text_if_any("ports")? {
        return Ok(Some(ports));
    }
    let bound = |name: &str| {
        if rule.has(name) {
            rule.int(name)
        } else {
            Ok(None)
        }
    };
    match (bound("port_range_min")?, bound("port_range_max")?) {
        (Some(low), Some(high)) if low > 0 && high > 0 => Ok(Some(format!("{low}-{high}"))),
        _ => Ok(None),
    }
}
