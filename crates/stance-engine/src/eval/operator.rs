//! Logic, indexing and arithmetic.

use super::Eval;
use crate::ast::{Arithmetic, Node};
use crate::ty::Kind;
use crate::value::{List, Val};

impl<'a> Eval<'a> {
    #[inline(never)]
    pub(super) fn not(&self, a: &'a Node) -> Val<'a> {
        match self.value(a) {
            Val::Bool(flag) => Val::Bool(!flag),
            Val::Unknown(why) => Val::Unknown(why),
            other => self.mismatch("!", other.type_name()),
        }
    }

    #[inline(never)]
    pub(super) fn negate(&self, a: &'a Node) -> Val<'a> {
        match self.value(a) {
            Val::Int(number) => number
                .checked_neg()
                .map_or_else(|| self.overflow(), Val::Int),
            Val::Double(number) => Val::Double(-number),
            Val::Unknown(why) => Val::Unknown(why),
            other => self.mismatch("-", other.type_name()),
        }
    }

    /// `&&` (`decides` = false) and `||` (`decides` = true): an operand that decides wins over unknown ones, wherever
    /// it stands.
    #[inline(never)]
    pub(super) fn junction(&self, nodes: &'a [Node], decides: bool) -> Val<'a> {
        let mut unknown = None;
        for node in nodes {
            match self.as_bool(self.value(node)) {
                Val::Bool(flag) if flag == decides => return Val::Bool(decides),
                Val::Unknown(why) => unknown = unknown.or(Some(why)),
                _ => {}
            }
        }
        unknown.map_or(Val::Bool(!decides), Val::Unknown)
    }

    pub(super) fn as_bool(&self, value: Val<'a>) -> Val<'a> {
        match value {
            Val::Bool(_) | Val::Unknown(_) => value,
            other => self.mismatch("a condition", other.type_name()),
        }
    }

    #[inline(never)]
    pub(super) fn conditional(&self, test: &'a Node, a: &'a Node, b: &'a Node) -> Val<'a> {
        match self.as_bool(self.value(test)) {
            Val::Bool(true) => self.value(a),
            Val::Bool(false) => self.value(b),
            unknown => unknown,
        }
    }

    #[inline(never)]
    pub(super) fn index(
        &self,
        node: &Node,
        base: &'a Node,
        index: &'a Node,
        kind: Kind,
    ) -> Val<'a> {
        let (base, index) = (self.value(base), self.value(index));
        if let Some(unknown) = first_unknown(base, index) {
            return unknown;
        }
        let found = match (base.as_list(), base, index) {
            // Which element stands where is known only when all of them are.
            (
                Some(List {
                    incomplete: Some(why),
                    ..
                }),
                ..,
            ) => Val::Unknown(why),
            (Some(list), _, Val::Int(at)) => usize::try_from(at)
                .ok()
                .and_then(|at| list.items.get(at))
                .unwrap_or_else(|| self.mismatch(&node.describe(), "no element there")),
            (None, Val::Object(json), Val::Str(key)) => {
                self.get(json, key).map_or(Val::Null, Val::of)
            }
            (_, base, _) => self.mismatch(&node.describe(), base.type_name()),
        };
        if found.fits(kind) {
            found
        } else {
            self.mismatch(&node.describe(), found.type_name())
        }
    }

    #[inline(never)]
    pub(super) fn arithmetic(&self, arithmetic: Arithmetic, a: &'a Node, b: &'a Node) -> Val<'a> {
        let (a, b) = (self.value(a), self.value(b));
        if let Some(unknown) = first_unknown(a, b) {
            return unknown;
        }
        match (arithmetic, a, b) {
            (_, Val::Int(a), Val::Int(b)) => {
                integers(arithmetic, a, b).map_or_else(|| self.overflow(), Val::Int)
            }
            (Arithmetic::Add, Val::Str(a), Val::Str(b)) => {
                self.made_text(a.len() + b.len(), || format!("{a}{b}"))
            }
            (Arithmetic::Add, Val::Time(a), Val::Duration(b))
            | (Arithmetic::Add, Val::Duration(a), Val::Time(b)) => self.time(a.checked_add(b)),
            (Arithmetic::Subtract, Val::Time(a), Val::Duration(b)) => self.time(a.checked_sub(b)),
            (Arithmetic::Subtract, Val::Time(a), Val::Time(b)) => self.duration(a.checked_sub(b)),
            (Arithmetic::Add, Val::Duration(a), Val::Duration(b)) => {
                self.duration(a.checked_add(b))
            }
            (Arithmetic::Subtract, Val::Duration(a), Val::Duration(b)) => {
                self.duration(a.checked_sub(b))
            }
            _ => self.other_sum(arithmetic, a, b),
        }
    }

    fn other_sum(&self, arithmetic: Arithmetic, a: Val<'a>, b: Val<'a>) -> Val<'a> {
        match (a.as_list(), b.as_list()) {
            (Some(a), Some(b)) if arithmetic == Arithmetic::Add => self.made(
                a.items.iter().chain(b.items.iter()),
                a.incomplete.or(b.incomplete),
            ),
            _ => match (as_double(a), as_double(b)) {
                (Some(a), Some(b)) => {
                    doubles(arithmetic, a, b).map_or_else(|| self.overflow(), Val::Double)
                }
                _ => self.mismatch(
                    "arithmetic",
                    &format!("{} and {}", a.type_name(), b.type_name()),
                ),
            },
        }
    }

    fn time(&self, millis: Option<i64>) -> Val<'a> {
        millis.map_or_else(|| self.overflow(), Val::Time)
    }

    fn duration(&self, millis: Option<i64>) -> Val<'a> {
        millis.map_or_else(|| self.overflow(), Val::Duration)
    }

    fn overflow(&self) -> Val<'a> {
        self.mismatch("arithmetic", "a result out of range")
    }
}

fn first_unknown<'a>(a: Val<'a>, b: Val<'a>) -> Option<Val<'a>> {
    [a, b]
        .into_iter()
        .find(|value| matches!(value, Val::Unknown(_)))
}

fn integers(arithmetic: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match arithmetic {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Modulo => a.checked_rem(b),
    }
}

fn doubles(arithmetic: Arithmetic, a: f64, b: f64) -> Option<f64> {
    let result = match arithmetic {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Modulo => return None,
    };
    result.is_finite().then_some(result)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a comparison of an int with a double is one of doubles"
)]
fn as_double(value: Val<'_>) -> Option<f64> {
    match value {
        Val::Int(number) => Some(number as f64),
        Val::Double(number) => Some(number),
        _ => None,
    }
}
