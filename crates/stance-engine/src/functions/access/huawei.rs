//! Security groups of Huawei Cloud: `security_group_rules` of VPC v3. Priority 1 to 100, lower first, deny wins ties;
//! an absent protocol or port means all; a rule without a remote side admits any source; address groups are not
//! resolved.

use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::{Rules, cidr, exposed as open_to_any, number, text};
use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::IpSet;
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
    if !text(json, "direction").eq_ignore_ascii_case("ingress") {
        return (Vec::new(), None);
    }
    let (sources, mut missing) = sources(json, eval);
    let multiport = json.get("multiport");
    let ports = match multiport.filter(|value| !value.is_null()) {
        None => Some(PortSet::any()),
        Some(value) => value
            .as_str()
            .and_then(|t| PortSet::parse(if t.is_empty() { "all" } else { t })),
    };
    if ports.is_none() {
        missing = Some(eval.why_mismatch("an access rule", "a port range that cannot be read"));
    }
    let prefix = text(json, "remote_ip_prefix");
    let rule = Rule {
        allow: !text(json, "action").eq_ignore_ascii_case("deny"),
        order: number(json, "priority").unwrap_or(1),
        protocols: Protocols::parse(text(json, "protocol")),
        ports: ports.unwrap_or_default(),
        sources,
        open_ended: OpenEnded {
            sources: missing.is_some(),
            ports: missing.is_some(),
        },
        label: format!(
            "{} ({})",
            if prefix.is_empty() { "any" } else { prefix },
            text(json, "id")
        ),
    };
    (vec![rule], missing)
}

fn sources<'a>(json: &'a Value, eval: &Eval<'a>) -> (IpSet, Option<Why<'a>>) {
    let prefix = text(json, "remote_ip_prefix");
    if !prefix.is_empty() {
        return cidr(prefix, eval)
            .map_or_else(|why| (IpSet::default(), Some(why)), |set| (set, None));
    }
    let group = text(json, "remote_address_group_id");
    if !group.is_empty() {
        return (
            IpSet::default(),
            Some(eval.why(ReasonKind::NotCollected, &format!("address group {group}"))),
        );
    }
    if !text(json, "remote_group_id").is_empty() {
        return (IpSet::default(), None);
    }
    // No remote side: any source of the rule's family.
    let v6 = text(json, "ethertype").eq_ignore_ascii_case("ipv6");
    (if v6 { IpSet::any_v6() } else { IpSet::any_v4() }, None)
}
