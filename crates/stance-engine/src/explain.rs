//! Evidence: evaluates again and notes which facts and elements decided the outcome. Off the hot path: only results
//! that do not pass are explained.

use std::collections::BTreeMap;

use bumpalo::Bump;
use sonic_rs::{JsonValueTrait, Value};
use stance_model::{EvidenceItem, FactLine};

use crate::ast::{Node, Quantifier};
use crate::budget::SHOWN_FACTS;
use crate::compile::Expression;
use crate::eval::{Eval, is_same};
use crate::functions::{self, Function, show};
use crate::rule::Context;
use crate::value::Val;

/// The named values of a result.
pub(crate) fn items<'a>(
    expressions: &'a [(String, Expression)],
    asset: &'a Value,
    context: &'a Context<'a>,
    bump: &'a Bump,
) -> Vec<EvidenceItem> {
    expressions
        .iter()
        .map(|(name, expression)| {
            let eval = Eval::new(asset, context, bump);
            EvidenceItem {
                name: name.clone(),
                value: printable(&show(eval.value(&expression.root))),
            }
        })
        .collect()
}

/// The facts that decided a predicate.
pub(crate) fn facts<'a>(root: &'a Node, eval: &Eval<'a>) -> Vec<FactLine> {
    let mut trace = Trace {
        eval,
        lines: Vec::new(),
        paths: BTreeMap::new(),
    };
    trace.node(root);
    trace.lines
}

/// A walk along what decided.
struct Trace<'t, 'a> {
    eval: &'t Eval<'a>,
    lines: Vec<FactLine>,
    /// Where the elements bound to variables stand.
    paths: BTreeMap<usize, String>,
}

