//! Security groups of Alibaba Cloud: `Permissions.Permission` of DescribeSecurityGroupAttribute.
//!
//! Priority 1 to 100, lower first, Drop wins ties; a rule names an IPv4 block, an IPv6 block, a prefix list or another
//! group as its source, and ports or a port list (ECS 2014-05-26).

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::draft::{Draft, Parts, Reading};
use super::{Rules, exposed as open_to_any};
use crate::eval::Eval;
use crate::net::ports::PortSet;
use crate::related::Lookup;
use crate::value::{Val, Why};

const PREFIX_LIST: &str = "aliyun/ecs/prefix_list";
const PORT_LIST: &str = "aliyun/ecs/port_range_list";

pub(in crate::functions) fn lookups() -> Vec<Lookup> {
    [PREFIX_LIST, PORT_LIST]
        .into_iter()
        .filter_map(|t| super::super::lookup(t, "id"))
        .collect()
}

pub(in crate::functions) fn exposed<'a>(
    permissions: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    open_to_any(permissions, ports, eval, |json, at| {
        vec![read(json, at, eval)]
    })
}

/// The ingress rules of a group.
pub(super) fn rules<'a>(permissions: Val<'a>, eval: &Eval<'a>) -> Result<Rules<'a>, Val<'a>> {
    Rules::of(permissions, eval, |json, at| vec![read(json, at, eval)])
}

fn read<'a>(json: &'a Value, at: usize, eval: &Eval<'a>) -> Reading<'a> {
    read_or(json, at, eval).unwrap_or_else(Reading::Unknown)
}

fn read_or<'a>(json: &'a Value, at: usize, eval: &Eval<'a>) -> Result<Reading<'a>, Why<'a>> {
    let mut draft = Draft::new(json, eval);
    match draft.required("Direction")?.to_ascii_lowercase().as_str() {
        "ingress" => {}
        "egress" => return Ok(Reading::Nothing),
        _ => return Err(draft.odd("Direction")),
    }
    let allow = match draft.required("Policy")?.to_ascii_lowercase().as_str() {
        "accept" => true,
        "drop" => false,
        _ => return Err(draft.odd("Policy")),
    };
    let narrowed = ["DestCidrIp", "Ipv6DestCidrIp", "SourcePortRange"];
    let whole = |value: &str| matches!(value, "-1/-1" | "0.0.0.0/0" | "::/0");
    let narrowed = narrowed
        .iter()
        .any(|key| !matches!(draft.text(key), Ok(text) if text.is_none_or(whole)));
    if !allow && narrowed {
        // It drops only some of what an allowance lets in, so it closes nothing.
        return Ok(Reading::Nothing);
    }
    sources(&mut draft, eval);
    let order = match draft.number("Priority")? {
        Some(order) if (1..=100).contains(&order) => Ok(order),
        Some(_) => Err(draft.odd("Priority")),
        None => Err(draft.absent("Priority")),
    };
    let id = draft.text("SecurityGroupRuleId").ok().flatten();
    let name = id.map_or_else(|| format!(" (rule {})", at + 1), |id| format!(" ({id})"));
    let parts = Parts {
        allow,
        order,
        protocols: draft.protocols("IpProtocol"),
        ports: ports(&draft, eval),
        lane: draft.text("NicType")?.map(str::to_ascii_lowercase),
        name,
    };
    Ok(draft.finish(parts))
}

fn sources<'a>(draft: &mut Draft<'_, 'a>, eval: &Eval<'a>) {
    draft.block_of("SourceCidrIp");
    draft.block_of("Ipv6SourceCidrIp");
    match draft.text("SourcePrefixListId") {
        Ok(Some(list)) => {
            draft.labels.push(format!("prefix list {list}"));
            let mut blocks = Vec::new();
            let missing = entries(PREFIX_LIST, list, "Cidr", eval, |block| blocks.push(block));
            for block in blocks {
                match crate::net::ip::parse(block) {
                    Some(set) => draft.sources.push(set),
                    None => draft.unknown_sources(draft.odd("Cidr")),
                }
            }
            if let Some(why) = missing {
                draft.unknown_sources(why);
            }
        }
        Ok(None) => {}
        Err(why) => draft.unknown_sources(why),
    }
    match draft.text("SourceGroupId") {
        // Another group as source: only its members, never any source.
        Ok(Some(group)) => draft.labels.push(format!("group {group}")),
        Ok(None) => {}
        Err(why) => draft.unknown_sources(why),
    }
    draft.needs_source();
}

fn ports<'a>(draft: &Draft<'_, 'a>, eval: &Eval<'a>) -> Result<PortSet, Why<'a>> {
    let Some(list) = draft.text("PortRangeListId")? else {
        return draft.ports("PortRange", draft.required("PortRange")?);
    };
    let mut ranges = Vec::new();
    let missing = entries(PORT_LIST, list, "PortRange", eval, |range| {
        ranges.push(range);
    });
    match missing {
        Some(why) => Err(why),
        None => draft.ports("PortRange", &ranges.join(",")),
    }
}

/// Goes through the entries of a list asset by the text of a field; what could not be read of it comes back.
fn entries<'a>(
    asset_type: &str,
    id: &str,
    key: &str,
    eval: &Eval<'a>,
    mut each: impl FnMut(&'a str),
) -> Option<Why<'a>> {
    let gone = || eval.why(ReasonKind::NotCollected, &format!("{asset_type} {id}"));
    let lookup = super::super::lookup(asset_type, "id")?;
    let (assets, incomplete) = eval.find(&lookup, Some(id), false);
    let Some(asset) = assets.first() else {
        return Some(incomplete.unwrap_or_else(gone));
    };
    let attribute = match eval.fact(asset, "attribute") {
        Val::Object(attribute) => attribute,
        Val::Unknown(why) => return Some(why),
        _ => return Some(gone()),
    };
    // `Entries.Entry[]` of DescribePrefixListAttributes, `Entries[]` of DescribePortRangeListEntries.
    let entries = attribute.get("Entries");
    let list = entries.and_then(|e| e.get("Entry").or(Some(e)));
    let Some(list) = list.and_then(|list| list.as_array()) else {
        return Some(gone());
    };
    eval.spend(list.len() as u64);
    let mut missing = None;
    for entry in list {
        match super::draft::text(entry, key, eval) {
            Ok(Some(text)) => each(text),
            Ok(None) => missing = Some(gone()),
            Err(why) => missing = Some(why),
        }
    }
    missing
}
