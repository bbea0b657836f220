//! `baselines/classes.yaml`: the classes of baselines and their names.

use crate::baseline::{ClassInfo, Classes};
use crate::yaml::Node;

use super::fields::{Fields, list};
use super::scalar::{is_name, word};
use super::sink::Sink;
use super::text::title;

/// Reads the classes.
pub(crate) fn read_classes(root: &Node<'_>, sink: &mut Sink<'_>) -> Classes {
    let before = sink.count();
    let mut keys = Vec::new();
    let all = list(root, sink, |node, sink| {
        let fields = Fields::open(node, "a class", &["class", "title", "names"], sink)?;
        let key = fields.required("class", sink, |node, sink| name(node, &mut keys, sink));
        let title = fields.required("title", sink, title);
        let mut own = Vec::new();
        let names = fields.required("names", sink, |node, sink| {
            list(node, sink, |node, sink| read_name(node, &mut own, sink))
        });
        Some(ClassInfo {
            key: key?,
            title: title?,
            names: names?,
        })
    });
    Classes {
        all: all.unwrap_or_default(),
        broken: sink.count() > before,
    }
}

fn read_name(
    node: &Node<'_>,
    keys: &mut Vec<String>,
    sink: &mut Sink<'_>,
) -> Option<(String, stance_model::Text)> {
    let fields = Fields::open(node, "a baseline", &["name", "title"], sink)?;
    let key = fields.required("name", sink, |node, sink| name(node, keys, sink));
    let title = fields.required("title", sink, title);
    Some((key?, title?))
}

/// A key that no other of its kind has.
fn name(node: &Node<'_>, keys: &mut Vec<String>, sink: &mut Sink<'_>) -> Option<String> {
    let key = word(node, sink)?;
    if !is_name(key) {
        let help = "such as weak_password: lower-case letters, digits and _".to_owned();
        sink.report_with(node.span, format!("`{key}` is no key"), help);
    }
    if keys.iter().any(|known| known == key) {
        sink.report(node.span, format!("`{key}` stands twice"));
    }
    keys.push(key.to_owned());
    Some(key.to_owned())
}
