//! Security groups of AWS: `IpPermissions` of DescribeSecurityGroups. Allowances only; an absent port range means all
//! ports; `-1` means all protocols. Prefix lists of AWS are not resolved: a rule that names one may admit more.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::{Rules, cidr, exposed as open_to_any, number, text};
use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::IpSet;
use crate::net::ports::PortSet;
use crate::value::{Val, Why};

pub(in crate::functions) fn exposed<'a>(
    permissions: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    match Rules::of(permissions, eval, |json, _| read(json, eval)) {
        Ok(rules) => open_to_any(rules, ports, eval),
        Err(unknown) => unknown,
    }
}

fn read<'a>(json: &'a Value, eval: &Eval<'a>) -> (Vec<Rule>, Option<Why<'a>>) {
    let range = match (number(json, "FromPort"), number(json, "ToPort")) {
        (Some(low), Some(high)) => PortSet::span(low, high),
        _ => Some(PortSet::any()),
    };
    let Some(ports) = range else {
        return (
            Vec::new(),
            Some(eval.why_mismatch("an access rule", "a port range that cannot be read")),
        );
    };
    let rule = |label: &str, sources: Option<IpSet>| Rule {
        allow: true,
        order: 0,
        protocols: Protocols::parse(text(json, "IpProtocol")),
        ports: ports.clone(),
        open_ended: OpenEnded {
            sources: sources.is_none(),
            ports: false,
        },
        sources: sources.unwrap_or_default(),
        label: label.to_owned(),
    };
    let mut missing = None;
    let mut rules = Vec::new();
    for (list, key) in [
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
    ] {
        for block in json
            .get(list)
            .and_then(|l| l.as_array())
            .into_iter()
            .flat_map(|l| l.iter())
        {
            let label = text(block, key);
            let sources = if key == "PrefixListId" {
                Err(eval.why(ReasonKind::NotCollected, &format!("prefix list {label}")))
            } else {
                cidr(label, eval)
            };
            missing = missing.or(sources.as_ref().err().copied());
            rules.push(rule(label, sources.ok()));
        }
    }
    (rules, missing)
}
