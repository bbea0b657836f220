//! Dotted paths into answers: `Items.DBInstance`, `value[0].id`, `Users[-1].Name`. A member whose own name has dots, such
//! as `@odata.nextLink`, may end a path.

use serde_json::Value;

/// The value at a path; an empty path is the value itself.
pub(super) fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    let (segment, rest) = path.split_once('.').unwrap_or((path, ""));
    get(step(value, segment)?, rest)
}

/// One segment further: a member, an element of it, or both.
fn step<'v>(value: &'v Value, segment: &str) -> Option<&'v Value> {
    let (name, index) = match segment.split_once('[') {
        Some((name, rest)) => (name, Some(rest.trim_end_matches(']'))),
        None => (segment, None),
    };
    let member = match name {
        "" => value,
        name => value.get(name)?,
    };
    match index {
        Some(index) => element(member, index),
        None => Some(member),
    }
}

/// The path of what the last segment of a path is a member of.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
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
        let dotted = json!({"@odata.nextLink": "next"});
        assert_eq!(get(&dotted, "@odata.nextLink"), Some(&json!("next")));
    }
}
