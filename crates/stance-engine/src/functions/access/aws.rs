//! Security groups of AWS: `IpPermissions` of DescribeSecurityGroups. Allowances only; an absent port range means all
//! ports; `-1` means all protocols. Prefix lists of AWS are not resolved: a rule that names one may admit more.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::ReasonKind;

use super::draft::{Draft, Parts, Reading, text};
use super::exposed as open_to_any;
use crate::eval::Eval;
use crate::net::ports::PortSet;
use crate::value::{Val, Why};

/// The lists of sources, each with the field that names one.
const SOURCES: [(&str, &str); 4] = [
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
];

pub(in crate::functions) fn exposed<'a>(
    permissions: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
) -> Val<'a> {
    open_to_any(permissions, ports, eval, |json, _| read(json, eval))
}

/// One reading for each source.
fn read<'a>(json: &'a Value, eval: &Eval<'a>) -> Vec<Reading<'a>> {
    let mut readings = Vec::new();
    for (list, key) in SOURCES {
        let Some(value) = json.get(list).filter(|value| !value.is_null()) else {
            continue;
        };
        let Some(items) = value.as_array() else {
            readings.push(Reading::Unknown(Draft::new(json, eval).odd(list)));
            continue;
        };
        for item in items {
            let mut draft = Draft::new(json, eval);
            match text(item, key, eval) {
                Ok(Some(name)) if key == "PrefixListId" => {
                    let about = format!("prefix list {name}");
                    draft.unknown_sources(eval.why(ReasonKind::NotCollected, &about));
                    draft.labels.push(about);
                }
                Ok(Some(name)) if key == "GroupId" => draft.labels.push(format!("group {name}")),
                Ok(Some(block)) => draft.block(block),
                Ok(None) => draft.unknown_sources(draft.absent(key)),
                Err(why) => draft.unknown_sources(why),
            }
            let parts = Parts {
                allow: true,
                order: Ok(0),
                protocols: draft.protocols("IpProtocol"),
                ports: ports(&draft),
                lane: None,
                name: String::new(),
            };
            readings.push(draft.finish(parts));
        }
    }
    readings
}

fn ports<'a>(draft: &Draft<'_, 'a>) -> Result<PortSet, Why<'a>> {
    match (draft.number("FromPort")?, draft.number("ToPort")?) {
        (None, None) => Ok(PortSet::any()),
        (Some(low), Some(high)) => PortSet::span(low, high).ok_or_else(|| draft.odd("FromPort")),
        (Some(_), None) => Err(draft.absent("ToPort")),
        (None, Some(_)) => Err(draft.absent("FromPort")),
    }
}
