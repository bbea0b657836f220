//! Single values.

use std::str::FromStr;

use crate::suggest::did_you_mean;
use crate::yaml::{Node, Value};

use super::sink::Sink;

/// A string that is not empty.
pub(crate) fn string(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = word(node, sink)?;
    Some(text.to_owned())
}

/// A string that is not empty, borrowed.
pub(crate) fn word<'n>(node: &'n Node<'_>, sink: &mut Sink<'_>) -> Option<&'n str> {
    match &node.value {
        Value::Str(scalar) if scalar.text.trim().is_empty() => {
            sink.report(node.span, "the text is empty");
            None
        }
        Value::Str(scalar) => Some(&scalar.text),
        Value::Int(_) | Value::Double(_) | Value::Bool(_) => {
            let help = "put it in quotes".to_owned();
            sink.report_with(
                node.span,
                format!("expected a string, found {}", node.kind()),
                help,
            );
            None
        }
        _ => {
            sink.report(
                node.span,
                format!("expected a string, found {}", node.kind()),
            );
            None
        }
    }
}

/// A truth value.
pub(crate) fn truth(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<bool> {
    match node.value {
        Value::Bool(value) => Some(value),
        _ => {
            let message = format!("expected a boolean, found {}", node.kind());
            sink.report(node.span, message);
            None
        }
    }
}

/// A whole number.
pub(crate) fn int(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<i64> {
    match node.value {
        Value::Int(value) => Some(value),
        _ => {
            sink.report(
                node.span,
                format!("expected a whole number, found {}", node.kind()),
            );
            None
        }
    }
}

/// A number.
pub(crate) fn number(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<f64> {
    match node.value {
        // Bounds are small numbers; one that a double cannot hold is no use as a bound.
        #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
        Value::Int(value) => Some(value as f64),
        Value::Double(value) => Some(value),
        _ => {
            sink.report(
                node.span,
                format!("expected a number, found {}", node.kind()),
            );
            None
        }
    }
}

/// One of a few words.
pub(crate) fn one_of<T: Copy>(
    node: &Node<'_>,
    sink: &mut Sink<'_>,
    words: &[(&str, T)],
) -> Option<T> {
    let given = word(node, sink)?;
    let found = words
        .iter()
        .find(|(word, _)| *word == given)
        .map(|(_, value)| *value);
    if found.is_none() {
        let known = words.iter().map(|(word, _)| *word);
        let all = || format!("one of {}", known.clone().collect::<Vec<_>>().join(", "));
        let help = did_you_mean(given, known.clone()).unwrap_or_else(all);
        sink.report_with(node.span, format!("`{given}` is not known here"), help);
    }
    found
}

/// A value that is read from its text.
pub(crate) fn parsed<T: FromStr>(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    match word(node, sink)?.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            sink.report(node.span, error.to_string());
            None
        }
    }
}

/// Whether a text is a lower-case name: letters, digits and `_`, a letter first.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
