//! Parts of the body of a comprehension that are the same for every element are evaluated once.
//!
//! `list.filter(d, d in facts.policy.Days.split(','))` splits one text, not one for each element. That changes no
//! result, since expressions are pure, and nothing is evaluated that was not before.

use std::cell::Cell;

use crate::ast::Node;

/// The node with such parts marked; `kept` counts the marks of all expressions of a rule.
pub(super) fn hoist(mut node: Node, kept: &Cell<usize>) -> Node {
    visit(&mut node, false, kept);
    node
}

/// Marks the largest parts below a node that can be. `within`: the node stands in the body of a comprehension.
fn visit(node: &mut Node, within: bool, kept: &Cell<usize>) {
    if within && free(node) == 0 && is_worth_it(node) {
        // Its own comprehensions have bodies, too.
        visit(node, false, kept);
        let inner = std::mem::replace(node, Node::Now);
        *node = Node::Once(kept.get(), Box::new(inner));
        kept.set(kept.get() + 1);
        return;
    }
    match node {
        Node::Each(each) => {
            visit(&mut each.range, within, kept);
            if let Some(condition) = &mut each.condition {
                visit(condition, true, kept);
            }
            visit(&mut each.body, true, kept);
        }
        other => {
            let children = other.children_mut();
            children
                .into_iter()
                .for_each(|child| visit(child, within, kept));
        }
    }
}

/// The variables that a node reads and does not bind itself, one bit each.
fn free(node: &Node) -> u32 {
    match node {
        Node::Slot { slot, .. } => 1 << slot,
        Node::Each(each) => {
            let inner = each.condition.as_ref().map_or(0, free) | free(&each.body);
            free(&each.range) | (inner & !(1 << each.slot))
        }
        other => other
            .children()
            .into_iter()
            .map(free)
            .fold(0, |all, one| all | one),
    }
}

/// Whether looking a kept value up costs less.
fn is_worth_it(node: &Node) -> bool {
    !matches!(
        node,
        Node::Const(_) | Node::Slot { .. } | Node::Asset | Node::Facts | Node::Now | Node::Once(..)
    )
}
