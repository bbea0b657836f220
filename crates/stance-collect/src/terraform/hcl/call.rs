//! Calls of functions: which are known, and what they need to know of their arguments.

use hcl_edit::expr::FuncCall;
use serde_json::Value;

use super::eval;
use super::function::{self, FUNCTIONS};
use super::scope::{Scope, unresolved};
use crate::terraform::hidden::{hidden, marker};

/// The value of a call; unresolved where the function is not known or asks the world outside.
pub(super) fn eval(call: &FuncCall, scope: Scope<'_>) -> Value {
    let Some(arguments) = arguments(call, scope) else {
        return unresolved();
    };
    let name = call.name.name.as_str();
    if call.name.is_namespaced() {
        return unresolved();
    }
    match name {
        // The first that works; what is not known may be the first.
        "try" => function::first(&arguments, |value| !value.is_null()),
        "coalesce" => function::first(&arguments, |v| !v.is_null() && v != ""),
        "sensitive" | "nonsensitive" => arguments.first().cloned(),
        _ => known(name, &arguments),
    }
    .unwrap_or_else(unresolved)
}

fn known(name: &str, arguments: &[Value]) -> Option<Value> {
    let (_, whole, function) = FUNCTIONS.iter().find(|(known, ..)| *known == name)?;
    let unknown = |value: &Value| {
        if *whole {
            hidden(value).is_some()
        } else {
            value.as_object().is_some_and(|map| marker(map).is_some())
        }
    };
    if arguments.iter().any(unknown) {
        return None;
    }
    function(arguments)
}

/// The arguments; `f(list...)` spreads the last.
fn arguments(call: &FuncCall, scope: Scope<'_>) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = call
        .args
        .iter()
        .map(|argument| eval::eval(argument, scope))
        .collect();
    if call.args.expand_final() {
        match values.pop() {
            Some(Value::Array(items)) => values.extend(items),
            _ => return None,
        }
    }
    Some(values)
}
