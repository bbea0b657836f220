//! Constants.

use sonic_rs::Value;

use crate::ast::{Const, Node};

/// A constant from JSON.
pub(super) fn constant(value: &serde_json::Value) -> Const {
    match value {
        serde_json::Value::Bool(flag) => Const::Bool(*flag),
        serde_json::Value::String(text) => Const::Str(text.clone()),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Const::Int(number),
            None => Const::Double(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::Array(_) => {
            // A serde_json value is always valid JSON text.
            Const::List(
                sonic_rs::from_str(&value.to_string()).unwrap_or_else(|_| Value::new_null()),
            )
        }
        serde_json::Value::Null | serde_json::Value::Object(_) => Const::Null,
    }
}

/// A constant as JSON, where it can be an element of a constant list.
pub(super) fn as_json(node: &Node) -> Option<serde_json::Value> {
    let Node::Const(constant) = node else {
        return None;
    };
    Some(match constant {
        Const::Null => serde_json::Value::Null,
        Const::Bool(flag) => (*flag).into(),
        Const::Int(number) => (*number).into(),
        Const::Double(number) => (*number).into(),
        Const::Str(text) => text.clone().into(),
        Const::List(list) => serde_json::from_str(&sonic_rs::to_string(list).ok()?).ok()?,
        Const::Duration(_) | Const::Ports(_) | Const::Blocks(_) => return None,
    })
}
