//! References: what `var.x`, `local.y`, `each.value.z` and `alicloud_vpc.main.id` are, and to what an expression refers.

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::visit::{Visit, visit_traversal};
use serde_json::Value;

use super::eval::{self, elements, text};
use super::scope::{Scope, after_apply, unresolved};
use crate::terraform::hidden::{hidden, marker};

/// The value after some steps into it.
fn eval_steps<'t>(
    mut value: Value,
    steps: impl Iterator<Item = &'t TraversalOperator>,
    scope: Scope<'_>,
) -> Value {
    let mut steps = steps.peekable();
    while let Some(step) = steps.next() {
        if matches!(
            step,
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_)
        ) {
            let rest: Vec<&TraversalOperator> = steps.collect();
            return splat(&value, &rest, scope);
        }
        value = take(value, step, scope);
    }
    value
}

/// The same steps into every element.
fn splat(value: &Value, rest: &[&TraversalOperator], scope: Scope<'_>) -> Value {
    match value {
        Value::Null => Value::Array(Vec::new()),
        Value::Array(items) => items
            .iter()
            .map(|item| eval_steps(item.clone(), rest.iter().copied(), scope))
            .collect(),
        other if hidden(other).is_some() => unresolved(),
        single => Value::Array(vec![eval_steps(
            single.clone(),
            rest.iter().copied(),
            scope,
        )]),
    }
}

/// One step into a value.
fn take(value: Value, step: &TraversalOperator, scope: Scope<'_>) -> Value {
    let key = match step {
        TraversalOperator::GetAttr(name) => Value::String(name.as_str().to_owned()),
        TraversalOperator::Index(index) => eval::eval(index, scope),
        TraversalOperator::LegacyIndex(index) => Value::from(*index.value()),
        _ => return unresolved(),
    };
    let (whole, Some(key)) = (value, text(&key)) else {
        return unresolved();
    };
    match whole {
        Value::Object(map) if marker(&map).is_some() => Value::Object(map),
        Value::Object(mut map) => map.remove(&key).unwrap_or_else(unresolved),
        Value::Array(items) => {
            let index = key.parse::<usize>().ok();
            let item = index.and_then(|index| items.into_iter().nth(index));
            item.unwrap_or_else(unresolved)
        }
        _ => unresolved(),
    }
}

/// The value of a traversal.
pub(super) fn eval(traversal: &Traversal, scope: Scope<'_>) -> Value {
    let steps = || traversal.operators.iter().map(|step| step.value());
    let Expression::Variable(base) = &traversal.expr else {
        return eval_steps(eval::eval(&traversal.expr, scope), steps(), scope);
    };
    if let Some(bound) = scope.bound(base.as_str()) {
        return eval_steps(bound.clone(), steps(), scope);
    }
    let first = steps().next();
    let Some(TraversalOperator::GetAttr(name)) = first else {
        return unresolved();
    };
    let rest = || steps().skip(1);
    match base.as_str() {
        "var" => {
            let value = scope.instance.inputs.get(name.as_str());
            eval_steps(value.cloned().unwrap_or_else(unresolved), rest(), scope)
        }
        "local" => eval_steps(local(name.as_str(), scope), rest(), scope),
        "each" => {
            let value = scope.each.and_then(|(key, value)| match name.as_str() {
                "key" => Some(key.clone()),
                "value" => Some(value.clone()),
                _ => None,
            });
            eval_steps(value.unwrap_or_else(unresolved), rest(), scope)
        }
        "count" if name.as_str() == "index" => scope.index.map_or_else(unresolved, Value::from),
        "data" | "module" | "path" | "terraform" | "self" => unresolved(),
        kind => of_resource(kind, name.as_str(), rest(), scope),
    }
}

