//! Operators.

use std::cmp::Ordering;

use sonic_rs::JsonContainerTrait;

use super::Eval;
use crate::ast::{Arithmetic, Comparison, Node};
use crate::ty::Kind;
use crate::value::{Items, List, Val};

impl<'a> Eval<'a> {
    pub(super) fn not(&self, a: &'a Node) -> Val<'a> {
        match self.value(a) {
            Val::Bool(flag) => Val::Bool(!flag),
            Val::Unknown(why) => Val::Unknown(why),
            other => self.mismatch("!", other.type_name()),
        }
    }

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

    /// `&&` (`decides` = false) and `||` (`decides` = true): an operand that decides wins over an unknown one, on
    /// either side.
    pub(super) fn junction(&self, a: &'a Node, b: &'a Node, decides: bool) -> Val<'a> {
        let left = self.as_bool(self.value(a));
        if matches!(left, Val::Bool(flag) if flag == decides) {
            return left;
        }
        let right = self.as_bool(self.value(b));
        match (left, right) {
            (_, Val::Bool(flag)) if flag == decides => right,
            (Val::Unknown(_), _) => left,
            _ => right,
        }
    }

    pub(super) fn as_bool(&self, value: Val<'a>) -> Val<'a> {
        match value {
            Val::Bool(_) | Val::Unknown(_) => value,
            other => self.mismatch("a condition", other.type_name()),
        }
    }

    pub(super) fn conditional(&self, test: &'a Node, a: &'a Node, b: &'a Node) -> Val<'a> {
        match self.as_bool(self.value(test)) {
            Val::Bool(true) => self.value(a),
            Val::Bool(false) => self.value(b),
            unknown => unknown,
        }
    }

    pub(super) fn compare(&self, comparison: Comparison, a: &'a Node, b: &'a Node) -> Val<'a> {
        let (a, b) = (self.value(a), self.value(b));
        if let Some(unknown) = first_unknown(a, b) {
            return unknown;
        }
        match comparison {
            Comparison::Equal => self.equal(a, b),
            Comparison::NotEqual => match self.equal(a, b) {
                Val::Bool(flag) => Val::Bool(!flag),
                unknown => unknown,
            },
            _ => match order(a, b) {
                Some(order) => Val::Bool(match comparison {
                    Comparison::Less => order == Ordering::Less,
                    Comparison::LessEqual => order != Ordering::Greater,
                    Comparison::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                }),
                None => self.mismatch(
                    "a comparison",
                    &format!("{} and {}", a.type_name(), b.type_name()),
                ),
            },
        }
    }

    /// Equality. Values of different types are not equal; lists are compared by element.
    pub(super) fn equal(&self, a: Val<'a>, b: Val<'a>) -> Val<'a> {
        match (a, b) {
            (Val::Unknown(why), _) | (_, Val::Unknown(why)) => Val::Unknown(why),
            (Val::Null, Val::Null) => Val::Bool(true),
            (Val::Bool(a), Val::Bool(b)) => Val::Bool(a == b),
            (Val::List(a), Val::List(b)) => self.lists_equal(a, b),
            _ => Val::Bool(order(a, b) == Some(Ordering::Equal)),
        }
    }

