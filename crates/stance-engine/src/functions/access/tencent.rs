//! Security groups of Tencent Cloud: `SecurityGroupPolicySet.Ingress` of DescribeSecurityGroupPolicies. Rules decide in
//! the order of `PolicyIndex`; sources are blocks, other groups, or address templates, which are not resolved: a rule
//! that names a template may match more than is known.

use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::draft::{Draft, Parts, Reading};
use super::exposed as open_to_any;
use crate::eval::Eval;
use crate::net::access::Protocols;
use crate::net::ports::PortSet;
use crate::value::{Val, Why};

pub(in crate::functions) fn exposed<'a>(
    ingress: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    open_to_any(ingress, ports, eval, |json, _| {
        vec![read(json, eval).unwrap_or_else(Reading::Unknown)]
    })
}

fn read<'a>(json: &'a Value, eval: &Eval<'a>) -> Result<Reading<'a>, Why<'a>> {
    let mut draft = Draft::new(json, eval);
    let allow = match draft.required("Action")?.to_ascii_lowercase().as_str() {
        "accept" => true,
        "drop" => false,
        _ => return Err(draft.odd("Action")),
    };
    draft.block_of("CidrBlock");
    draft.block_of("Ipv6CidrBlock");
    match draft.text("SecurityGroupId") {
        Ok(Some(group)) => draft.labels.push(format!("group {group}")),
        Ok(None) => {}
        Err(why) => draft.unknown_sources(why),
    }
    if template(&draft, json, "AddressTemplate")? {
        draft.unknown_sources(eval.why(ReasonKind::NotCollected, "address template"));
        draft.labels.push("address template".to_owned());
    }
    draft.needs_source();
    let service = template(&draft, json, "ServiceTemplate")?;
    let unresolved = || eval.why(ReasonKind::NotCollected, "service template");
    let order = draft.number("PolicyIndex")?;
    let parts = Parts {
        allow,
        order: order.ok_or_else(|| draft.absent("PolicyIndex")),
        protocols: if service {
            Err(unresolved())
        } else {
            protocols(&draft)
        },
        ports: if service {
            Err(unresolved())
        } else {
            ports(&draft)
        },
        lane: None,
        name: String::new(),
    };
    Ok(draft.finish(parts))
}

fn protocols<'a>(draft: &Draft<'_, 'a>) -> Result<Protocols, Why<'a>> {
    draft.protocols("Protocol")
}

/// An empty port means all, as the documentation has it for protocols without ports and for `ALL`.
fn ports<'a>(draft: &Draft<'_, 'a>) -> Result<PortSet, Why<'a>> {
    match draft.text("Port")? {
        None => Ok(PortSet::any()),
        Some(port) => draft.ports("Port", port),
    }
}

/// Whether a rule names a template there. One that is not as documented may.
fn template<'a>(draft: &Draft<'_, 'a>, json: &'a Value, key: &str) -> Result<bool, Why<'a>> {
    let Some(value) = json.get(key).filter(|value| !value.is_null()) else {
        return Ok(false);
    };
    if !value.is_object() {
        return Err(draft.odd(key));
    }
    let ids = ["AddressId", "AddressGroupId", "ServiceId", "ServiceGroupId"];
    let named = |id: &&str| {
        value
            .get(*id)
            .and_then(|v| v.as_str())
            .is_some_and(|v| !v.is_empty())
    };
    Ok(ids.iter().any(named))
}
