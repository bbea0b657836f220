//! Security groups of Alibaba Cloud: `Permissions.Permission` of DescribeSecurityGroupAttribute.
//!
//! Priority 1 to 100, lower first, Drop wins ties; a rule names an IPv4 block, an IPv6 block, a prefix list or another
//! group as its source, and ports or a port list (ECS 2014-05-26).

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::{Rules, cidr, exposed as open_to_any, number, text};
use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::IpSet;
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
    match rules(permissions, eval) {
        Ok(rules) => open_to_any(rules, ports, eval),
        Err(unknown) => unknown,
    }
}

/// The ingress rules of a group.
pub(super) fn rules<'a>(permissions: Val<'a>, eval: &Eval<'a>) -> Result<Rules<'a>, Val<'a>> {
    Rules::of(permissions, eval, |json, number| {
        if text(json, "Direction").eq_ignore_ascii_case("egress") {
            return (Vec::new(), None);
        }
        let (rule, missing) = read(json, number, eval);
        (rule.into_iter().collect(), missing)
    })
}

fn read<'a>(json: &'a Value, at: usize, eval: &Eval<'a>) -> (Option<Rule>, Option<Why<'a>>) {
    let (sources, label, sources_missing) = sources(json, eval);
    let (ports, ports_missing) = ports(json, eval);
    let allow = match text(json, "Policy").to_ascii_lowercase().as_str() {
        "accept" => true,
        "drop" => false,
        _ => {
            return (
                None,
                Some(
                    eval.why_mismatch("an access rule", "a policy that is neither Accept nor Drop"),
                ),
            );
        }
    };
    let id = text(json, "SecurityGroupRuleId");
    let label = if id.is_empty() {
        format!("{label} (rule {})", at + 1)
    } else {
        format!("{label} ({id})")
    };
    let missing = sources_missing.or(ports_missing);
    let rule = Rule {
        allow,
        order: number(json, "Priority").unwrap_or(1),
        protocols: Protocols::parse(text(json, "IpProtocol")),
        ports,
        sources,
        open_ended: OpenEnded {
            sources: sources_missing.is_some(),
            ports: ports_missing.is_some(),
        },
        label,
    };
    (Some(rule), missing)
}

fn sources<'a>(json: &'a Value, eval: &Eval<'a>) -> (IpSet, String, Option<Why<'a>>) {
    let (v4, v6) = (text(json, "SourceCidrIp"), text(json, "Ipv6SourceCidrIp"));
    let list = text(json, "SourcePrefixListId");
    if !list.is_empty() {
        let (set, missing) = prefix_list(list, eval);
        return (set, format!("prefix list {list}"), missing);
    }
    let block = if v4.is_empty() { v6 } else { v4 };
    if block.is_empty() {
        // Another group as source: only its members, never any source.
        return (
            IpSet::default(),
            format!("group {}", text(json, "SourceGroupId")),
            None,
        );
    }
    match cidr(block, eval) {
        Ok(set) => (set, block.to_owned(), None),
        Err(why) => (IpSet::default(), block.to_owned(), Some(why)),
    }
}

fn prefix_list<'a>(id: &str, eval: &Eval<'a>) -> (IpSet, Option<Why<'a>>) {
    let mut set = IpSet::default();
    let missing = entries(PREFIX_LIST, id, eval, |entry| {
        match cidr(text(entry, "Cidr"), eval) {
            Ok(block) => {
                set = set.union(&block);
                None
            }
            Err(why) => Some(why),
        }
    });
    (set, missing)
}

fn ports<'a>(json: &'a Value, eval: &Eval<'a>) -> (PortSet, Option<Why<'a>>) {
    let list = text(json, "PortRangeListId");
    let bad = || eval.why_mismatch("an access rule", "a port range that cannot be read");
    if list.is_empty() {
        return match PortSet::parse(text(json, "PortRange")) {
            Some(ports) => (ports, None),
            None => (PortSet::default(), Some(bad())),
        };
    }
    let mut set = PortSet::default();
    let missing = entries(PORT_LIST, list, eval, |entry| {
        match PortSet::parse(text(entry, "PortRange")) {
            Some(ports) => {
                set = set.union(&ports);
                None
            }
            None => Some(bad()),
        }
    });
    (set, missing)
}

/// Goes through the entries of a list asset; what could not be read of it comes back.
fn entries<'a>(
    asset_type: &str,
    id: &str,
    eval: &Eval<'a>,
    mut each: impl FnMut(&'a Value) -> Option<Why<'a>>,
) -> Option<Why<'a>> {
    let gone = || eval.why(ReasonKind::NotCollected, &format!("{asset_type} {id}"));
    let Some(lookup) = super::super::lookup(asset_type, "id") else {
        return Some(gone());
    };
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
    let Some(list) = entries
        .and_then(|e| e.get("Entry").or(Some(e)))
        .and_then(|e| e.as_array())
    else {
        return Some(gone());
    };
    eval.spend(list.len() as u64);
    list.iter().filter_map(&mut each).last()
}
