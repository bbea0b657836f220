//! A resource of a Terraform file, and reading its attributes without guessing.

use serde_json::{Map, Value};

use super::hidden;

/// One managed resource instance.
#[derive(Debug)]
pub(super) struct Resource {
    /// Its full address: `module.net.alicloud_security_group.web["a"]`.
    pub(super) address: String,
    /// The module instance it is in; empty for the root.
    pub(super) module: String,
    /// Its type: `alicloud_security_group`.
    pub(super) kind: String,
    /// Its name in the configuration.
    pub(super) name: String,
    /// Its key, where it has `count` or `for_each`.
    pub(super) key: Option<String>,
    /// What tells provider configurations apart; resources that share it share account and region.
    pub(super) provider: String,
    /// The file that declares it, where that is not the one that is read.
    pub(super) file: Option<String>,
    /// Where it stands in the file.
    pub(super) line: u32,
    /// It does not exist yet: the plan creates it.
    pub(super) fresh: bool,
    /// Its attributes; what the file does not say is marked.
    pub(super) values: Map<String, Value>,
    /// The attributes that have an expression and what it refers to; none where the file has no configuration.
    pub(super) references: Option<Vec<(String, Vec<String>)>>,
    /// The region of its provider's configuration, where the file says it.
    pub(super) region: Option<String>,
}

/// Why something is not known, as a sentence for the person who reads the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap(pub(super) String);

/// What was read, or why it could not be.
pub(super) type Read<T> = Result<T, Gap>;

/// The attributes of a resource or of a block in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    values: &'a Map<String, Value>,
    owner: &'a str,
}

impl Resource {
    pub(super) fn item(&self) -> Item<'_> {
        Item {
            values: &self.values,
            owner: &self.address,
        }
    }

    /// The text of an attribute that identifies; none when empty or not said.
    pub(super) fn identity(&self, name: &str) -> Option<String> {
        self.item().text(name).ok().flatten()
    }

    /// What the expression of an attribute refers to.
    pub(super) fn references(&self, name: &str) -> &[String] {
        let mut all = self.references.iter().flatten();
        let found = all.find(|(attribute, _)| attribute == name);
        found
            .map(|(_, targets)| targets.as_slice())
            .unwrap_or_default()
    }

    /// Whether the resource is still to be created and its configuration leaves the attribute to the provider. Blocks
    /// that are generated (`dynamic`) are no part of the configuration in the file, so that this holds for attributes
    /// only.
    pub(super) fn is_left_to_default(&self, name: &str) -> bool {
        let mut declared = self.references.iter().flatten();
        let said = self
            .values
            .get(name)
            .is_some_and(|v| !v.is_null() && hidden::hidden(v).is_none());
        let configured = self.references.is_some();
        self.fresh && configured && !said && !declared.any(|(attribute, _)| attribute == name)
    }
}

impl<'a> Item<'a> {
    /// The value of an attribute; none for null. An attribute that the file does not have is a gap.
    pub(super) fn value(&self, name: &str) -> Read<Option<&'a Value>> {
        match self.values.get(name) {
            None => Err(self.gap(name, "is not in the file")),
            Some(value) => self.said(name, value),
        }
    }

    /// As [`Item::value`], for attributes that only some versions of the provider have: missing is null.
    pub(super) fn value_if_any(&self, name: &str) -> Read<Option<&'a Value>> {
        self.values
            .get(name)
            .map_or(Ok(None), |value| self.said(name, value))
    }

    fn said(&self, name: &str, value: &'a Value) -> Read<Option<&'a Value>> {
        match hidden::hidden(value) {
            Some(why) => Err(self.gap(name, why.words())),
            None => Ok(Some(value).filter(|v| !v.is_null())),
        }
    }

    pub(super) fn gap(&self, name: &str, why: &str) -> Gap {
        Gap(format!("`{name}` of {} {why}", self.owner))
    }

    /// A text; none when null or empty, which providers write for "not set".
    pub(super) fn text(&self, name: &str) -> Read<Option<String>> {
        self.as_text(name, self.value(name)?)
    }

    /// As [`Item::text`]; missing is null.
    pub(super) fn text_if_any(&self, name: &str) -> Read<Option<String>> {
        self.as_text(name, self.value_if_any(name)?)
    }

    fn as_text(&self, name: &str, value: Option<&Value>) -> Read<Option<String>> {
        match value {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|t| !t.is_empty())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.gap(name, "is no text")),
        }
    }

    /// A text that must be there.
    pub(super) fn need(&self, name: &str) -> Read<String> {
        self.text(name)?.ok_or_else(|| self.gap(name, "is not set"))
    }

    /// A truth value, also one written as text.
    pub(super) fn flag(&self, name: &str) -> Read<Option<bool>> {
        match self.value(name)? {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(self.gap(name, "is neither true nor false")),
        }
    }

    /// A truth value that must be there.
    pub(super) fn need_flag(&self, name: &str) -> Read<bool> {
        self.flag(name)?.ok_or_else(|| self.gap(name, "is not set"))
    }

    /// A whole number, also one written as text.
    pub(super) fn int(&self, name: &str) -> Read<Option<i64>> {
        let number = match self.value(name)? {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        number
            .map(Some)
            .ok_or_else(|| self.gap(name, "is no whole number"))
    }

    /// A list of texts; empty when null.
    pub(super) fn texts(&self, name: &str) -> Read<Vec<String>> {
        match self.value(name)? {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| self.gap(name, "is no list of texts")),
            Some(_) => Err(self.gap(name, "is no list of texts")),
        }
    }

    /// The nested blocks of a name; none when null or missing. Parts of a block may be unknown on their own.
    pub(super) fn blocks(&self, name: &str) -> Read<Vec<Item<'a>>> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| self.block(name, item)).collect(),
            Some(single) => Ok(vec![self.block(name, single)?]),
        }
    }

    fn block(&self, name: &str, value: &'a Value) -> Read<Item<'a>> {
        let Value::Object(values) = value else {
            return Err(self.gap(name, "is no block"));
        };
        match hidden::marker(values) {
            Some(why) => Err(self.gap(name, why.words())),
            None => Ok(Item {
                values,
                owner: self.owner,
            }),
        }
    }

    /// Whether the file has this attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The nested blocks of a name, where no block means that nothing is set: the file must have the attribute.
    pub(super) fn all_blocks(&self, name: &str) -> Read<Vec<Item<'a>>> {
        if self.has(name) {
            self.blocks(name)
        } else {
            Err(self.gap(name, "is not in the file"))
        }
    }

    /// A JSON document written as text, such as a policy.
    pub(super) fn json_if_any(&self, name: &str) -> Read<Option<Value>> {
        let Some(text) = self.text_if_any(name)? else {
            return Ok(None);
        };
        let parsed: Value =
            serde_json::from_str(&text).map_err(|_| self.gap(name, "is no JSON"))?;
        if depth(&parsed) > DEEPEST {
            return Err(self.gap(name, "nests too deeply"));
        }
        Ok(Some(parsed))
    }
}

/// The deepest nesting of a document within an attribute; policies have six levels.
const DEEPEST: usize = 32;

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
