//! Dotted paths into answers: `Items.DBInstance`, `value[0].id`, `Users[-1].Name`.

use serde_json::Value;

/// The value at a path; an empty path is the value itself.
pub(super) fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut at = value;
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let (name, index) = match segment.split_once('[') {
            Some((name, rest)) => (name, Some(rest.trim_end_matches(']'))),
            None => (segment, None),
        };
        if !name.is_empty() {
            at = at.get(name)?;
        }
        if let Some(index) = index {
            at = element(at, index)?;
        }
    }
    Some(at)
}

fn element<'v>(list: &'v Value, index: &str) -> Option<&'v Value> {
    let list = list.as_array()?;
    match index.strip_prefix('-') {
        Some(back) => list
            .iter()
            .rev()
            .nth(back.parse::<usize>().ok()?.checked_sub(1)?),
        None => list.get(index.parse::<usize>().ok()?),
    }
}

/// The value as a text, where it is a scalar.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::get;

    #[test]
    fn paths_lead_through_objects_and_lists() {
        let value = json!({"a": {"b": [{"c": 1}, {"c": 2}]}});
        assert_eq!(get(&value, "a.b[0].c"), Some(&json!(1)));
        assert_eq!(get(&value, "a.b[-1].c"), Some(&json!(2)));
        assert_eq!(get(&value, "a.b[-3].c"), None);
        assert_eq!(get(&value, "a.x"), None);
        assert_eq!(get(&value, ""), Some(&value));
    }
}
