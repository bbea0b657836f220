//! What of a document is kept.

use serde_json::Value;

/// The members at these paths, with all below them; lists on the way contribute each of their elements.
pub(super) fn kept(value: Value, paths: &[&str]) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| kept(item, paths)).collect(),
        Value::Object(map) => {
            let members = map.into_iter().filter_map(|(name, value)| {
                if paths.contains(&name.as_str()) {
                    return Some((name, value));
                }
                let below = paths
                    .iter()
                    .filter_map(|path| path.strip_prefix(name.as_str())?.strip_prefix('.'));
                let below: Vec<&str> = below.collect();
                (!below.is_empty()).then(|| (name, kept(value, &below)))
            });
            members.collect()
        }
        other => other,
    }
}

/// The document in a text, which may be escaped once more; a document that is none stays as it is.
pub(super) fn unescaped(value: Value) -> Option<Value> {
    let Value::String(text) = value else {
        return Some(value);
    };
    let parsed = parse(&text).or_else(|| {
        let plain: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
        parse(&plain)
    })?;
    match parsed {
        Value::String(inner) => parse(&inner),
        parsed => Some(parsed),
    }
}

fn parse(text: &str) -> Option<Value> {
    if crate::snapshot::is_deeper(text.as_bytes(), super::MAX_NESTING) {
        return None;
    }
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_named_is_kept() {
        let value = json!({"a": {"b": [{"c": 1, "secret": 2}], "x": 3}, "d": {"e": 4}});
        let left = json!({"a": {"b": [{"c": 1}]}, "d": {"e": 4}});
        assert_eq!(kept(value, &["a.b.c", "d"]), left);
    }

    #[test]
    fn texts_are_unescaped_once_or_twice() {
        let document = json!({"a": "b"});
        let once = document.to_string();
        let twice = r#"{\"a\":\"b\"}"#;
        let quoted = Value::String(once.clone()).to_string();
        for text in [once.as_str(), twice, quoted.as_str()] {
            assert_eq!(unescaped(json!(text)), Some(document.clone()), "{text}");
        }
        assert_eq!(unescaped(document.clone()), Some(document));
        assert_eq!(unescaped(json!("no json")), None);
        assert_eq!(unescaped(json!("[".repeat(200))), None);
    }
}
