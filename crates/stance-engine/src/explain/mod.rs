//! Evidence: evaluates again and notes which facts and elements decided the outcome. Off the hot path: only results
//! that do not pass are explained.

mod places;
mod walk;

use std::collections::BTreeMap;

use sonic_rs::{JsonValueTrait, Value};
use stance_model::{EvidenceItem, FINDINGS, FactLine};

use crate::ast::{Comprehension, Const, Each, Node, Quantifier};
use crate::budget::SHOWN_FACTS;
use crate::eval::Eval;
use crate::functions::show;
use crate::value::Val;

use walk::{Spot, root, walk};

/// A named value of a result.
pub(crate) fn item<'a>(name: &str, node: &'a Node, eval: &Eval<'a>) -> EvidenceItem {
    let value = eval.value(node);
    let places = (name == FINDINGS).then(|| places::list(value)).flatten();
    EvidenceItem {
        name: name.to_owned(),
        value: places.unwrap_or_else(|| printable(&show(value))),
    }
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
        self.lines.len() >= SHOWN_FACTS || self.eval.is_spent()
    }

    /// Follows the parts that decided a condition.
    fn node(&mut self, node: &'a Node) {
        if self.is_full() {
            return;
        }
        match node {
            Node::And(nodes) => self.junction(nodes, false),
            Node::Or(nodes) => self.junction(nodes, true),
            Node::Not(inner) | Node::Once(_, inner) => self.node(inner),
            Node::Cond(test, a, b) => {
                self.node(test);
                match self.eval.value(test) {
                    Val::Bool(true) => self.node(a),
                    Val::Bool(false) => self.node(b),
                    _ => {}
                }
            }
            Node::Each(each) => match each.what {
                Comprehension::Quantifier(quantifier) => self.quantifier(quantifier, each),
                Comprehension::Filter | Comprehension::Map => self.elements(node),
            },
            _ => self.leaf(node),
        }
    }

    /// The first operand that alone decides, or all of them.
    fn junction(&mut self, nodes: &'a [Node], decides: bool) {
        let alone = nodes
            .iter()
            .find(|node| matches!(self.eval.value(node), Val::Bool(flag) if flag == decides));
        match alone {
            Some(node) => self.node(node),
            None => nodes.iter().for_each(|node| self.node(node)),
        }
    }

    /// The elements that decided, or those of which it is not known, or the whole list.
    fn quantifier(&mut self, quantifier: Quantifier, each: &'a Each) {
        let wanted = quantifier != Quantifier::All;
        let before = self.lines.len();
        self.decisive(
            each,
            |value| matches!(value, Val::Bool(flag) if flag == wanted),
        );
        if self.lines.len() == before {
            self.decisive(each, |value| matches!(value, Val::Unknown(_)));
        }
        if self.lines.len() == before {
            self.leaf(root(&each.range));
        }
    }

    /// The elements for which the body has such a value.
    fn decisive(&mut self, each: &'a Each, decides: impl Fn(Val<'a>) -> bool) {
        let eval = self.eval;
        walk(eval, &each.range, &mut |spot, item| {
            eval.bind_element(each, item);
            if decides(eval.value(&each.body)) {
                let path = self.place(spot);
                self.paths.insert(each.slot, path.clone());
                let noted = self.lines.len();
                self.node(&each.body);
                if self.lines.len() == noted {
                    self.note(path, item);
                }
            }
            !self.is_full()
        });
        self.paths.remove(&each.slot);
    }

    /// The elements of a list that is made.
    fn elements(&mut self, node: &'a Node) {
        let before = self.lines.len();
        walk(self.eval, node, &mut |spot, item| {
            let path = self.place(spot);
            self.note(path, item);
            !self.is_full()
        });
        if self.lines.len() == before {
            self.leaf(root(node));
        }
    }

    /// Notes every fact that a part reads.
    fn leaf(&mut self, node: &'a Node) {
        if self.is_full() {
            return;
        }
        if let Node::Once(_, inner) = node {
            return self.leaf(inner);
        }
        if let Some(path) = self.path(node) {
            let value = match node {
                Node::Has {
                    base,
                    key,
                    optional,
                } => self.eval.had(base, key, *optional).unwrap_or(Val::Null),
                _ => self.eval.value(node),
            };
            return self.note(path, value);
        }
        match node {
            Node::And(_) | Node::Or(_) | Node::Cond(..) | Node::Each(_) => self.node(node),
            Node::Related(related) => {
                if let Some(key) = &related.key {
                    self.leaf(key);
                }
                self.related(node);
            }
            _ => {
                for child in node.children() {
                    self.leaf(child);
                }
            }
        }
    }

    /// Notes the first assets that were found, by name.
    fn related(&mut self, node: &'a Node) {
        const SHOWN_ASSETS: usize = 3;
        let mut shown = 0;
        walk(self.eval, node, &mut |spot, item| {
            if let Val::Asset(asset) = item {
                let path = self.place(spot);
                self.note(path, Val::Str(text(asset, "name")));
            }
            shown += 1;
            shown < SHOWN_ASSETS && !self.is_full()
        });
    }

    /// Where an element stands.
    fn place(&mut self, spot: &Spot<'_, 'a>) -> String {
        match spot {
            Spot::Element {
                item: Val::Asset(asset),
                ..
            } => named(asset),
            Spot::Element { list, number, .. } => {
                let base = self.path(list).unwrap_or_else(|| list.describe());
                format!("{base}[{number}]")
            }
            Spot::Mapped { below, each } => {
                let place = self.place(below);
                let outer = self.paths.insert(each.slot, place.clone());
                let mapped = self.path(&each.body).unwrap_or(place);
                match outer {
                    Some(outer) => self.paths.insert(each.slot, outer),
                    None => self.paths.remove(&each.slot),
                };
                mapped
            }
        }
    }

    /// The path of a place in the document, or in a related asset.
    fn path(&self, node: &'a Node) -> Option<String> {
        match node {
            Node::Once(_, inner) => self.path(inner),
            Node::Facts => Some("facts".to_owned()),
            Node::Fact(fact) => Some(format!("facts.{}", fact.call)),
            Node::Asset => Some("asset".to_owned()),
            Node::Slot { slot, .. } => self.paths.get(slot).cloned(),
            Node::Field { base, key, .. } | Node::Has { base, key, .. } => {
                Some(format!("{}.{key}", self.path(base)?))
            }
            Node::Index { base, index, .. } => match (self.path(base), &**index) {
                (Some(base), Node::Const(Const::Int(at))) => Some(format!("{base}[{at}]")),
                (Some(base), Node::Const(Const::Str(key))) => Some(format!("{base}['{key}']")),
                (Some(_), _) => None,
                (None, _) => match self.eval.value(node) {
                    Val::Asset(asset) => Some(named(asset)),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    fn note(&mut self, path: String, value: Val<'a>) {
        let value = match value {
            Val::Str(text) => format!("\"{}\"", show(Val::Str(text))),
            Val::Null => "null".to_owned(),
            Val::Json([]) => "[]".to_owned(),
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

/// How evidence names a related asset.
fn named(asset: &Value) -> String {
    format!("{}[{}]", text(asset, "type"), text(asset, "id"))
}

fn text<'a>(asset: &'a Value, key: &str) -> &'a str {
    asset.get(key).and_then(|v| v.as_str()).unwrap_or_default()
}

/// Without characters that a database or terminal cannot take.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
