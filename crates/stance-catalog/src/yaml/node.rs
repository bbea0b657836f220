//! The tree of one document.

use std::borrow::Cow;

use serde_saphyr::granit_parser::ScalarStyle;

/// A range of bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: usize,
    /// The byte after the last.
    pub(crate) end: usize,
}

impl Span {
    /// The bytes from `start` to before `end`.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node<'t> {
    /// Where; for block collections only their first byte.
    pub(crate) span: Span,
    /// What.
    pub(crate) value: Value<'t>,
}

/// What a node holds, after the core schema of YAML 1.2.
#[derive(Debug, Clone)]
pub(crate) enum Value<'t> {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`; `yes` and `on` are strings.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or an exponent.
    Double(f64),
    /// Anything else, and everything in quotes.
    Str(Scalar<'t>),
    /// `[a, b]` or `- a`.
    List(Vec<Node<'t>>),
    /// `{a: b}` or `a: b`; a key may stand twice.
    Map(Vec<(Key<'t>, Node<'t>)>),
}

/// A text and how it was written, by which a place in the text is found in the source.
#[derive(Debug, Clone)]
pub(crate) struct Scalar<'t> {
    /// The text.
    pub(crate) text: Cow<'t, str>,
    /// Plain, quoted or block.
    pub(crate) style: ScalarStyle,
}

/// The key of an entry.
#[derive(Debug, Clone)]
pub(crate) struct Key<'t> {
    /// The name.
    pub(crate) name: Cow<'t, str>,
    /// Where it stands.
    pub(crate) span: Span,
}

impl Node<'_> {
    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Str(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The entry `name` of a mapping.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(key, _)| key.name == name)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// Where the key of the entry `name` of a mapping stands; the mapping's own place where there is none.
    pub(crate) fn key_span(&self, name: &str) -> Span {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(key, _)| key.name == name)
                .map_or(self.span, |(key, _)| key.span),
            _ => self.span,
        }
    }

    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "a number",
            Value::Double(_) => "a number with a fraction",
            Value::Str(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The same value as JSON; of a key that stands twice the last one counts.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => Json::from(*value),
            Value::Double(value) => Json::from(*value),
            Value::Str(scalar) => Json::String(scalar.text.clone().into_owned()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Map(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(key, node)| (key.name.clone().into_owned(), node.to_json()))
                    .collect(),
            ),
        }
    }

    /// How many nodes it consists of.
    pub(crate) fn size(&self) -> usize {
        match &self.value {
            Value::List(items) => items.iter().map(Node::size).sum::<usize>() + 1,
            Value::Map(entries) => entries.iter().map(|(_, node)| node.size()).sum::<usize>() + 1,
            _ => 1,
        }
    }
}
