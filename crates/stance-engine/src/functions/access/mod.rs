//! Effective exposure: which ports any source can reach under the rules of each cloud.

pub(super) mod aliyun;
pub(super) mod aws;
pub(super) mod azure;
mod draft;
pub(super) mod huawei;
pub(super) mod origin;
pub(super) mod tencent;

use sonic_rs::Value;

use crate::eval::Eval;
use crate::net::access::{self, Opening, Reading as Side, Rule};
use crate::net::ip::IpSet;
use crate::net::ports::PortSet;
use crate::value::{Items, List, Val, Why};

use draft::Reading;

/// The most rules that are looked at.
const RULES: usize = 4_096;

/// Rules read from an argument, with what could not be read of them.
#[derive(Default)]
pub(super) struct Rules<'a> {
    read: Vec<Rule>,
    /// Why something could not be read.
    missing: Option<Why<'a>>,
    /// There may be rules that nothing at all is known of.
    unbounded: bool,
}

impl<'a> Rules<'a> {
    /// Reads each element with `one`. Lists in the list are the rules of several groups on one interface.
    fn of(
        value: Val<'a>,
        eval: &Eval<'a>,
        one: impl Fn(&'a Value, usize) -> Vec<Reading<'a>>,
    ) -> Result<Self, Val<'a>> {
        let mut rules = Self::default();
        match value.as_list() {
            Some(list) => rules.list(list, eval, &one, true),
            None => return Err(eval.mismatch("an access rule list", value.type_name())),
        }
        if rules.read.len() > RULES {
            return Err(eval.mismatch("an access rule list", "more rules than can be looked at"));
        }
        Ok(rules)
    }

    fn list(
        &mut self,
        List { items, incomplete }: List<'a>,
        eval: &Eval<'a>,
        one: &impl Fn(&'a Value, usize) -> Vec<Reading<'a>>,
        outer: bool,
    ) {
        if let Some(why) = incomplete {
            self.unknown(why);
        }
        eval.spend(items.len() as u64);
        for (number, item) in items.iter().enumerate().take(RULES + 1) {
            match (item.as_list(), item) {
                (_, Val::Object(json)) => one(json, number)
                    .into_iter()
                    .for_each(|read| self.add(read)),
                (Some(inner), _) if outer => self.list(inner, eval, one, false),
                (_, Val::Unknown(why)) => self.unknown(why),
                (_, other) => self.unknown(eval.why_mismatch("an access rule", other.type_name())),
            }
        }
        if outer && matches!(items, Items::Json(rules) if rules.len() > RULES) {
            self.unknown(
                eval.why_mismatch("an access rule list", "more rules than can be looked at"),
            );
        }
    }

    fn add(&mut self, read: Reading<'a>) {
        match read {
            Reading::Nothing => {}
            Reading::Rule(rule, missing) => {
                self.read.push(rule);
                self.missing = self.missing.or(missing);
            }
            Reading::Unknown(why) => self.unknown(why),
        }
    }

    /// Notes a rule of which nothing is known.
    fn unknown(&mut self, why: Why<'a>) {
        self.missing = Some(why);
        self.unbounded = true;
    }

    /// Adds the rules of another group on the same interface.
    fn join(&mut self, other: Self) {
        self.read.extend(other.read);
        self.missing = self.missing.or(other.missing);
        self.unbounded |= other.unbounded;
    }
}

/// What any source can reach under rules that `one` reads. Unknown when what could not be read of them would change
/// the answer.
fn exposed<'a>(
    rules: Val<'a>,
    ports: Val<'a>,
    eval: &Eval<'a>,
    one: impl Fn(&'a Value, usize) -> Vec<Reading<'a>>,
) -> Val<'a> {
    let read = Rules::of(rules, eval, one)
        .and_then(|rules| Ok((rules, super::ports::read(ports, eval)?)))
        .and_then(|(rules, ports)| openings(&rules, &ports, eval, |_, all| all.covers_public()));
    match read {
        Ok(openings) => eval.list(openings.iter().map(|o| Val::Str(eval.text(&o.show())))),
        Err(unknown) => unknown,
    }
}

/// The openings, where they are certain.
fn openings<'a>(
    rules: &Rules<'a>,
    ports: &PortSet,
    eval: &Eval<'a>,
    open: impl Fn(&IpSet, &IpSet) -> bool + Copy,
) -> Result<Vec<Opening>, Val<'a>> {
    let size = |rule: &Rule| 1 + rule.sources.len() + rule.ports.0.len();
    let cost: usize = rules.read.iter().map(size).sum();
    eval.spend((cost * cost.min(256)) as u64);
    if eval.is_spent() {
        return Err(eval.out_of_budget());
    }
    let least = access::openings(&rules.read, ports, Side::Least, open);
    match rules.missing {
        None => Ok(least),
        // A rule that nothing is known of may open what is closed, or close what is open.
        Some(why) if rules.unbounded => Err(Val::Unknown(why)),
        // What is open in any case is open; what is closed in any case is closed; between the two nothing is known.
        Some(_) if !least.is_empty() => Ok(least),
        Some(_) if access::openings(&rules.read, ports, Side::Most, open).is_empty() => Ok(least),
        Some(why) => Err(Val::Unknown(why)),
    }
}
