//! Equality and order.

use std::cmp::Ordering;

use sonic_rs::{JsonContainerTrait, Value};

use super::Eval;
use crate::ast::{Comparison, Node};
use crate::ty::Kind;
use crate::value::{List, Val};

impl<'a> Eval<'a> {
    #[inline(never)]
    pub(super) fn compare(
        &self,
        comparison: Comparison,
        a: &'a Node,
        b: &'a Node,
        kind: Kind,
    ) -> Val<'a> {
        let (a, b) = (self.with_elements(a, kind), self.with_elements(b, kind));
        match comparison {
            Comparison::Equal => self.equal(a, b),
            Comparison::NotEqual => match self.equal(a, b) {
                Val::Bool(flag) => Val::Bool(!flag),
                unknown => unknown,
            },
            _ => self.ordered(comparison, a, b),
        }
    }

    /// Equality with a constant text, or membership in a list of them.
    #[inline(never)]
    pub(super) fn one_of(&self, of: &'a Node, texts: &[String], wanted: bool) -> Val<'a> {
        match self.value(of) {
            Val::Str(text) => {
                self.spend_reading(text.len());
                Val::Bool(texts.iter().any(|one| one == text) == wanted)
            }
            Val::Unknown(why) => Val::Unknown(why),
            _ => Val::Bool(!wanted),
        }
    }

    fn ordered(&self, comparison: Comparison, a: Val<'a>, b: Val<'a>) -> Val<'a> {
        if let (Val::Unknown(why), _) | (_, Val::Unknown(why)) = (a, b) {
            return Val::Unknown(why);
        }
        if let (Val::Str(a), Val::Str(b)) = (a, b) {
            self.spend_reading(a.len().min(b.len()));
        }
        match order(a, b) {
            Some(order) => Val::Bool(match comparison {
                Comparison::Less => order.is_lt(),
                Comparison::LessEqual => order.is_le(),
                Comparison::Greater => order.is_gt(),
                _ => order.is_ge(),
            }),
            None => self.mismatch(
                "a comparison",
                &format!("{} and {}", a.type_name(), b.type_name()),
            ),
        }
    }

    /// Equality. Values of different types are not equal; lists and objects are compared by what they hold.
    pub(super) fn equal(&self, a: Val<'a>, b: Val<'a>) -> Val<'a> {
        match (a, b) {
            (Val::Unknown(why), _) | (_, Val::Unknown(why)) => Val::Unknown(why),
            (Val::Str(a), Val::Str(b)) => {
                self.spend_reading(a.len().min(b.len()));
                Val::Bool(a == b)
            }
            (Val::Null, Val::Null) => Val::Bool(true),
            (Val::Bool(a), Val::Bool(b)) => Val::Bool(a == b),
            (Val::Object(a) | Val::Asset(a), Val::Object(b) | Val::Asset(b)) => {
                self.objects_equal(a, b)
            }
            _ => match (a.as_list(), b.as_list()) {
                (Some(a), Some(b)) => self.lists_equal(a, b),
                _ => Val::Bool(order(a, b) == Some(Ordering::Equal)),
            },
        }
    }

    fn lists_equal(&self, a: List<'a>, b: List<'a>) -> Val<'a> {
        if let Some(why) = a.incomplete.or(b.incomplete) {
            return Val::Unknown(why);
        }
        if a.items.len() != b.items.len() {
            return Val::Bool(false);
        }
        self.all_equal(a.items.iter().zip(b.items.iter()))
    }

    fn objects_equal(&self, a: &'a Value, b: &'a Value) -> Val<'a> {
        let (Some(left), Some(right)) = (a.as_object(), b.as_object()) else {
            return Val::Bool(false);
        };
        if left.len() != right.len() {
            return Val::Bool(false);
        }
        let mut pairs = Vec::with_capacity(left.len());
        for (key, value) in left.iter() {
            match self.get(b, key) {
                Some(other) => pairs.push((Val::of(value), Val::of(other))),
                None => return Val::Bool(false),
            }
            self.spend(1);
            if self.is_spent() {
                return self.out_of_budget();
            }
        }
        self.all_equal(pairs.into_iter())
    }

    fn all_equal(&self, pairs: impl Iterator<Item = (Val<'a>, Val<'a>)>) -> Val<'a> {
        let mut unknown = None;
        for (left, right) in pairs {
            self.spend(1);
            if self.is_spent() {
                return self.out_of_budget();
            }
            match self.equal(left, right) {
                Val::Bool(false) => return Val::Bool(false),
                Val::Unknown(why) => unknown = unknown.or(Some(why)),
                _ => {}
            }
        }
        unknown.map_or(Val::Bool(true), Val::Unknown)
    }
}

fn order(a: Val<'_>, b: Val<'_>) -> Option<Ordering> {
    match (a, b) {
        (Val::Int(a), Val::Int(b))
        | (Val::Time(a), Val::Time(b))
        | (Val::Duration(a), Val::Duration(b)) => Some(a.cmp(&b)),
        (Val::Str(a), Val::Str(b)) => Some(a.cmp(b)),
        (Val::Double(a), Val::Double(b)) => a.partial_cmp(&b),
        (Val::Int(a), Val::Double(b)) => int_to_double(a, b),
        (Val::Double(a), Val::Int(b)) => int_to_double(b, a).map(Ordering::reverse),
        _ => None,
    }
}

/// The order of an int and a double by their values: neither is rounded to the other's type.
fn int_to_double(int: i64, double: f64) -> Option<Ordering> {
    /// 2⁶³, the first double beyond every int.
    const END: f64 = 9_223_372_036_854_775_808.0;
    if double.is_nan() {
        return None;
    }
    if double >= END {
        return Some(Ordering::Less);
    }
    if double < -END {
        return Some(Ordering::Greater);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number between the bounds of an int"
    )]
    let whole = double.trunc() as i64;
    Some(
        int.cmp(&whole)
            .then_with(|| 0.0.partial_cmp(&double.fract()).unwrap_or(Ordering::Equal)),
    )
}
