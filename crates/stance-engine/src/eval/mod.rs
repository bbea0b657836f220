//! Evaluation: three-valued, over borrowed JSON, bounded in steps.

mod compare;
mod each;
mod field;
mod operator;

use std::cell::Cell;

use bumpalo::Bump;
use sonic_rs::{JsonValueTrait, Value};
use stance_model::ReasonKind;

use crate::ast::{Const, Node, Pattern, Related};
use crate::budget::{MADE_BYTES, READ_BYTES, SLOTS, STEPS};
use crate::document::Document;
use crate::functions::{self, Function};
use crate::related::{Around, Lookup};
use crate::rule::Context;
use crate::value::{Made, Val, Why, WhyText};

/// The evaluation of the expressions of one check for one asset.
pub(crate) struct Eval<'a> {
    document: &'a Document<'a>,
    context: &'a Context<'a>,
    bump: &'a Bump,
    steps: Cell<u64>,
    slots: [Cell<Val<'a>>; SLOTS],
    /// The values of parts that are evaluated once.
    kept: &'a [Cell<Option<Val<'a>>>],
}

impl<'a> Eval<'a> {
    pub(crate) fn new(
        document: &'a Document<'a>,
        context: &'a Context<'a>,
        bump: &'a Bump,
        kept: usize,
    ) -> Self {
        Self {
            document,
            context,
            bump,
            steps: Cell::new(0),
            slots: [const { Cell::new(Val::Null) }; SLOTS],
            kept: bump.alloc_slice_fill_with(kept, |_| Cell::new(None)),
        }
    }

