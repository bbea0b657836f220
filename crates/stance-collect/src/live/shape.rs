//! What of an answer is kept: the declared fields, in their declared types.
//!
//! XML has texts only, and no lists of one: the declaration says which they are. What is not declared is dropped, and
//! with it passwords and keys that an answer may hold.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use stance_model::operation::FieldShape;

use super::build::decoded;
use super::path;

/// How names and lists on the wire differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire<'w> {
    /// Names on the wire by those of the facts.
    pub(super) names: &'w BTreeMap<String, String>,
    /// Whether the answer was XML.
    pub(super) xml: bool,
}

/// The names of elements that only wrap the members of a list.
const WRAPPERS: [&str; 4] = ["member", "item", "entry", "Item"];

impl Wire<'_> {
    /// The value as it is declared. A value of another type stays as it came: whatever reads it finds the wrong type.
    pub(super) fn kept(&self, value: Value, shape: &FieldShape) -> Value {
        match shape {
            FieldShape::Any => value,
            FieldShape::Text => self.text(value),
            FieldShape::Int => self.int(value),
            FieldShape::Double => self.double(value),
            FieldShape::Bool => self.flag(value),
            FieldShape::List(inner) => self.list(value, inner),
            FieldShape::Object(fields) => self.object(value, fields),
            FieldShape::Map(inner) => match value {
                Value::Object(map) => self
                    .entries(map)
                    .into_iter()
                    .map(|(key, value)| (key, self.kept(value, inner)))
                    .collect(),
                other => other,
            },
        }
    }

    /// A text as it is. IAM writes policy documents percent-encoded in XML; no other text begins so.
    fn text(&self, value: Value) -> Value {
        let encoded = value
            .as_str()
            .filter(|text| self.xml && text.starts_with("%7B"));
        match encoded.and_then(decoded) {
            Some(document) => Value::String(document),
            None => value,
        }
    }

    /// The members of an object; in XML those of a map are entries of a key and a value.
    fn entries(&self, mut map: Map<String, Value>) -> Map<String, Value> {
        if !self.xml || map.len() != 1 {
            return map;
        }
        let Some(entries) = map.remove("entry") else {
            return map;
        };
        let pair = |entry: Value| match entry {
            Value::Object(mut entry) => {
                let key = entry.remove("key").as_ref().and_then(path::text)?;
                Some((key, entry.remove("value").unwrap_or_default()))
            }
            _ => None,
        };
        members(entries).into_iter().filter_map(pair).collect()
    }

    fn int(&self, value: Value) -> Value {
        match value.as_str().map(str::parse::<i64>) {
            Some(Ok(number)) if self.xml => number.into(),
            _ => value,
        }
    }

    fn double(&self, value: Value) -> Value {
        let parsed = value.as_str().and_then(|text| text.parse::<f64>().ok());
        match parsed.and_then(Number::from_f64) {
            Some(number) if self.xml => Value::Number(number),
            _ => value,
        }
    }

    fn flag(&self, value: Value) -> Value {
        match value.as_str().map(str::parse::<bool>) {
            Some(Ok(flag)) if self.xml => flag.into(),
            _ => value,
        }
    }

    fn list(&self, value: Value, inner: &FieldShape) -> Value {
        let items = match value {
            Value::Array(items) => items,
            other if self.xml => members(other),
            other => return other,
        };
        items
            .into_iter()
            .map(|item| self.kept(item, inner))
            .collect()
    }

    fn object(&self, value: Value, fields: &BTreeMap<String, FieldShape>) -> Value {
        // An element without content is an object without members.
        let mut map = match value {
            Value::Object(map) => self.entries(map),
            Value::String(text) if self.xml && text.is_empty() => Map::new(),
            other => return other,
        };
        let mut kept = Map::new();
        for (name, shape) in fields {
            if let Some(value) = self.take(&mut map, name) {
                kept.insert(name.clone(), self.kept(value, shape));
            } else if self.xml && matches!(shape, FieldShape::List(_)) {
                // A list without members leaves nothing in XML.
                kept.insert(name.clone(), Value::Array(Vec::new()));
            }
        }
        Value::Object(kept)
    }

    /// The member of that name: as declared for the wire, as it is, or with its first letter small. Objects within may
    /// have the same name undeclared.
    fn take(&self, map: &mut Map<String, Value>, name: &str) -> Option<Value> {
        let declared = self.names.get(name);
        if let Some(found) = declared.and_then(|wire| on_wire(map, wire)) {
            return Some(found);
        }
        map.remove(name).or_else(|| {
            let mut letters = name.chars();
            let first = letters.next().filter(|_| self.xml)?;
            let small: String = first.to_lowercase().chain(letters).collect();
            map.remove(&small)
        })
    }
}

