//! Shapes of facts: what `fields` of a call declares, and whether an example's facts fit it.

use std::collections::BTreeMap;
use std::fmt;

use crate::suggest::did_you_mean;
use crate::yaml::{Node, Value};

use super::fields::entries;
use super::sink::Sink;

/// The type of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `string`
    Str,
    /// `string(A|B)`: one of the texts that the documentation names; any other is no answer.
    Words,
    /// `int`
    Int,
    /// `double`
    Double,
    /// `bool`
    Bool,
    /// `any`
    Any,
    /// A mapping with declared fields; others may come along.
    Object(BTreeMap<String, Shape>),
    /// A list of one type.
    List(Box<Shape>),
    /// A mapping with free keys.
    Map(Box<Shape>),
}

const SCALARS: [(&str, Shape); 5] = [
    ("string", Shape::Str),
    ("int", Shape::Int),
    ("double", Shape::Double),
    ("bool", Shape::Bool),
    ("any", Shape::Any),
];

impl Shape {
    /// What it is, in words.
    fn kind(&self) -> &'static str {
        match self {
            Self::Str | Self::Words => "a string",
            Self::Int => "a whole number",
            Self::Double => "a number",
            Self::Bool => "a boolean",
            Self::Any => "anything",
            Self::Object(_) | Self::Map(_) => "a mapping",
            Self::List(_) => "a list",
        }
    }
}

/// Reads the type of a fact.
pub(crate) fn read_shape(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Shape> {
    match &node.value {
        Value::Str(scalar) => scalar_shape(node, &scalar.text, sink),
        Value::List(items) => match items.as_slice() {
            [item] => read_shape(item, sink).map(|shape| Shape::List(Box::new(shape))),
            _ => {
                let message = format!(
                    "a list type names the type of its elements once, this has {}",
                    items.len()
                );
                sink.report_with(
                    node.span,
                    message,
                    "write [string], or - {Name: string}".to_owned(),
                );
                None
            }
        },
        Value::Map(_) => object_shape(node, sink),
        _ => {
            sink.report(
                node.span,
                format!("expected the type of a fact, found {}", node.kind()),
            );
            None
        }
    }
}

fn scalar_shape(node: &Node<'_>, text: &str, sink: &mut Sink<'_>) -> Option<Shape> {
    let name = text.strip_suffix('?').unwrap_or(text);
    if let Some(words) = name
        .strip_prefix("string(")
        .and_then(|n| n.strip_suffix(')'))
    {
        if words.split('|').any(|word| word.trim().is_empty()) {
            sink.report(node.span, format!("`{text}` names an empty value"));
            return None;
        }
        return Some(Shape::Words);
    }
    let found = SCALARS
        .iter()
        .find(|(word, _)| *word == name)
        .map(|(_, shape)| shape.clone());
    if found.is_none() {
        let help = did_you_mean(name, SCALARS.iter().map(|(word, _)| *word)).unwrap_or_else(|| {
            "one of string, string(A|B), int, double, bool, any; `?` behind it: may be absent"
                .to_owned()
        });
        sink.report_with(node.span, format!("unknown type `{text}`"), help);
    }
    found
}

fn object_shape(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Shape> {
    let entries = entries(node, "the type of a fact", sink)?;
    let before = sink.count();
    let mut fields = BTreeMap::new();
    for (key, value) in entries {
        let name = key.name.strip_suffix('?').unwrap_or(&key.name);
        if let Some(shape) = read_shape(value, sink)
            && fields.insert(name.to_owned(), shape).is_some()
        {
            sink.report(key.span, format!("`{name}` is declared twice"));
        }
    }
    if sink.count() > before {
        return None;
    }
    match (entries.len(), fields.remove("*")) {
        (1, Some(shape)) => Some(Shape::Map(Box::new(shape))),
        (_, Some(_)) => {
            sink.report(node.span, "`*` stands for all keys and stands alone");
            None
        }
        (_, None) => Some(Shape::Object(fields)),
    }
}

/// A place in facts, written out only when there is something to say about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Element(usize),
}

impl<'p> Place<'p> {
    /// The facts of a call.
    pub(crate) fn call(name: &'p str) -> Self {
        let step = Step::Field(name);
        Self { above: None, step }
    }

    fn field(&'p self, name: &'p str) -> Self {
        let step = Step::Field(name);
        Self {
            above: Some(self),
            step,
        }
    }

    fn element(&'p self, index: usize) -> Self {
        let step = Step::Element(index);
        Self {
            above: Some(self),
            step,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.above {
            Some(above) => above.fmt(f)?,
            None => f.write_str("facts")?,
        }
        match self.step {
            Step::Field(name) => write!(f, ".{name}"),
            Step::Element(index) => write!(f, "[{index}]"),
        }
    }
}

/// Reports every value of `node` that is not of its declared type. Fields that are not declared pass, as documents
/// carry more than checks read; so does nothing (`null`), which says that there is none.
pub(crate) fn check_fit(node: &Node<'_>, shape: &Shape, place: Place<'_>, sink: &mut Sink<'_>) {
    match (&node.value, shape) {
        (Value::Null, _) | (_, Shape::Any) => {}
        (Value::Str(_), Shape::Str | Shape::Words) | (Value::Bool(_), Shape::Bool) => {}
        (Value::Int(_), Shape::Int | Shape::Double) | (Value::Double(_), Shape::Double) => {}
        (Value::List(items), Shape::List(shape)) => {
            for (index, item) in items.iter().enumerate() {
                check_fit(item, shape, place.element(index), sink);
            }
        }
        (Value::Map(entries), Shape::Map(shape)) => {
            for (key, value) in entries {
                check_fit(value, shape, place.field(&key.name), sink);
            }
        }
        (Value::Map(entries), Shape::Object(fields)) => {
            for (key, value) in entries {
                if let Some(shape) = fields.get(key.name.as_ref()) {
                    check_fit(value, shape, place.field(&key.name), sink);
                }
            }
        }
        _ => misfit(node, shape, place, sink),
    }
}

fn misfit(node: &Node<'_>, shape: &Shape, place: Place<'_>, sink: &mut Sink<'_>) {
    let scalar = matches!(
        node.value,
        Value::Int(_) | Value::Double(_) | Value::Bool(_)
    );
    let help = (scalar && *shape == Shape::Str).then(|| "put it in quotes".to_owned());
    let message = format!(
        "`{place}` is {}, but the operation declares {}",
        node.kind(),
        shape.kind()
    );
    sink.report_with(node.span, message, help);
}
