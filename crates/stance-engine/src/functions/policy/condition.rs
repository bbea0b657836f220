//! Conditions of a statement: do they keep strangers out?

use serde_json::Value;

use super::statement::texts;
use crate::net::ip::{self, IpSet};

/// What the condition of a statement does to who it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Restriction {
    /// There is none.
    None,
    /// There is one, and it keeps nobody out: a condition on transport or time.
    Idle,
    /// It keeps strangers out: a source address that is not any, a VPC, an organisation or an account.
    Strangers,
    /// It names who may, in a form that cannot be read.
    Unclear,
}

/// Keys that name where a request comes from or who sends it.
const NAMES: [&str; 9] = [
    "sourcevpc",
    "sourcevpce",
    "principalorgid",
    "principalaccount",
    "sourceaccount",
    "sourcearn",
    "rdid",
    "principalrdid",
    "vpcid",
];

/// What a `Condition` does; none: it is not as documented.
pub(super) fn restriction(condition: Option<&Value>) -> Option<Restriction> {
    let Some(condition) = condition.filter(|value| !value.is_null()) else {
        return Some(Restriction::None);
    };
    let mut found = Restriction::None;
    for (operator, keys) in condition.as_object()? {
        for (key, values) in keys.as_object()? {
            let mut given = Vec::new();
            // Values may be bools or numbers, too; those name nobody.
            let read = texts(values, &mut given).is_some();
            found = stronger(found, one(operator, key, read.then_some(&given)));
        }
    }
    Some(found)
}

/// All conditions must hold, so the strongest counts.
fn stronger(a: Restriction, b: Restriction) -> Restriction {
    let rank = |r: Restriction| match r {
        Restriction::None => 0,
        Restriction::Idle => 1,
        Restriction::Unclear => 2,
        Restriction::Strangers => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}

fn one(operator: &str, key: &str, values: Option<&Vec<String>>) -> Restriction {
    let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
    let name = key.rsplit(':').next().unwrap_or(&key);
    let is_address = matches!(name, "sourceip" | "vpcsourceip");
    if !is_address && !NAMES.contains(&name) {
        return Restriction::Idle;
    }
    if operator.contains("not") || operator == "null" || operator == "bool" {
        return Restriction::Idle;
    }
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return Restriction::Unclear;
    };
    if is_address {
        return addresses(values);
    }
    // A request that does not carry the key passes the operators that ask only if it exists; a wildcard is anybody's.
    let open = operator.ends_with("ifexists") || values.iter().any(|v| v.contains(['*', '?']));
    if open {
        Restriction::Idle
    } else {
        Restriction::Strangers
    }
}

fn addresses(values: &[String]) -> Restriction {
    let sets: Option<Vec<IpSet>> = values.iter().map(|value| ip::parse(value)).collect();
    match sets {
        None => Restriction::Unclear,
        Some(sets) if IpSet::of_all(&sets).covers_public() => Restriction::Idle,
        Some(_) => Restriction::Strangers,
    }
}