/// The member at a path; `.` is the object itself, which the root element of XML names.
fn on_wire(map: &mut Map<String, Value>, wire: &str) -> Option<Value> {
    match wire.split_once('.') {
        Some(("", "")) => Some(Value::Object(map.clone())),
        Some((first, rest)) => path::get(map.get(first)?, rest).cloned(),
        None => map.remove(wire),
    }
}

/// The members of a list in XML: those in its wrapper, or the one there is.
pub(super) fn members(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::Null => Vec::new(),
        Value::Object(mut map) => {
            let wrapper = WRAPPERS.iter().find_map(|name| map.remove(*name));
            match wrapper {
                Some(Value::Array(items)) => items,
                Some(one) => vec![one],
                None if map.is_empty() => Vec::new(),
                None => vec![Value::Object(map)],
            }
        }
        one => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn declared_fields_stay_and_others_go() {
        let shape = FieldShape::Object(BTreeMap::from([
            ("Name".to_owned(), FieldShape::Text),
            (
                "Ports".to_owned(),
                FieldShape::List(Box::new(FieldShape::Int)),
            ),
            ("On".to_owned(), FieldShape::Bool),
        ]));
        let names = BTreeMap::new();
        let xml = Wire {
            names: &names,
            xml: true,
        };
        let value = json!({"name": "a", "Secret": "s", "ports": {"item": "80"}, "on": "true"});
        assert_eq!(
            xml.kept(value, &shape),
            json!({"Name": "a", "Ports": [80], "On": true})
        );
        assert_eq!(
            xml.kept(json!({"name": "a"}), &shape),
            json!({"Name": "a", "Ports": []})
        );
        let json_wire = Wire {
            names: &names,
            xml: false,
        };
        let value = json!({"Name": "a", "Ports": "80", "Password": "p"});
        assert_eq!(
            json_wire.kept(value, &shape),
            json!({"Name": "a", "Ports": "80"})
        );
    }

    #[test]
    fn maps_documents_and_other_names_of_xml_are_read() {
        let object = |fields: &[(&str, FieldShape)]| {
            let fields = fields
                .iter()
                .map(|(name, shape)| ((*name).to_owned(), shape.clone()));
            FieldShape::Object(fields.collect())
        };
        let names = BTreeMap::from([
            ("Grants".to_owned(), "Access.Grant".to_owned()),
            ("Whole".to_owned(), ".".to_owned()),
            ("State".to_owned(), "instanceState".to_owned()),
        ]);
        let xml = Wire {
            names: &names,
            xml: true,
        };
        let entries = json!({"entry": [{"key": "Mfa", "value": "1"}, {"key": "X", "value": "2"}]});
        assert_eq!(
            xml.kept(entries, &object(&[("Mfa", FieldShape::Int)])),
            json!({"Mfa": 1})
        );
        assert_eq!(
            xml.kept(json!("%7B%22a%22%3A1%7D"), &FieldShape::Text),
            json!("{\"a\":1}")
        );
        let list = FieldShape::List(Box::new(FieldShape::Text));
        let inner = object(&[("State", FieldShape::Text)]);
        let shape = object(&[
            ("Grants", list),
            ("State", FieldShape::Text),
            ("Options", inner.clone()),
            ("Whole", inner),
        ]);
        let value =
            json!({"Access": {"Grant": "g"}, "instanceState": "on", "options": {"state": "ok"}});
        assert_eq!(
            xml.kept(value, &shape),
            json!({"Grants": ["g"], "State": "on", "Options": {"State": "ok"}, "Whole": {}})
        );
    }
}