    /// The value of a node. Small, since everything goes through it: each kind of node has a function of its own.
    pub(crate) fn value(&self, node: &'a Node) -> Val<'a> {
        self.spend(1);
        if self.is_spent() {
            return self.out_of_budget();
        }
        match node {
            Node::Field { base, key, shape } => self.field(node, base, key, shape),
            Node::Const(constant) => of_const(constant),
            Node::Compare(comparison, a, b, kind) => self.compare(*comparison, a, b, *kind),
            Node::OneOf { of, texts, wanted } => self.one_of(of, texts, *wanted),
            Node::And(nodes) => self.junction(nodes, false),
            Node::Or(nodes) => self.junction(nodes, true),
            Node::Slot { slot, .. } => self.slots.get(*slot).map_or(Val::Null, Cell::get),
            Node::Fact(fact) => self.fact_of(node, fact),
            Node::Each(each) => self.each_value(each),
            Node::Not(a) => self.not(a),
            Node::Has {
                base,
                key,
                optional,
            } => self.has(node, base, key, *optional),
            Node::In(a, b, kind) => self.membership(a, b, *kind),
            Node::Call(function, args) => self.call(*function, args),
            Node::Cond(test, a, b) => self.conditional(test, a, b),
            Node::Index { base, index, kind } => self.index(node, base, index, *kind),
            Node::Arithmetic(arithmetic, a, b) => self.arithmetic(*arithmetic, a, b),
            Node::Related(related) => self.related(related),
            Node::Matches(text, regex) => self.matches(text, regex),
            Node::Negate(a) => self.negate(a),
            Node::List(nodes) => self.elements(nodes),
            Node::Once(number, node) => self.once(*number, node),
            Node::Asset => Val::Asset(self.document.json()),
            Node::Facts => Val::Facts(self.document.json()),
            Node::Now => Val::Time(self.context.now.as_millisecond()),
        }
    }

    #[inline(never)]
    fn elements(&self, nodes: &'a [Node]) -> Val<'a> {
        self.list(nodes.iter().map(|node| self.value(node)))
    }

    #[inline(never)]
    fn once(&self, number: usize, node: &'a Node) -> Val<'a> {
        let Some(kept) = self.kept.get(number) else {
            return self.value(node);
        };
        if let Some(value) = kept.get() {
            return value;
        }
        let value = self.value(node);
        kept.set(Some(value));
        value
    }

    #[inline(never)]
    fn call(&self, function: Function, args: &'a [Node]) -> Val<'a> {
        match args {
            [Node::Each(each)] if function == Function::Size => self.count(each),
            [a] => functions::apply(function, &[self.value(a)], self),
            [a, b] => functions::apply(function, &[self.value(a), self.value(b)], self),
            args => {
                let values: Vec<Val<'a>> = args.iter().map(|arg| self.value(arg)).collect();
                functions::apply(function, &values, self)
            }
        }
    }

    #[inline(never)]
    fn matches(&self, text: &'a Node, Pattern(regex): &Pattern) -> Val<'a> {
        match self.value(text) {
            Val::Str(text) => {
                self.spend_reading(text.len());
                Val::Bool(regex.is_match(text))
            }
            Val::Unknown(why) => Val::Unknown(why),
            other => self.mismatch("matches", other.type_name()),
        }
    }

    #[inline(never)]
    fn related(&self, related: &'a Related) -> Val<'a> {
        let key = match related.key.as_deref().map(|key| self.value(key)) {
            Some(Val::Str(key)) => Some(key),
            Some(Val::Unknown(why)) => return Val::Unknown(why),
            Some(Val::Null) => return Val::EMPTY,
            Some(other) => return self.mismatch("a related key", other.type_name()),
            None => None,
        };
        let (assets, incomplete) = self.find(&related.lookup, key, related.whole_account);
        self.made(assets.into_iter().map(Val::Asset), incomplete)
    }

    /// Related assets, and why there may be more.
    pub(crate) fn find(
        &self,
        lookup: &Lookup,
        key: Option<&str>,
        whole_account: bool,
    ) -> (Vec<&'a Value>, Option<Why<'a>>) {
        let around = Around {
            account: self.document.account(),
            region: (!whole_account).then(|| self.document.region()),
        };
        let found = self.context.related.find(lookup, key, &around);
        self.spend(found.looked_at);
        let incomplete = found.incomplete.map(|reason| {
            let text = |text: &Option<String>| text.as_deref().map(|text| self.text(text));
            self.keep(WhyText {
                kind: reason.kind,
                message: text(&reason.message).unwrap_or_default(),
                code: text(&reason.code),
                request_id: text(&reason.request_id),
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
        self.spend((text.len() / MADE_BYTES) as u64);
        self.bump.alloc_str(text)
    }

    /// A text of about so many bytes that is made, unless the budget is used up.
    pub(crate) fn made_text(&self, bytes: usize, text: impl FnOnce() -> String) -> Val<'a> {
        self.spend((bytes / MADE_BYTES) as u64);
        if self.is_spent() {
            return self.out_of_budget();
        }
        Val::Str(self.bump.alloc_str(&text()))
    }

    /// A list of values.
    pub(crate) fn list(&self, values: impl IntoIterator<Item = Val<'a>>) -> Val<'a> {
        self.made(values, None)
    }

    /// Room for a list in the arena.
    pub(crate) fn room<T>(&self) -> bumpalo::collections::Vec<'a, T> {
        bumpalo::collections::Vec::new_in(self.bump)
    }

    /// A list that is in the arena.
    fn hand(&self, items: &'a [Val<'a>], incomplete: Option<Why<'a>>) -> Val<'a> {
        Val::Made(self.bump.alloc(Made { items, incomplete }))
    }

    /// A list of values, with the reason why some may be missing.
    pub(crate) fn made(
        &self,
        values: impl IntoIterator<Item = Val<'a>>,
        incomplete: Option<Why<'a>>,
    ) -> Val<'a> {
        let mut items = self.room();
        for value in values {
            self.spend(1);
            if self.is_spent() {
                return self.out_of_budget();
            }
            items.push(value);
        }
        self.hand(items.into_bump_slice(), incomplete)
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
    #[cold]
    pub(crate) fn why_mismatch(&self, what: &str, found: &str) -> Why<'a> {
        self.why(ReasonKind::TypeMismatch, &format!("{what}: {found}"))
    }

    /// Unknown, since something is not of the type or form it must have.
    #[cold]
    pub(crate) fn mismatch(&self, what: &str, found: &str) -> Val<'a> {
        Val::Unknown(self.why_mismatch(what, found))
    }

    /// Counts steps.
    pub(crate) fn spend(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Counts the steps of looking at so many bytes of text.
    pub(crate) fn spend_reading(&self, bytes: usize) {
        self.spend((bytes / READ_BYTES) as u64);
    }

    /// Whether the budget is used up.
    pub(crate) fn is_spent(&self) -> bool {
        self.steps.get() > STEPS
    }

    /// Unknown, since the budget is used up.
    #[cold]
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
        Const::Ports(ports) => Val::Ports(ports),
        Const::Blocks(blocks) => Val::Blocks(blocks),
    }
}
