//! Parts of a rule's expressions that are evaluated once, though they stand in several places or in the body of a
//! comprehension.
//!
//! `list.filter(d, d in facts.policy.Days.split(','))` splits one text, not one for each element, and a list that a
//! predicate goes through four times is looked up once. Only parts that read no variable from outside can be shared.
//! That changes no result, since expressions are pure, and nothing is evaluated that was not before.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::ast::{Const, Node};

/// Marks what can be shared among expressions that are evaluated together; `kept` counts the marks of a rule.
pub(crate) fn share(roots: &mut [&mut Node], kept: &mut usize) {
    let mut classes = Classes::default();
    for root in roots.iter() {
        classes.add(root);
    }
    let mut marker = Marker {
        numbers: vec![None; classes.counts.len()],
        counts: classes.counts,
        parts: classes.parts,
        at: 0,
        kept,
    };
    for root in roots {
        marker.visit(root, false, 1);
    }
}

/// Which parts are the same.
#[derive(Default)]
struct Classes<'n> {
    /// The class of each part that can be shared, each part before those that it is made of.
    parts: Vec<Option<usize>>,
    /// How often a class occurs.
    counts: Vec<usize>,
    /// The classes by what their parts look like.
    known: HashMap<u64, Vec<(usize, &'n Node)>>,
}

impl<'n> Classes<'n> {
    /// Adds a node and its parts; gives the variables that it reads and does not bind itself, one bit each, and a
    /// digest of it.
    fn add(&mut self, node: &'n Node) -> (u32, u64) {
        let place = self.parts.len();
        self.parts.push(None);
        let mut free = match node {
            Node::Slot { slot, .. } => 1 << slot,
            _ => 0,
        };
        let mut hasher = DefaultHasher::new();
        look(node, &mut hasher);
        for (number, child) in node.children().into_iter().enumerate() {
            let (mut below, digest) = self.add(child);
            if let Node::Each(each) = node
                && number > 0
            {
                below &= !(1 << each.slot);
            }
            free |= below;
            digest.hash(&mut hasher);
        }
        let digest = hasher.finish();
        if free == 0 && is_worth_it(node) {
            let class = self.class(node, digest);
            if let Some(part) = self.parts.get_mut(place) {
                *part = Some(class);
            }
        }
        (free, digest)
    }

    fn class(&mut self, node: &'n Node, digest: u64) -> usize {
        let alike = self.known.entry(digest).or_default();
        let known = alike.iter().find(|(_, other)| *other == node);
        if let Some((class, _)) = known {
            if let Some(count) = self.counts.get_mut(*class) {
                *count += 1;
            }
            return *class;
        }
        let class = self.counts.len();
        alike.push((class, node));
        self.counts.push(1);
        class
    }
}

/// What a node looks like, without its parts.
fn look(node: &Node, hasher: &mut DefaultHasher) {
    std::mem::discriminant(node).hash(hasher);
    match node {
        Node::Const(Const::Str(text)) => text.hash(hasher),
        Node::Const(constant) => format!("{constant:?}").hash(hasher),
        Node::Fact(fact) => fact.call.hash(hasher),
        Node::Slot { slot, .. } => slot.hash(hasher),
        Node::Field { key, .. } | Node::Has { key, .. } => key.hash(hasher),
        Node::OneOf { texts, wanted, .. } => (texts, wanted).hash(hasher),
        Node::Compare(comparison, ..) => comparison.hash(hasher),
        Node::Arithmetic(arithmetic, ..) => arithmetic.hash(hasher),
        Node::Each(each) => (each.what, each.slot).hash(hasher),
        Node::Matches(_, pattern) => pattern.0.as_str().hash(hasher),
        Node::Related(related) => (&related.lookup, related.whole_account).hash(hasher),
        Node::Call(function, _) => function.hash(hasher),
        _ => {}
    }
}

/// Whether looking a kept value up costs less.
fn is_worth_it(node: &Node) -> bool {
    !matches!(
        node,
        Node::Const(_) | Node::Slot { .. } | Node::Asset | Node::Facts | Node::Now | Node::Once(..)
    )
}

/// Goes over the same parts in the same order.
struct Marker<'m> {
    parts: Vec<Option<usize>>,
    counts: Vec<usize>,
    /// The number under which the value of a class is kept.
    numbers: Vec<Option<usize>>,
    at: usize,
    kept: &'m mut usize,
}

impl Marker<'_> {
    /// `within`: the node stands in the body of a comprehension. `outer`: so often occurs what it is a part of; a part
    /// that occurs no more often gains nothing.
    fn visit(&mut self, node: &mut Node, within: bool, outer: usize) {
        let class = self.parts.get(self.at).copied().flatten();
        self.at += 1;
        let count = class
            .and_then(|class| self.counts.get(class).copied())
            .unwrap_or_default();
        let marked = class.filter(|_| within || count > outer);
        let (within, outer) = match marked {
            Some(_) => (false, count),
            None => (within, outer),
        };
        let repeats = matches!(node, Node::Each(_));
        for (number, child) in node.children_mut().into_iter().enumerate() {
            self.visit(child, within || (repeats && number > 0), outer);
        }
        if let Some(number) = marked.and_then(|class| self.number(class)) {
            let inner = std::mem::replace(node, Node::Now);
            *node = Node::Once(number, Box::new(inner));
        }
    }

    fn number(&mut self, class: usize) -> Option<usize> {
        let number = self.numbers.get_mut(class)?;
        if number.is_none() {
            *number = Some(*self.kept);
            *self.kept += 1;
        }
        *number
    }
}
