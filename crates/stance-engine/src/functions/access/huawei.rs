//! Security groups of Huawei Cloud: `security_group_rules` of VPC v3. Priority 1 to 100, lower first, deny wins ties;
//! an absent protocol or port means all; a rule without a remote side admits any source; address groups are not
//! resolved.

use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::draft::{Draft, Parts, Reading};
use super::exposed as open_to_any;
use crate::eval::Eval;
use crate::net::access::Protocols;
use crate::net::ip::IpSet;
use crate::net::ports::PortSet;
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
    let mut draft = Draft::new(json, eval);
    match draft.required("direction")?.to_ascii_lowercase().as_str() {
        "ingress" => {}
        "egress" => return Ok(Reading::Nothing),
        _ => return Err(draft.odd("direction")),
    }
    let allow = match draft.required("action")?.to_ascii_lowercase().as_str() {
        "allow" => true,
        "deny" => false,
        _ => return Err(draft.odd("action")),
    };
    sources(&mut draft, eval)?;
    let order = draft.number("priority")?;
    let id = draft.text("id").ok().flatten();
    let parts = Parts {
        allow,
        order: order.ok_or_else(|| draft.absent("priority")),
        protocols: protocols(&draft, json),
        ports: ports(&draft, json),
        lane: None,
        name: id.map_or_else(String::new, |id| format!(" ({id})")),
    };
    Ok(draft.finish(parts))
}

/// An absent protocol means all of them.
fn protocols<'a>(draft: &Draft<'_, 'a>, json: &'a Value) -> Result<Protocols, Why<'a>> {
    let number = json.get("protocol").and_then(|value| value.as_i64());
    match number {
        Some(number) => Protocols::parse(&number.to_string()).ok_or_else(|| draft.odd("protocol")),
        None => match draft.text("protocol")? {
            None => Ok(Protocols::ALL),
            Some(name) => Protocols::parse(name).ok_or_else(|| draft.odd("protocol")),
        },
    }
}

/// Absent ports mean all of them.
fn ports<'a>(draft: &Draft<'_, 'a>, json: &'a Value) -> Result<PortSet, Why<'a>> {
    match json.get("multiport").filter(|value| !value.is_null()) {
        None => Ok(PortSet::any()),
        Some(value) => match value.as_str() {
            Some("") => Ok(PortSet::any()),
            Some(text) => draft.ports("multiport", text),
            None => Err(draft.odd("multiport")),
        },
    }
}

fn sources<'a>(draft: &mut Draft<'_, 'a>, eval: &Eval<'a>) -> Result<(), Why<'a>> {
    draft.block_of("remote_ip_prefix");
    match draft.text("remote_address_group_id") {
        Ok(Some(group)) => {
            draft.labels.push(format!("address group {group}"));
            let about = format!("address group {group}");
            draft.unknown_sources(eval.why(ReasonKind::NotCollected, &about));
        }
        Ok(None) => {}
        Err(why) => draft.unknown_sources(why),
    }
    match draft.text("remote_group_id") {
        Ok(Some(group)) => draft.labels.push(format!("group {group}")),
        Ok(None) => {}
        Err(why) => draft.unknown_sources(why),
    }
    if draft.labels.is_empty() && draft.missing.is_none() {
        // No remote side: any source of the rule's family.
        let v6 = match draft.required("ethertype")?.to_ascii_lowercase().as_str() {
            "ipv6" => true,
            "ipv4" => false,
            _ => return Err(draft.odd("ethertype")),
        };
        draft.labels.push("any".to_owned());
        draft
            .sources
            .push(if v6 { IpSet::any_v6() } else { IpSet::any_v4() });
    }
    Ok(())
}