/// A local; one that leads back to itself is not known.
fn local(name: &str, scope: Scope<'_>) -> Value {
    let instance = scope.instance;
    if let Some(known) = instance.locals.borrow().get(name) {
        return known.clone().unwrap_or_else(unresolved);
    }
    let Some(expression) = instance.module.locals.get(name) else {
        return unresolved();
    };
    instance.locals.borrow_mut().insert(name.to_owned(), None);
    let own = Scope {
        depth: scope.depth,
        ..Scope::of(instance)
    };
    let value = eval::eval(expression, own);
    let mut locals = instance.locals.borrow_mut();
    locals.insert(name.to_owned(), Some(value.clone()));
    value
}

/// An attribute of a resource that there is once and that states it.
fn of_resource<'t>(
    kind: &str,
    name: &str,
    mut steps: impl Iterator<Item = &'t TraversalOperator>,
    scope: Scope<'_>,
) -> Value {
    let resources = scope.instance.module.resources.iter();
    let mut found = resources.filter(|resource| resource.kind == kind && resource.name == name);
    let Some(resource) = found.next() else {
        return unresolved();
    };
    let several = ["count", "for_each"]
        .iter()
        .any(|meta| resource.body.has_attribute(meta));
    let Some(TraversalOperator::GetAttr(attribute)) = steps.next().filter(|_| !several) else {
        return after_apply();
    };
    let Some(stated) = resource.body.get_attribute(attribute.as_str()) else {
        return after_apply();
    };
    let own = Scope {
        depth: scope.depth,
        ..Scope::of(scope.instance)
    };
    eval_steps(eval::eval(&stated.value, own), steps, scope)
}

/// To what an expression refers, as a plan writes it; a local stands for what it refers to itself.
pub(super) fn references(expression: &Expression, scope: Scope<'_>) -> Vec<String> {
    let mut collector = Collector {
        scope,
        found: Vec::new(),
        locals: 0,
    };
    collector.visit_expr(expression);
    collector.found
}

/// How many locals are followed for one attribute.
const MAX_LOCALS: usize = 100;

struct Collector<'s> {
    scope: Scope<'s>,
    found: Vec<String>,
    locals: usize,
}

impl Visit for Collector<'_> {
    fn visit_traversal(&mut self, traversal: &Traversal) {
        if let Some(reference) = shown(traversal, self.scope) {
            let module = std::rc::Rc::clone(&self.scope.instance.module);
            let local = reference.strip_prefix("local.");
            let local = local.and_then(|rest| rest.split(['.', '[']).next());
            match local.and_then(|name| module.locals.get(name)) {
                Some(expression) if self.locals < MAX_LOCALS => {
                    self.locals += 1;
                    self.visit_expr(expression);
                }
                _ => self.found.push(reference),
            }
        }
        visit_traversal(self, traversal);
    }
}

/// A reference as text: `alicloud_security_group.web["a"].id`; none for a name that the expression binds itself.
fn shown(traversal: &Traversal, scope: Scope<'_>) -> Option<String> {
    let Expression::Variable(base) = &traversal.expr else {
        return None;
    };
    if scope.bound(base.as_str()).is_some() {
        return None;
    }
    let mut text = base.as_str().to_owned();
    for step in &traversal.operators {
        match step.value() {
            TraversalOperator::GetAttr(name) => {
                text.push('.');
                text.push_str(name.as_str());
            }
            TraversalOperator::Index(index) => match eval::eval(index, scope) {
                key @ (Value::String(_) | Value::Number(_)) => text.push_str(&format!("[{key}]")),
                _ => break,
            },
            _ => break,
        }
    }
    Some(text)
}

/// The keys of `for_each`: a map's own, or the elements of a set of texts; none when it is not known.
pub(super) fn instances(value: &Value) -> Option<Vec<(Value, Value)>> {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| text(item).map(|key| (Value::String(key), item.clone())))
            .collect(),
        other => elements(other).map(|all| {
            all.into_iter()
                .map(|(key, value)| (key, value.clone()))
                .collect()
        }),
    }
}
