//! The elements of a list with the places they come from, through `filter`, `map`, sums and conditionals.

use crate::ast::{Arithmetic, Comprehension, Each, Node};
use crate::eval::Eval;
use crate::value::Val;

/// Where an element comes from.
pub(super) enum Spot<'s, 'a> {
    /// It is an element of a list.
    Element {
        list: &'a Node,
        number: usize,
        item: Val<'a>,
    },
    /// It was made of another by `map`.
    Mapped {
        below: &'s Spot<'s, 'a>,
        each: &'a Each,
    },
}

/// Hears of an element; says whether to go on.
pub(super) type Visit<'v, 'a> = &'v mut dyn FnMut(&Spot<'_, 'a>, Val<'a>) -> bool;

/// Visits the elements of the list that a node is, one after the other; false when it was stopped.
pub(super) fn walk<'a>(eval: &Eval<'a>, node: &'a Node, visit: Visit<'_, 'a>) -> bool {
    match node {
        Node::Each(each) if !matches!(each.what, Comprehension::Quantifier(_)) => {
            through(eval, each, visit)
        }
        Node::Once(_, inner) => walk(eval, inner, visit),
        Node::Arithmetic(Arithmetic::Add, a, b) => walk(eval, a, visit) && walk(eval, b, visit),
        Node::Cond(test, a, b) => match eval.value(test) {
            Val::Bool(true) => walk(eval, a, visit),
            Val::Bool(false) => walk(eval, b, visit),
            _ => true,
        },
        _ => elements(eval, node, visit),
    }
}

fn elements<'a>(eval: &Eval<'a>, list: &'a Node, visit: Visit<'_, 'a>) -> bool {
    let Ok(found) = eval.range(list) else {
        return true;
    };
    found
        .items
        .iter()
        .enumerate()
        .all(|(number, item)| visit(&Spot::Element { list, number, item }, item))
}

fn through<'a>(eval: &Eval<'a>, each: &'a Each, visit: Visit<'_, 'a>) -> bool {
    let is_map = each.what == Comprehension::Map;
    let taken = if is_map {
        each.condition.as_ref()
    } else {
        Some(&each.body)
    };
    walk(eval, &each.range, &mut |below, item| {
        eval.bind_element(each, item);
        if !taken.is_none_or(|taken| matches!(eval.value(taken), Val::Bool(true))) {
            return true;
        }
        if is_map {
            visit(&Spot::Mapped { below, each }, eval.value(&each.body))
        } else {
            visit(below, item)
        }
    })
}

/// The list of the document that a range takes its elements from.
pub(super) fn root(range: &Node) -> &Node {
    match range {
        Node::Each(each) if !matches!(each.what, Comprehension::Quantifier(_)) => root(&each.range),
        Node::Once(_, inner) => root(inner),
        other => other,
    }
}
