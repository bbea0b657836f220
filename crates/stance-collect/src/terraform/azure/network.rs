//! `azurerm_network_security_group` with `azurerm_network_security_rule`.

use serde_json::{Value, json};

use crate::terraform::draft::{Draft, Fields};
use crate::terraform::estate::{Estate, Link};
use crate::terraform::place;
use crate::terraform::resource::{Item, Read, Resource};

const RULES: Link = Link {
    kind: "azurerm_network_security_rule",
    by: "network_security_group_name",
    to: &["name"],
};

/// `azure/network/security_group`.
pub(in crate::terraform) fn security_group(estate: &Estate, group: &Resource) -> Draft {
    Draft::new("azure/network/security_group", group)
        .name(group, &["name"])
        .region(place::location(group))
        .account(place::subscription(group))
        .call("list", list(estate, group))
}

fn list(estate: &Estate, group: &Resource) -> Read<Value> {
    Ok(json!({
        "id": group.identity("id"),
        "name": group.identity("name"),
        "location": place::location(group),
        "properties": { "securityRules": rules(estate, group)? },
    }))
}

/// The rules of the group itself, which are read back, and those in resources of their own. Of a group that is still to
/// be created the former are not known unless it has some; one with rules apart has none itself, since the provider
/// does not allow both. Azure's default rules are no part of `securityRules`.
fn rules(estate: &Estate, group: &Resource) -> Read<Vec<Value>> {
    let mut rules = Vec::new();
    for rule in estate.belonging(group, RULES)? {
        // A name is unique within its resource group only.
        let place = "resource_group_name";
        if rule.item().text(place)? == group.item().text(place)? {
            rules.push(self::rule(&rule.item())?);
        }
    }
    if rules.is_empty() || !group.is_left_to_default("security_rule") {
        for rule in group.item().all_blocks("security_rule")? {
            rules.push(self::rule(&rule)?);
        }
    }
    Ok(rules)
}

fn rule(rule: &Item<'_>) -> Read<Value> {
    let properties = Fields::new()
        .set("priority", rule.int("priority")?)
        .set("direction", rule.need("direction")?)
        .set("access", rule.need("access")?)
        .set("protocol", rule.need("protocol")?)
        .put(
            "sourceAddressPrefix",
            Ok(rule.text("source_address_prefix")?),
        )
        .set(
            "sourceAddressPrefixes",
            rule.texts("source_address_prefixes")?,
        )
        .put(
            "destinationPortRange",
            Ok(rule.text("destination_port_range")?),
        )
        .set(
            "destinationPortRanges",
            rule.texts("destination_port_ranges")?,
        );
    Ok(json!({ "name": rule.text("name")?, "properties": properties.value() }))
}
