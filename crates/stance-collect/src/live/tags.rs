//! Tags of an element, in the ways in which they are written.

use std::collections::BTreeMap;

use serde_json::Value;
use stance_model::operation::Tags;

use super::path;
use super::shape::members;

/// The tags of an element: a list of keys and values, or an object. What has another form is no tag.
pub(super) fn read(item: &Value, tags: Option<&Tags>) -> BTreeMap<String, String> {
    let Some(tags) = tags else {
        return BTreeMap::new();
    };
    match path::get(item, &tags.path) {
        Some(Value::Object(map)) if tags.key.is_empty() => {
            let pair = |(key, value): (&String, &Value)| Some((key.clone(), path::text(value)?));
            map.iter().filter_map(pair).collect()
        }
        Some(list @ (Value::Array(_) | Value::Object(_))) => {
            let list = members(list.clone());
            list.iter().filter_map(|tag| pair(tag, tags)).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn pair(tag: &Value, tags: &Tags) -> Option<(String, String)> {
    let key = path::get(tag, &tags.key).and_then(path::text)?;
    let value = path::get(tag, &tags.value).and_then(path::text);
    Some((key, value.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_of_every_form_are_read() {
        let tags = |path: &str, key: &str, value: &str| Tags {
            path: path.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let wanted = BTreeMap::from([("env".to_owned(), "prod".to_owned())]);
        for (item, at) in [
            (
                json!({"Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}]}}),
                tags("Tags.Tag", "TagKey", "TagValue"),
            ),
            (json!({"tags": {"env": "prod"}}), tags("tags", "", "")),
            // One tag in XML.
            (
                json!({"tagSet": {"item": {"key": "env", "value": "prod"}}}),
                tags("tagSet", "key", "value"),
            ),
        ] {
            assert_eq!(read(&item, Some(&at)), wanted, "{item}");
        }
        let none = tags("Tags", "k", "v");
        assert!(read(&json!({"Tags": "x"}), Some(&none)).is_empty());
        assert!(read(&json!({}), None).is_empty());
    }
}
