//! Security groups of Tencent Cloud: `SecurityGroupPolicySet.Ingress` of DescribeSecurityGroupPolicies. Rules decide in
//! the order of `PolicyIndex`; sources are blocks, other groups, or address templates, which are not resolved: a rule
//! that names a template may match more than is known.

use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::{Rules, cidr, exposed as open_to_any, number, text};
use crate::eval::Eval;
use crate::net::access::{OpenEnded, Protocols, Rule};
use crate::net::ip::IpSet;
use crate::net::ports::PortSet;
use crate::value::{Val, Why};

pub(in crate::functions) fn exposed<'a>(
    ingress: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    match Rules::of(ingress, eval, |json, at| read(json, at, eval)) {
        Ok(rules) => open_to_any(rules, ports, eval),
        Err(unknown) => unknown,
    }
}

fn read<'a>(json: &'a Value, at: usize, eval: &Eval<'a>) -> (Vec<Rule>, Option<Why<'a>>) {
    let allow = match text(json, "Action").to_ascii_lowercase().as_str() {
        "accept" => true,
        "drop" => false,
        _ => {
            return (
                Vec::new(),
                Some(eval.why_mismatch(
                    "an access rule",
                    "an action that is neither ACCEPT nor DROP",
                )),
            );
        }
    };
    let (sources, mut missing) = sources(json, eval);
    let port = text(json, "Port");
    let ports = PortSet::parse(if port.is_empty() { "ALL" } else { port });
    if ports.is_none() {
        missing = Some(eval.why_mismatch("an access rule", "a port range that cannot be read"));
    }
    if has_template(json, "ServiceTemplate") {
        missing = Some(eval.why(ReasonKind::NotCollected, "service template"));
    }
    let rule = Rule {
        allow,
        order: number(json, "PolicyIndex").unwrap_or_else(|| i64::try_from(at).unwrap_or(i64::MAX)),
        protocols: Protocols::parse(text(json, "Protocol")),
        ports: ports.unwrap_or_default(),
        sources,
        open_ended: OpenEnded {
            sources: missing.is_some(),
            ports: missing.is_some(),
        },
        label: block(json).to_owned(),
    };
    (vec![rule], missing)
}

fn block(json: &Value) -> &str {
    let v4 = text(json, "CidrBlock");
    if v4.is_empty() {
        text(json, "Ipv6CidrBlock")
    } else {
        v4
    }
}

fn sources<'a>(json: &'a Value, eval: &Eval<'a>) -> (IpSet, Option<Why<'a>>) {
    if has_template(json, "AddressTemplate") {
        return (
            IpSet::default(),
            Some(eval.why(ReasonKind::NotCollected, "address template")),
        );
    }
    match block(json) {
        "" => (IpSet::default(), None),
        block => {
            cidr(block, eval).map_or_else(|why| (IpSet::default(), Some(why)), |set| (set, None))
        }
    }
}

fn has_template(json: &Value, key: &str) -> bool {
    let ids = |template: &Value| {
        ["AddressId", "AddressGroupId", "ServiceId", "ServiceGroupId"]
            .iter()
            .any(|id| !text(template, id).is_empty())
    };
    json.get(key).is_some_and(ids)
}
