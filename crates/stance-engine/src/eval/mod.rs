//! Evaluation: three-valued, over borrowed JSON, bounded in steps.

mod list;
mod operator;

pub(crate) use operator::is_same;

use std::cell::Cell;

use bumpalo::Bump;
use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use crate::ast::{Const, Node};
use crate::budget::{SLOTS, STEPS};
use crate::functions;
use crate::related::{Around, Lookup};
use crate::rule::Context;
use crate::ty::Kind;
use crate::value::{Items, List, Val, Why, WhyText};

/// The evaluation of the expressions of one check for one asset.
pub(crate) struct Eval<'a> {
    asset: &'a Value,
    context: &'a Context<'a>,
    bump: &'a Bump,
    steps: Cell<u64>,
    slots: [Cell<Val<'a>>; SLOTS],
}

impl<'a> Eval<'a> {
    pub(crate) fn new(asset: &'a Value, context: &'a Context<'a>, bump: &'a Bump) -> Self {
        let slots = std::array::from_fn(|_| Cell::new(Val::Null));
        Self {
            asset,
            context,
            bump,
            steps: Cell::new(0),
            slots,
        }
    }

    /// The value of a node.
    pub(crate) fn value(&self, node: &'a Node) -> Val<'a> {
        self.spend(1);
        if self.is_spent() {
            return self.out_of_budget();
        }
        match node {
            Node::Const(constant) => of_const(constant),
            Node::Asset => Val::Asset(self.asset),
            Node::Facts => Val::Facts(self.asset),
            Node::Now => Val::Time(self.context.now.as_millisecond()),
            Node::Slot { slot, .. } => self.slots.get(*slot).map_or(Val::Null, Cell::get),
            Node::Field {
                base,
                key,
                kind,
                optional,
            } => {
                let base = self.value(base);
                self.field(node, base, key, *kind, *optional)
            }
            Node::Has { base, key } => self.has(base, key),
            Node::Index { base, index, kind } => self.index(node, base, index, *kind),
            Node::Not(a) => self.not(a),
            Node::Negate(a) => self.negate(a),
            Node::And(a, b) => self.junction(a, b, false),
            Node::Or(a, b) => self.junction(a, b, true),
            Node::Cond(test, a, b) => self.conditional(test, a, b),
            Node::Compare(comparison, a, b) => self.compare(*comparison, a, b),
            Node::Arithmetic(arithmetic, a, b) => self.arithmetic(*arithmetic, a, b),
            Node::In(a, b) => self.membership(a, b),
            Node::List(nodes) => self.list(nodes.iter().map(|node| self.value(node))),
            Node::Quantifier {
                quantifier,
                range,
                slot,
                body,
                kind,
            } => self.quantifier(*quantifier, range, *slot, body, *kind),
            Node::Filter {
                range,
                slot,
                body,
                kind,
            } => self.filter(range, *slot, body, *kind),
            Node::Map {
                range,
                slot,
                condition,
                body,
                kind,
            } => self.map(range, *slot, condition.as_deref(), body, *kind),
            Node::Matches(text, regex) => match self.value(text) {
                Val::Str(text) => {
                    self.spend(text.len() as u64 / 64);
                    Val::Bool(regex.is_match(text))
                }
                Val::Unknown(why) => Val::Unknown(why),
                other => self.mismatch("matches", other.type_name()),
            },
            Node::Related {
                lookup,
                key,
                whole_account,
            } => self.related(lookup, key.as_deref(), *whole_account),
            Node::Call(function, args) => self.call(*function, args),
        }
    }

    fn call(&self, function: functions::Function, args: &'a [Node]) -> Val<'a> {
        match args {
            [a] => functions::apply(function, &[self.value(a)], self),
            [a, b] => functions::apply(function, &[self.value(a), self.value(b)], self),
            args => {
                let values: Vec<Val<'a>> = args.iter().map(|arg| self.value(arg)).collect();
                functions::apply(function, &values, self)
            }
        }
    }

    fn field(&self, node: &Node, base: Val<'a>, key: &str, kind: Kind, optional: bool) -> Val<'a> {
        let json = match base {
            Val::Facts(asset) => {
                return self.checked(node, self.call_facts(asset, key, optional), kind);
            }
            Val::Asset(asset) if key == "facts" => return Val::Facts(asset),
            Val::Object(json) | Val::Asset(json) => json,
            Val::Unknown(why) => return Val::Unknown(why),
            other => return self.mismatch(&node.describe(), other.type_name()),
        };
        match json.get(key) {
            Some(value) => self.checked(node, Val::of(value), kind),
            None if optional => Val::Null,
            None => Val::Unknown(self.why(ReasonKind::MissingFact, &node.describe())),
        }
    }

    fn checked(&self, node: &Node, value: Val<'a>, kind: Kind) -> Val<'a> {
        if value.fits(kind) {
            value
        } else {
            self.mismatch(&node.describe(), value.type_name())
        }
    }

    /// What a call answered for an asset. An entry under `unknown` wins.
    fn call_facts(&self, asset: &'a Value, call: &str, optional: bool) -> Val<'a> {
        if let Some(reason) = asset.get("unknown").and_then(|unknown| unknown.get(call)) {
            return Val::Unknown(self.why_stored(reason, call));
        }
        match asset.get("facts").and_then(|facts| facts.get(call)) {
            Some(value) if value.is_null() && !optional => {
                Val::Unknown(self.why(ReasonKind::MissingFact, &format!("facts.{call}")))
            }
            Some(value) => Val::of(value),
            None => Val::Unknown(self.why(ReasonKind::NotCollected, &format!("facts.{call}"))),
        }
    }

    /// What a call that must have answered says of an asset.
    pub(crate) fn fact(&self, asset: &'a Value, call: &str) -> Val<'a> {
        self.call_facts(asset, call, false)
    }

    fn has(&self, base: &'a Node, key: &str) -> Val<'a> {
        let value = match self.value(base) {
            Val::Null => return Val::Bool(false),
            Val::Unknown(why) => return Val::Unknown(why),
            Val::Facts(asset) => self.call_facts(asset, key, true),
            Val::Asset(asset) if key == "facts" => Val::Facts(asset),
            Val::Object(json) | Val::Asset(json) => json.get(key).map_or(Val::Null, Val::of),
            other => return self.mismatch(&base.describe(), other.type_name()),
        };
        match value {
            Val::Unknown(_) => value,
            value => Val::Bool(!matches!(value, Val::Null)),
        }
    }

    fn related(&self, lookup: &'a Lookup, key: Option<&'a Node>, whole_account: bool) -> Val<'a> {
        let key = match key.map(|key| self.value(key)) {
            Some(Val::Str(key)) => Some(key),
            Some(Val::Unknown(why)) => return Val::Unknown(why),
            Some(Val::Null) => return Val::EMPTY,
            Some(other) => return self.mismatch("a related key", other.type_name()),
            None => None,
        };
        let (assets, incomplete) = self.find(lookup, key, whole_account);
        let items = self
            .bump
            .alloc_slice_fill_iter(assets.into_iter().map(Val::Asset));
        Val::List(List {
            items: Items::Vals(items),
            incomplete,
        })
    }

    /// Related assets, and why there may be more.
    pub(crate) fn find(
        &self,
        lookup: &Lookup,
        key: Option<&str>,
        whole_account: bool,
    ) -> (Vec<&'a Value>, Option<Why<'a>>) {
        let text = |name: &str| {
            self.asset
                .get(name)
                .and_then(|value| value.as_str())
                .unwrap_or_default()
        };
        let region = (!whole_account).then(|| text("region"));
        let found = self.context.related.find(
            lookup,
            key,
            &Around {
                account: text("account"),
                region,
            },
        );
        self.spend(found.assets.len() as u64);
        let incomplete = found.incomplete.map(|reason| {
            let code = reason.code.as_deref().map(|t| self.text(t));
            let request_id = reason.request_id.as_deref().map(|t| self.text(t));
            let message = self.text(reason.message.as_deref().unwrap_or_default());
            self.keep(WhyText {
                kind: reason.kind,
                message,
                code,
                request_id,
            })
        });
        (found.assets, incomplete)
    }

    fn why_stored(&self, reason: &'a Value, call: &str) -> Why<'a> {
        let text = |key: &str| reason.get(key).and_then(|value| value.as_str());
        let kind = reason
            .get("kind")
            .and_then(|kind| sonic_rs::from_value(kind).ok());
        let about = match text("message") {
            Some(message) => self.text(&format!("facts.{call}: {message}")),
            None => self.text(&format!("facts.{call}")),
        };
        let kind = kind.unwrap_or(ReasonKind::NotCollected);
        self.keep(WhyText {
            kind,
            message: about,
            code: text("code"),
            request_id: text("request_id"),
        })
    }

    /// A text that lives as long as the evaluation.
    pub(crate) fn text(&self, text: &str) -> &'a str {
        self.bump.alloc_str(text)
    }

    /// A list of values.
    pub(crate) fn list(&self, values: impl IntoIterator<Item = Val<'a>>) -> Val<'a> {
        let values: Vec<Val<'a>> = values.into_iter().collect();
        Val::List(List {
            items: Items::Vals(self.bump.alloc_slice_copy(&values)),
            incomplete: None,
        })
    }

    fn keep(&self, text: WhyText<'a>) -> Why<'a> {
        Why(self.bump.alloc(text))
    }

    /// A reason.
    pub(crate) fn why(&self, kind: ReasonKind, message: &str) -> Why<'a> {
        self.keep(WhyText {
            kind,
            message: self.text(message),
            code: None,
            request_id: None,
        })
    }

    /// The reason that something is not of the type or form it must have.
    pub(crate) fn why_mismatch(&self, what: &str, found: &str) -> Why<'a> {
        self.why(ReasonKind::TypeMismatch, &format!("{what}: {found}"))
    }

    /// Unknown, since something is not of the type or form it must have.
    pub(crate) fn mismatch(&self, what: &str, found: &str) -> Val<'a> {
        Val::Unknown(self.why_mismatch(what, found))
    }

    /// Counts steps.
    pub(crate) fn spend(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Whether the budget is used up.
    pub(crate) fn is_spent(&self) -> bool {
        self.steps.get() > STEPS
    }

    /// Unknown, since the budget is used up.
    pub(crate) fn out_of_budget(&self) -> Val<'a> {
        Val::Unknown(Why(&WhyText {
            kind: ReasonKind::Budget,
            message: "",
            code: None,
            request_id: None,
        }))
    }

    /// Binds a variable.
    pub(crate) fn bind(&self, slot: usize, value: Val<'a>) {
        if let Some(cell) = self.slots.get(slot) {
            cell.set(value);
        }
    }
}

fn of_const(constant: &Const) -> Val<'_> {
    match constant {
        Const::Null => Val::Null,
        Const::Bool(flag) => Val::Bool(*flag),
        Const::Int(number) => Val::Int(*number),
        Const::Double(number) => Val::Double(*number),
        Const::Str(text) => Val::Str(text),
        Const::Duration(millis) => Val::Duration(*millis),
        Const::List(json) => Val::of(json),
    }
}
