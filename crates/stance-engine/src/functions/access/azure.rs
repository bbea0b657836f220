//! Network security groups of Azure: `securityRules[]` with `properties`; priority, lower first; source prefixes `*`,
//! `Internet`, `Any`, blocks and service tags. A service tag other than Internet is never any source.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

use super::{Rules, exposed as open_to_any, number, text};
use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::{self, IpSet};
use crate::net::ports::PortSet;
use crate::value::{Val, Why};

pub(in crate::functions) fn exposed<'a>(
    rules: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    match Rules::of(rules, eval, |json, _| read(json, eval)) {
        Ok(rules) => open_to_any(rules, ports, eval),
        Err(unknown) => unknown,
    }
}

fn read<'a>(json: &'a Value, eval: &Eval<'a>) -> (Vec<Rule>, Option<Why<'a>>) {
    let properties = json.get("properties").unwrap_or(json);
    if !text(properties, "direction").eq_ignore_ascii_case("inbound") {
        return (Vec::new(), None);
    }
    let bad = |what: &str| (Vec::new(), Some(eval.why_mismatch("an access rule", what)));
    let allow = match text(properties, "access").to_ascii_lowercase().as_str() {
        "allow" => true,
        "deny" => false,
        _ => return bad("an access that is neither Allow nor Deny"),
    };
    let ranges = both(properties, "destinationPortRange", "destinationPortRanges");
    let Some(ports) = PortSet::parse(&ranges.join(",")) else {
        return bad("a port range that cannot be read");
    };
    let prefixes = both(properties, "sourceAddressPrefix", "sourceAddressPrefixes");
    let sources = prefixes
        .iter()
        .fold(IpSet::default(), |all, prefix| all.union(&source(prefix)));
    let label = format!("{} ({})", prefixes.join(","), text(json, "name"));
    let rule = Rule {
        allow,
        order: number(properties, "priority").unwrap_or(i64::MAX),
        protocols: Protocols::parse(text(properties, "protocol")),
        ports,
        sources,
        open_ended: OpenEnded::default(),
        label,
    };
    (vec![rule], None)
}

fn source(prefix: &str) -> IpSet {
    match prefix.to_ascii_lowercase().as_str() {
        "*" | "any" | "internet" => IpSet::any(),
        _ => ip::parse(prefix).unwrap_or_default(),
    }
}

/// The one text under a key and the texts of the list under its plural.
fn both<'a>(json: &'a Value, one: &str, many: &str) -> Vec<&'a str> {
    let list = json.get(many).and_then(|l| l.as_array());
    let many = list
        .into_iter()
        .flat_map(|l| l.iter())
        .filter_map(|v| v.as_str());
    std::iter::once(text(json, one))
        .chain(many)
        .filter(|t| !t.is_empty())
        .collect()
}
