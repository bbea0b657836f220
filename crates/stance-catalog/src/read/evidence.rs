//! `evidence` and `message` of a check.

use stance_model::Text;
use stance_model::view::EvidenceColumn;

use crate::suggest::did_you_mean;
use crate::yaml::Node;

use super::fields::{Fields, list};
use super::rule::Expression;
use super::scalar::word;
use super::sink::Sink;
use super::text::title;

/// A value that results carry, and the expression that gives it.
pub(crate) struct EvidenceEntry<'n, 't> {
    pub(crate) column: EvidenceColumn,
    pub(crate) value: Expression<'n, 't>,
}

/// Reads all values, in order.
pub(crate) fn read_evidence<'n, 't>(
    node: &'n Node<'t>,
    sink: &mut Sink<'_>,
) -> Option<Vec<EvidenceEntry<'n, 't>>> {
    let mut names: Vec<String> = Vec::new();
    list(node, sink, |node, sink| {
        let fields = Fields::open(node, "an evidence item", &["name", "title", "value"], sink)?;
        let name = fields.required("name", sink, |node, sink| name(node, &mut names, sink));
        let title = fields.required("title", sink, title);
        let value = fields.required("value", sink, Expression::read);
        Some(EvidenceEntry {
            column: EvidenceColumn {
                name: name?,
                title: title?,
            },
            value: value?,
        })
    })
}

fn name(node: &Node<'_>, names: &mut Vec<String>, sink: &mut Sink<'_>) -> Option<String> {
    let name = word(node, sink)?;
    if !is_upper_camel(name) {
        let help = "such as OpenPorts: letters and digits, a capital first".to_owned();
        sink.report_with(
            node.span,
            format!("`{name}` is not in UpperCamel case"),
            help,
        );
    }
    if names.iter().any(|known| known == name) {
        sink.report(node.span, format!("a second evidence item `{name}`"));
    }
    names.push(name.to_owned());
    Some(name.to_owned())
}

fn is_upper_camel(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Reports placeholders of a message that name no evidence item. `node` is the message, `text` what it says.
pub(crate) fn check_message(node: &Node<'_>, text: &Text, names: &[&str], sink: &mut Sink<'_>) {
    for (language, text) in [("zh", &text.zh), ("en", &text.en)] {
        let at = node.get(language).map_or(node.span, |node| node.span);
        for placeholder in placeholders(text) {
            match placeholder {
                Ok(name) if names.contains(&name) => {}
                Ok(name) => {
                    let help = did_you_mean(name, names.iter().copied())
                        .unwrap_or_else(|| format!("the evidence has {}", show_names(names)));
                    sink.report_with(at, format!("`{{{name}}}` names no evidence item"), help);
                }
                Err(()) => sink.report(at, "a `{` without its `}`"),
            }
        }
    }
}

fn show_names(names: &[&str]) -> String {
    if names.is_empty() {
        "no items".to_owned()
    } else {
        names.join(", ")
    }
}

/// The names in `{}`; an error for one that does not end.
fn placeholders(text: &str) -> impl Iterator<Item = Result<&str, ()>> {
    text.split('{')
        .skip(1)
        .map(|part| part.split_once('}').map(|(name, _)| name).ok_or(()))
}