impl<'a> Trace<'_, 'a> {
    fn is_full(&self) -> bool {
        self.lines.len() >= SHOWN_FACTS
    }

    /// Follows the parts that decided a condition.
    fn node(&mut self, node: &'a Node) {
        if self.is_full() {
            return;
        }
        match node {
            Node::And(a, b) | Node::Or(a, b) => self.junction(node, a, b),
            Node::Not(inner) => self.node(inner),
            Node::Cond(test, a, b) => {
                self.node(test);
                match self.eval.value(test) {
                    Val::Bool(true) => self.node(a),
                    Val::Bool(false) => self.node(b),
                    _ => {}
                }
            }
            Node::Quantifier {
                quantifier,
                range,
                slot,
                body,
                ..
            } => self.quantifier(*quantifier, range, *slot, body),
            _ => self.leaf(node),
        }
    }

    /// The operand that alone decides, or both.
    fn junction(&mut self, node: &'a Node, a: &'a Node, b: &'a Node) {
        let decides = matches!(node, Node::Or(..));
        let is = |value: Val<'a>| matches!(value, Val::Bool(flag) if flag == decides);
        if is(self.eval.value(a)) {
            self.node(a);
        } else if is(self.eval.value(b)) {
            self.node(b);
        } else {
            self.node(a);
            self.node(b);
        }
    }

    fn quantifier(&mut self, quantifier: Quantifier, range: &'a Node, slot: usize, body: &'a Node) {
        let Ok(list) = self.eval.range(range) else {
            return self.leaf(range);
        };
        let wanted = quantifier != Quantifier::All;
        let before = self.lines.len();
        for (number, item) in list.items.iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.eval.bind(slot, item);
            if matches!(self.eval.value(body), Val::Bool(flag) if flag == wanted) {
                let path = self.element(range, item, number);
                self.paths.insert(slot, path.clone());
                let noted = self.lines.len();
                self.node(body);
                if self.lines.len() == noted {
                    self.note(path, item);
                }
                // What the body looked at may have bound the variable anew.
                self.eval.bind(slot, item);
            }
        }
        self.paths.remove(&slot);
        if self.lines.len() == before
            && let Some(path) = self.path(root_of(range))
        {
            // No element decided: the whole list did.
            let value = self.eval.value(root_of(range));
            self.note(path, value);
        }
    }

    /// Where an element of a range stands in the document.
    fn element(&mut self, range: &'a Node, item: Val<'a>, number: usize) -> String {
        if let Val::Asset(asset) = item {
            let text = |key: &str| asset.get(key).and_then(|v| v.as_str()).unwrap_or_default();
            return format!("{}[{}]", text("type"), text("id"));
        }
        let root = root_of(range);
        let base = self.path(root).unwrap_or_else(|| root.describe());
        let found = self
            .eval
            .range(root)
            .ok()
            .and_then(|list| list.items.iter().position(|i| is_same(i, item)));
        format!("{base}[{}]", found.unwrap_or(number))
    }

    /// Notes every fact that a part reads.
    fn leaf(&mut self, node: &'a Node) {
        if self.is_full() {
            return;
        }
        if let Node::Quantifier { .. } | Node::And(..) | Node::Or(..) | Node::Cond(..) = node {
            return self.node(node);
        }
        if let Some(path) = self.path(node) {
            let value = self.eval.value(node);
            return self.note(path, value);
        }
        match node {
            Node::Filter { range, .. } => self.leaf(range),
            Node::Map {
                range, slot, body, ..
            } => self.mapped(range, *slot, body, |_, _| true),
            Node::Call(Function::CidrCoversAll, args) => self.cover(args),
            Node::Related { key, .. } => {
                if let Some(key) = key {
                    self.leaf(key);
                }
                if let Ok(list) = self.eval.range(node) {
                    for (number, item) in list.items.iter().enumerate().take(3) {
                        let path = self.element(node, item, number);
                        self.note(path, Val::Null);
                    }
                }
            }
            _ => {
                for child in node.children() {
                    self.leaf(child);
                }
            }
        }
    }

    /// Notes what a list was made of: the parts of each element that `keep` keeps.
    fn mapped(
        &mut self,
        range: &'a Node,
        slot: usize,
        body: &'a Node,
        keep: impl Fn(&Eval<'a>, Val<'a>) -> bool,
    ) {
        let Ok(list) = self.eval.range(range) else {
            return self.leaf(range);
        };
        for (number, item) in list.items.iter().enumerate() {
            self.eval.bind(slot, item);
            if self.is_full() || !keep(self.eval, self.eval.value(body)) {
                continue;
            }
            let path = self.element(range, item, number);
            self.paths.insert(slot, path);
            self.leaf(body);
        }
        self.paths.remove(&slot);
    }

    /// Of the lists that together admit everybody: those that do so alone, or else all of them.
    fn cover(&mut self, args: &'a [Node]) {
        let alone = |eval: &Eval<'a>, entries: Val<'a>| {
            let covers = functions::apply(Function::CidrCoversAll, &[entries], eval);
            matches!(covers, Val::Bool(true))
        };
        let before = self.lines.len();
        for arg in args {
            if let Node::Map {
                range, slot, body, ..
            } = arg
            {
                self.mapped(range, *slot, body, alone);
            }
            if self.lines.len() == before {
                self.leaf(arg);
            }
        }
    }

    /// The path of a place in the document.
    fn path(&self, node: &Node) -> Option<String> {
        match node {
            Node::Facts => Some("facts".to_owned()),
            Node::Asset => Some("asset".to_owned()),
            Node::Slot { slot, .. } => self.paths.get(slot).cloned(),
            Node::Field { base, key, .. } | Node::Has { base, key } => {
                Some(format!("{}.{key}", self.path(base)?))
            }
            Node::Index { base, index, .. } => match &**index {
                Node::Const(crate::ast::Const::Int(at)) => {
                    Some(format!("{}[{at}]", self.path(base)?))
                }
                Node::Const(crate::ast::Const::Str(key)) => {
                    Some(format!("{}['{key}']", self.path(base)?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn note(&mut self, path: String, value: Val<'a>) {
        let value = match value {
            Val::Str(text) => format!("\"{}\"", show(Val::Str(text))),
            Val::Null => "null".to_owned(),
            Val::List(list) if list.items.len() == 0 && list.incomplete.is_none() => {
                "[]".to_owned()
            }
            other => show(other),
        };
        let line = FactLine {
            path,
            value: printable(&value),
        };
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }
}

/// The list of the document that a range takes its elements from.
fn root_of(range: &Node) -> &Node {
    match range {
        Node::Filter { range, .. } => root_of(range),
        other => other,
    }
}

/// Without characters that a database or terminal cannot take.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
