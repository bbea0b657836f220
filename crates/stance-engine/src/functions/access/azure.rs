//! Network security groups of Azure: `securityRules[]` with `properties`; priority, lower first; source prefixes `*`,
//! `Internet`, `Any`, blocks and service tags. A service tag other than Internet is never any source.

use sonic_rs::{JsonValueTrait, Value};

use super::draft::{Draft, Parts, Reading};
use super::exposed as open_to_any;
use crate::eval::Eval;
use crate::net::ip::IpSet;
use crate::value::{Val, Why};

pub(in crate::functions) fn exposed<'a>(
    rules: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    open_to_any(rules, ports, eval, |json, _| {
        vec![read(json, eval).unwrap_or_else(Reading::Unknown)]
    })
}

fn read<'a>(json: &'a Value, eval: &Eval<'a>) -> Result<Reading<'a>, Why<'a>> {
    let outer = Draft::new(json, eval);
    let properties = json.get("properties").filter(|value| value.is_object());
    let mut draft = Draft::new(properties.ok_or_else(|| outer.absent("properties"))?, eval);
    match draft.required("direction")?.to_ascii_lowercase().as_str() {
        "inbound" => {}
        "outbound" => return Ok(Reading::Nothing),
        _ => return Err(draft.odd("direction")),
    }
    let allow = match draft.required("access")?.to_ascii_lowercase().as_str() {
        "allow" => true,
        "deny" => false,
        _ => return Err(draft.odd("access")),
    };
    let everything = |texts: Vec<&str>| texts.iter().all(|text| *text == "*" || *text == "Any");
    let destinations = both(
        &draft,
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
    )?;
    let origins = both(&draft, "sourcePortRange", "sourcePortRanges")?;
    let narrowed = !everything(destinations) || !everything(origins);
    if !allow && narrowed {
        // It denies only some of what an allowance lets in, so it closes nothing.
        return Ok(Reading::Nothing);
    }
    let prefixes = both(&draft, "sourceAddressPrefix", "sourceAddressPrefixes")?;
    for prefix in prefixes {
        source(&mut draft, prefix);
    }
    let grouped = draft.has_items("sourceApplicationSecurityGroups");
    if grouped {
        draft.labels.push("application groups".to_owned());
    }
    draft.needs_source();
    let ranges = both(&draft, "destinationPortRange", "destinationPortRanges")?;
    let ports = if ranges.is_empty() {
        Err(draft.absent("destinationPortRange"))
    } else {
        draft.ports("destinationPortRange", &ranges.join(","))
    };
    let order = draft.number("priority")?;
    let name = outer.text("name").ok().flatten();
    let parts = Parts {
        allow,
        order: order.ok_or_else(|| draft.absent("priority")),
        protocols: draft.protocols("protocol"),
        ports,
        lane: None,
        name: name.map_or_else(String::new, |name| format!(" ({name})")),
    };
    Ok(draft.finish(parts))
}

fn source(draft: &mut Draft<'_, '_>, prefix: &str) {
    let is_tag = prefix.starts_with(|c: char| c.is_ascii_alphabetic()) && !prefix.contains(':');
    match prefix.to_ascii_lowercase().as_str() {
        "*" | "any" | "internet" => {
            draft.labels.push(prefix.to_owned());
            draft.sources.push(IpSet::any());
        }
        _ if is_tag => draft.labels.push(prefix.to_owned()),
        _ => draft.block(prefix),
    }
}

/// The one text under a key and the texts of the list under its plural.
fn both<'a>(draft: &Draft<'_, 'a>, one: &str, many: &str) -> Result<Vec<&'a str>, Why<'a>> {
    let mut texts = draft.texts(many)?;
    texts.extend(draft.text(one)?);
    Ok(texts)
}
