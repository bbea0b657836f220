//! `tencentcloud_security_group` with `tencentcloud_security_group_rule_set` or `tencentcloud_security_group_lite_rule`;
//! each of these owns all rules of its group. Single rules (`tencentcloud_security_group_rule`) say nothing of their
//! order and are not read.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields, part};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::resource::{Gap, Item, Read, Resource};

fn link(kind: &'static str) -> Link {
    Link {
        kind,
        by: "security_group_id",
        to: &["id"],
    }
}

/// `tencent/cvm/security_group`.
pub(in crate::terraform) fn group(estate: &Estate, group: &Resource) -> Draft {
    let list = Fields::new()
        .put("SecurityGroupId", group.item().text("id"))
        .put("SecurityGroupName", group.item().text("name"))
        .put("SecurityGroupDesc", group.item().text_if_any("description"));
    Draft::new("tencent/cvm/security_group", group)
        .name(group, &["name"])
        .call("list", list.done())
        .call("policies", policies(estate, group))
}

/// A new group has no rules and admits nothing (CreateSecurityGroup).
fn policies(estate: &Estate, group: &Resource) -> Read<Value> {
    if !estate
        .belonging(group, link("tencentcloud_security_group_rule"))?
        .is_empty()
    {
        let message = format!(
            "the rules of {} stand alone; their order is not known",
            group.address
        );
        return Err(Gap(message));
    }
    let ingress = match estate.the_one(group, link("tencentcloud_security_group_lite_rule"))? {
        Some(rules) => lite(&rules.item())?,
        None => match part(estate, group, link("tencentcloud_security_group_rule_set"))? {
            Some(rules) => ordered(&rules.item())?,
            None => Vec::new(),
        },
    };
    Ok(json!({ "SecurityGroupPolicySet": { "Ingress": ingress } }))
}

fn ordered(rules: &Item<'_>) -> Read<Vec<Value>> {
    rules
        .all_blocks("ingress")?
        .iter()
        .enumerate()
        .map(|(at, rule)| policy(at, rule))
        .collect()
}

fn policy(at: usize, rule: &Item<'_>) -> Read<Value> {
    let template = |id: &str, group: &str, keys: [&str; 2]| {
        let [id_key, group_key] = keys;
        let fields = Fields::new()
            .put(id_key, Ok(rule.text_if_any(id)?))
            .put(group_key, Ok(rule.text_if_any(group)?));
        Ok::<_, Gap>(fields.value())
    };
    let address = template(
        "address_template_id",
        "address_template_group",
        ["AddressId", "AddressGroupId"],
    )?;
    let service = template(
        "service_template_id",
        "service_template_group",
        ["ServiceId", "ServiceGroupId"],
    )?;
    Fields::new()
        .set("PolicyIndex", at)
        .set("Action", rule.need("action")?)
        .put("Protocol", Ok(rule.text("protocol")?))
        .put("Port", Ok(rule.text("port")?))
        .put("CidrBlock", Ok(rule.text("cidr_block")?))
        .put("Ipv6CidrBlock", Ok(rule.text_if_any("ipv6_cidr_block")?))
        .put(
            "SecurityGroupId",
            Ok(rule.text_if_any("source_security_id")?),
        )
        .set("AddressTemplate", address)
        .set("ServiceTemplate", service)
        .done()
}

/// Rules as texts: `ACCEPT#10.0.0.0/8#22#TCP`. The source may be a block or the id of a group or template.
fn lite(rules: &Item<'_>) -> Read<Vec<Value>> {
    let rule = |(at, text): (usize, &String)| {
        let parts: Vec<&str> = text.split('#').collect();
        let [action, source, port, protocol] = parts.as_slice() else {
            return Err(rules.gap("ingress", "has a rule that cannot be read"));
        };
        let fields = Fields::new()
            .set("PolicyIndex", at)
            .set("Action", *action)
            .set("Protocol", *protocol)
            .set("Port", *port);
        lite_source(fields, source).done()
    };
    rules
        .texts("ingress")?
        .iter()
        .enumerate()
        .map(rule)
        .collect()
}

fn lite_source(fields: Fields, source: &str) -> Fields {
    match source.split_once('-').map(|(kind, _)| kind) {
        Some("sg") => fields.set("SecurityGroupId", source),
        Some("ipm") => fields.set("AddressTemplate", json!({ "AddressId": source })),
        Some("ipmg") => fields.set("AddressTemplate", json!({ "AddressGroupId": source })),
        _ if source.contains(':') => fields.set("Ipv6CidrBlock", source),
        _ => fields.set("CidrBlock", source),
    }
}
