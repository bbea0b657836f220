//! `{region}`, `{item.DBInstanceId}`: values that go into requests.

use serde_json::Value;

use super::path;

/// What the names in templates stand for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vars<'v> {
    /// The account.
    pub(super) account: &'v str,
    /// The region; `global` where there is none.
    pub(super) region: &'v str,
    /// The project of the region, where the provider has such.
    pub(super) project: &'v str,
    /// The elements of the listings around, the innermost last.
    pub(super) parents: &'v [Value],
    /// The element of the listing.
    pub(super) item: Option<&'v Value>,
}

/// A name in a template stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoValue(pub(super) String);

impl Vars<'_> {
    /// The text with its names replaced.
    pub(super) fn fill(&self, template: &str) -> Result<String, NoValue> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                return Err(NoValue(template.to_owned()));
            };
            filled.push_str(&self.named(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn named(&self, name: &str) -> Result<String, NoValue> {
        let value = match name.split_once('.') {
            Some(("item", rest)) => self.item.and_then(|item| path::get(item, rest)),
            Some(("parent", rest)) => self.parents.last().and_then(|p| path::get(p, rest)),
            Some(("root", rest)) => self.parents.first().and_then(|p| path::get(p, rest)),
            _ => None,
        };
        let plain = match name {
            "account" => Some(self.account.to_owned()),
            "region" => Some(self.region.to_owned()),
            "project" => Some(self.project.to_owned()),
            "item" => self.item.and_then(path::text),
            _ => value.and_then(path::text),
        };
        plain
            .filter(|text| !text.is_empty())
            .ok_or_else(|| NoValue(name.to_owned()))
    }

    /// A parameter's value with its names replaced, in lists and objects too.
    pub(super) fn fill_value(&self, value: &Value) -> Result<Value, NoValue> {
        Ok(match value {
            Value::String(template) => Value::String(self.fill(template)?),
            Value::Array(items) => {
                let filled: Result<Vec<Value>, NoValue> =
                    items.iter().map(|item| self.fill_value(item)).collect();
                Value::Array(filled?)
            }
            Value::Object(map) => {
                let pairs = map
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.fill_value(value)?)));
                Value::Object(pairs.collect::<Result<_, NoValue>>()?)
            }
            other => other.clone(),
        })
    }
}
