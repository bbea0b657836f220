//! Effective exposure: which ports any source can reach under the rules of each cloud.

pub(super) mod aliyun;
pub(super) mod aws;
pub(super) mod azure;
pub(super) mod huawei;
pub(super) mod origin;
pub(super) mod tencent;

use sonic_rs::{JsonValueTrait, Value};

use crate::eval::Eval;
use crate::net::access::{self, Opening, Reading, Rule};
use crate::net::ip::{self, IpSet};
use crate::net::ports::PortSet;
use crate::value::{List, Val, Why};

/// The most rules that are looked at.
const RULES: usize = 4_096;

/// Rules read from an argument, with what could not be read of them.
#[derive(Default)]
pub(super) struct Rules<'a> {
    pub(super) read: Vec<Rule>,
    /// Why something could not be read.
    pub(super) missing: Option<Why<'a>>,
    /// There may be rules that nothing at all is known of.
    pub(super) unbounded: bool,
}

impl<'a> Rules<'a> {
    /// Reads each element with `one`; the second value of it says what could not be read of the element.
    pub(super) fn of(
        value: Val<'a>,
        eval: &Eval<'a>,
        mut one: impl FnMut(&'a Value, usize) -> (Vec<Rule>, Option<Why<'a>>),
    ) -> Result<Self, Val<'a>> {
        let List { items, incomplete } = match value {
            Val::List(list) => list,
            other => return Err(eval.mismatch("an access rule list", other.type_name())),
        };
        if items.len() > RULES {
            return Err(eval.mismatch("an access rule list", "more rules than can be looked at"));
        }
        let mut rules = Self {
            read: Vec::new(),
            missing: incomplete,
            unbounded: incomplete.is_some(),
        };
        for (number, item) in items.iter().enumerate() {
            match item {
                Val::Object(json) => {
                    let (read, missing) = one(json, number);
                    rules.unbounded |= read.is_empty() && missing.is_some();
                    rules.read.extend(read);
                    rules.missing = rules.missing.or(missing);
                }
                Val::Unknown(why) => rules.unknown(why),
                other => rules.unknown(eval.why_mismatch("an access rule", other.type_name())),
            }
        }
        Ok(rules)
    }

    /// Notes a rule of which nothing is known.
    fn unknown(&mut self, why: Why<'a>) {
        self.missing = Some(why);
        self.unbounded = true;
    }

    /// Adds the rules of another group on the same interface.
    pub(super) fn join(&mut self, other: Self) {
        self.read.extend(other.read);
        self.missing = self.missing.or(other.missing);
        self.unbounded |= other.unbounded;
    }
}

/// What any source can reach. Unknown when what could not be read of the rules would change the answer.
pub(super) fn exposed<'a>(rules: Rules<'a>, ports: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let ports = match super::ports::read(ports, eval) {
        Ok(ports) => ports,
        Err(unknown) => return unknown,
    };
    reached(rules, &ports, eval, |_, admitted| admitted.covers_public())
}

/// The openings under both readings of the rules, or unknown where they differ.
pub(super) fn reached<'a>(
    rules: Rules<'a>,
    ports: &PortSet,
    eval: &Eval<'a>,
    open: impl Fn(&IpSet, &IpSet) -> bool + Copy,
) -> Val<'a> {
    match openings(rules, ports, eval, open) {
        Ok(openings) => eval.list(openings.iter().map(|o| Val::Str(eval.text(&o.show())))),
        Err(unknown) => unknown,
    }
}

/// The openings, where they are certain.
pub(super) fn openings<'a>(
    mut rules: Rules<'a>,
    ports: &PortSet,
    eval: &Eval<'a>,
    open: impl Fn(&IpSet, &IpSet) -> bool + Copy,
) -> Result<Vec<Opening>, Val<'a>> {
    access::order(&mut rules.read);
    let cost: usize = rules
        .read
        .iter()
        .map(|rule| 1 + rule.sources.len() + rule.ports.0.len())
        .sum();
    eval.spend((cost * cost.min(256)) as u64);
    if eval.is_spent() {
        return Err(eval.out_of_budget());
    }
    let least = access::openings(&rules.read, ports, Reading::Least, open);
    let Some(why) = rules.missing else {
        return Ok(least);
    };
    // What is open in any case is open; what is closed in any case is closed; between the two nothing is known.
    let certain = !least.is_empty()
        || (!rules.unbounded
            && access::openings(&rules.read, ports, Reading::Most, open).is_empty());
    if certain {
        Ok(least)
    } else {
        Err(Val::Unknown(why))
    }
}

pub(super) fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json.get(key)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

/// A number that may be written as text.
pub(super) fn number(json: &Value, key: &str) -> Option<i64> {
    let value = json.get(key)?;
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// The set of a CIDR text; unknown when it is none.
pub(super) fn cidr<'a>(text: &str, eval: &Eval<'a>) -> Result<IpSet, Why<'a>> {
    ip::parse(text)
        .ok_or_else(|| eval.why_mismatch("an access rule", "a source that is no address block"))
}
