//! Values that a file does not say: those known only after apply, and those that are secret.
//!
//! They are replaced within the tree by a marker, so that whatever reads the tree afterwards cannot meet a secret, and
//! cannot take an unknown value for a missing one.

use serde_json::{Map, Value, json};

/// The one key of a marker. A file that has such an object itself only makes a value unread.
const MARKER: &str = "\u{1}hidden";

/// Why a value is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    /// It is known only after apply.
    Unknown,
    /// Terraform marks it as sensitive.
    Sensitive,
    /// The source alone does not tell: a variable without a value, a data source, a function of the outside world.
    Unresolved,
}

impl Hidden {
    pub(super) fn marker(self) -> Value {
        let why = match self {
            Self::Unknown => "unknown",
            Self::Sensitive => "sensitive",
            Self::Unresolved => "unresolved",
        };
        json!({ MARKER: why })
    }

    /// The reason in words, after the name of an attribute.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Unknown => "is known only after apply",
            Self::Sensitive => "is sensitive",
            Self::Unresolved => "cannot be told from the source alone",
        }
    }
}

/// Why the value, or a part of it, is not said; none when all of it is.
pub(super) fn hidden(value: &Value) -> Option<Hidden> {
    match value {
        Value::Object(map) => marker(map).or_else(|| map.values().find_map(hidden)),
        Value::Array(items) => items.iter().find_map(hidden),
        _ => None,
    }
}

/// Why this very value is not said.
pub(super) fn marker(map: &Map<String, Value>) -> Option<Hidden> {
    map.get(MARKER).map(|why| match why.as_str() {
        Some("sensitive") => Hidden::Sensitive,
        Some("unresolved") => Hidden::Unresolved,
        _ => Hidden::Unknown,
    })
}

/// Puts markers where `mask`, shaped like the value, says `true`: `after_unknown`, `sensitive_values` and the like.
pub(super) fn mask(value: &mut Value, mask: &Value, why: Hidden) {
    match mask {
        Value::Bool(true) => *value = why.marker(),
        Value::Object(members) => mask_members(value, members, why),
        Value::Array(items) => mask_items(value, items, why),
        _ => {}
    }
}

fn mask_members(value: &mut Value, members: &Map<String, Value>, why: Hidden) {
    if !members.values().any(hides) {
        return;
    }
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => {
            for (key, inner) in members.iter().filter(|(_, inner)| hides(inner)) {
                mask(map.entry(key.clone()).or_insert(Value::Null), inner, why);
            }
        }
        // Another shape than the value: rather too much than too little.
        other => *other = why.marker(),
    }
}

fn mask_items(value: &mut Value, items: &[Value], why: Hidden) {
    let fits = value
        .as_array()
        .is_some_and(|list| list.len() >= items.len());
    match value {
        Value::Array(list) if fits => {
            for (inner, item) in items.iter().zip(list) {
                mask(item, inner, why);
            }
        }
        other if items.iter().any(hides) => *other = why.marker(),
        _ => {}
    }
}

/// Whether a mask hides anything.
fn hides(mask: &Value) -> bool {
    match mask {
        Value::Bool(hidden) => *hidden,
        Value::Object(members) => members.values().any(hides),
        Value::Array(items) => items.iter().any(hides),
        _ => false,
    }
}

/// Puts markers at the paths that a state names in `sensitive_attributes`. A path that cannot be followed hides where
/// it stops.
pub(super) fn mask_paths(values: &mut Value, paths: &Value) {
    for path in paths.as_array().into_iter().flatten() {
        let steps = path.as_array().map(Vec::as_slice).unwrap_or_default();
        if !steps.is_empty() {
            mask_path(values, steps);
        }
    }
}

fn mask_path(value: &mut Value, steps: &[Value]) {
    let mut at = value;
    for step in steps {
        let key = step.get("value").cloned().unwrap_or(Value::Null);
        // An index is given with its type: `{"value": 0, "type": "number"}`.
        let key = key.get("value").cloned().unwrap_or(key);
        let found = match (&key, &*at) {
            (Value::String(name), Value::Object(map)) => map.contains_key(name),
            (Value::Number(index), Value::Array(list)) => position(index) < list.len(),
            _ => false,
        };
        if !found {
            break;
        }
        at = match (&key, at) {
            (Value::String(name), Value::Object(map)) => {
                map.entry(name.clone()).or_insert(Value::Null)
            }
            (Value::Number(index), Value::Array(list)) => match list.get_mut(position(index)) {
                Some(item) => item,
                None => return,
            },
            _ => return,
        };
    }
    *at = Hidden::Sensitive.marker();
}

fn position(index: &serde_json::Number) -> usize {
    index
        .as_u64()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_follow_the_shape_of_the_value() {
        let mut value = json!({"a": 1, "list": [{"x": 1}, {"x": 2}]});
        mask(
            &mut value,
            &json!({"b": true, "c": false, "list": [{}, {"x": true}]}),
            Hidden::Unknown,
        );
        assert_eq!(hidden(&value["a"]), None);
        assert_eq!(hidden(&value["b"]), Some(Hidden::Unknown));
        assert!(value.get("c").is_none());
        assert_eq!(hidden(&value["list"][0]), None);
        assert_eq!(hidden(&value["list"][1]), Some(Hidden::Unknown));
    }

    #[test]
    fn a_mask_of_another_shape_hides_the_whole_value() {
        let mut value = json!("text");
        mask(&mut value, &json!({"a": true}), Hidden::Sensitive);
        assert_eq!(hidden(&value), Some(Hidden::Sensitive));
        let mut value = json!([1]);
        mask(&mut value, &json!([false, true]), Hidden::Unknown);
        assert_eq!(hidden(&value), Some(Hidden::Unknown));
    }

    #[test]
    fn paths_hide_what_they_name_or_where_they_stop() {
        let mut value = json!({"password": "p", "list": [{"key": "k", "other": 1}], "map": {}});
        let paths = json!([
            [{"type": "get_attr", "value": "password"}],
            [{"type": "get_attr", "value": "list"}, {"type": "index", "value": {"value": 0, "type": "number"}},
             {"type": "get_attr", "value": "key"}],
            [{"type": "get_attr", "value": "map"}, {"type": "get_attr", "value": "gone"}],
        ]);
        mask_paths(&mut value, &paths);
        let text = value.to_string();
        assert!(!text.contains("\"p\"") && !text.contains("\"k\""), "{text}");
        assert_eq!(value["list"][0]["other"], 1);
        assert_eq!(hidden(&value["map"]), Some(Hidden::Sensitive));
    }
}