    fn lists_equal(&self, a: List<'a>, b: List<'a>) -> Val<'a> {
        if let Some(why) = a.incomplete.or(b.incomplete) {
            return Val::Unknown(why);
        }
        if a.items.len() != b.items.len() {
            return Val::Bool(false);
        }
        let mut unknown = None;
        for (left, right) in a.items.iter().zip(b.items.iter()) {
            self.spend(1);
            match self.equal(left, right) {
                Val::Bool(false) => return Val::Bool(false),
                Val::Unknown(why) => unknown = Some(why),
                _ => {}
            }
        }
        unknown.map_or(Val::Bool(true), Val::Unknown)
    }

    pub(super) fn membership(&self, a: &'a Node, b: &'a Node) -> Val<'a> {
        let (needle, hay) = (self.value(a), self.value(b));
        if let Some(unknown) = first_unknown(needle, hay) {
            return unknown;
        }
        match (needle, hay) {
            (_, Val::List(list)) => self.contained(needle, list),
            (Val::Str(key), Val::Object(json)) => Val::Bool(
                json.as_object()
                    .is_some_and(|fields| fields.get(&key).is_some()),
            ),
            (_, other) => self.mismatch("in", other.type_name()),
        }
    }

    fn contained(&self, needle: Val<'a>, list: List<'a>) -> Val<'a> {
        let mut unknown = list.incomplete;
        for item in list.items.iter() {
            self.spend(1);
            match self.equal(needle, item) {
                Val::Bool(true) => return Val::Bool(true),
                Val::Unknown(why) => unknown = Some(why),
                _ => {}
            }
        }
        unknown.map_or(Val::Bool(false), Val::Unknown)
    }

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
        let found = match (base, index) {
            (Val::List(list), Val::Int(at)) => {
                let item = usize::try_from(at).ok().and_then(|at| list.items.get(at));
                match (item, list.incomplete) {
                    (Some(item), _) => item,
                    (None, Some(why)) => Val::Unknown(why),
                    (None, None) => self.mismatch(&node.describe(), "no element there"),
                }
            }
            (Val::Object(json), Val::Str(key)) => json
                .as_object()
                .and_then(|fields| fields.get(&key))
                .map_or(Val::Null, Val::of),
            (base, _) => self.mismatch(&node.describe(), base.type_name()),
        };
        if found.fits(kind) {
            found
        } else {
            self.mismatch(&node.describe(), found.type_name())
        }
    }

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
                self.spend((a.len() + b.len()) as u64 / 16);
                if self.is_spent() {
                    self.out_of_budget()
                } else {
                    Val::Str(self.text(&format!("{a}{b}")))
                }
            }
            (Arithmetic::Add, Val::List(a), Val::List(b)) => self.concat(a, b),
            (Arithmetic::Add, Val::Time(a), Val::Duration(b))
            | (Arithmetic::Add, Val::Duration(a), Val::Time(b)) => Val::Time(a.saturating_add(b)),
            (Arithmetic::Subtract, Val::Time(a), Val::Duration(b)) => {
                Val::Time(a.saturating_sub(b))
            }
            (Arithmetic::Subtract, Val::Time(a), Val::Time(b)) => {
                Val::Duration(a.saturating_sub(b))
            }
            (Arithmetic::Add, Val::Duration(a), Val::Duration(b)) => {
                Val::Duration(a.saturating_add(b))
            }
            (Arithmetic::Subtract, Val::Duration(a), Val::Duration(b)) => {
                Val::Duration(a.saturating_sub(b))
            }
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

    fn concat(&self, a: List<'a>, b: List<'a>) -> Val<'a> {
        self.spend((a.items.len() + b.items.len()) as u64);
        if self.is_spent() {
            return self.out_of_budget();
        }
        let Val::List(List { items, .. }) = self.list(a.items.iter().chain(b.items.iter())) else {
            return Val::EMPTY;
        };
        Val::List(List {
            items,
            incomplete: a.incomplete.or(b.incomplete),
        })
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

fn order(a: Val<'_>, b: Val<'_>) -> Option<Ordering> {
    match (a, b) {
        (Val::Int(a), Val::Int(b))
        | (Val::Time(a), Val::Time(b))
        | (Val::Duration(a), Val::Duration(b)) => Some(a.cmp(&b)),
        (Val::Str(a), Val::Str(b)) => Some(a.cmp(b)),
        _ => as_double(a)?.partial_cmp(&as_double(b)?),
    }
}

/// Whether two values are the same place in the same document.
pub(crate) fn is_same(a: Val<'_>, b: Val<'_>) -> bool {
    match (a, b) {
        (Val::Object(a), Val::Object(b)) | (Val::Asset(a), Val::Asset(b)) => std::ptr::eq(a, b),
        (
            Val::List(List {
                items: Items::Json(a),
                ..
            }),
            Val::List(List {
                items: Items::Json(b),
                ..
            }),
        ) => std::ptr::eq(a, b),
        (Val::Str(a), Val::Str(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
