//! Mappings: with a fixed set of fields, or with free keys.

use crate::suggest::did_you_mean;
use crate::yaml::{Key, Node, Span, Value};

use super::sink::Sink;

/// How many elements a list may have, facts apart.
const MAX_ITEMS: usize = 1000;

/// Entries of a mapping.
pub(crate) type Entries<'n, 't> = &'n [(Key<'t>, Node<'t>)];

/// A mapping of which the fields are known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'n, 't> {
    what: &'static str,
    span: Span,
    entries: Entries<'n, 't>,
}

impl<'n, 't> Fields<'n, 't> {
    /// The fields of `node`, which is to be a `what`. Reports what is no mapping, fields that are not `known`, and
    /// fields that stand twice.
    pub(crate) fn open(
        node: &'n Node<'t>,
        what: &'static str,
        known: &[&str],
        sink: &mut Sink<'_>,
    ) -> Option<Self> {
        let entries = entries(node, what, sink)?;
        for (key, _) in entries {
            if !known.contains(&key.name.as_ref()) && !sink.is_full() {
                let help = did_you_mean(&key.name, known.iter().copied())
                    .unwrap_or_else(|| format!("{what} has the fields {}", known.join(", ")));
                sink.report_with(key.span, format!("unknown field `{}`", key.name), help);
            }
        }
        Some(Self {
            what,
            span: node.span,
            entries,
        })
    }

    /// The place of the mapping.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// The value of a field that is there and not empty.
    pub(crate) fn node(&self, name: &str) -> Option<&'n Node<'t>> {
        self.entry(name)
            .map(|(_, node)| node)
            .filter(|node| !matches!(node.value, Value::Null))
    }

    fn entry(&self, name: &str) -> Option<&'n (Key<'t>, Node<'t>)> {
        self.entries.iter().find(|(key, _)| key.name == name)
    }

    /// Reads a field that must be there.
    pub(crate) fn required<T>(
        &self,
        name: &str,
        sink: &mut Sink<'_>,
        read: impl FnOnce(&'n Node<'t>, &mut Sink<'_>) -> Option<T>,
    ) -> Option<T> {
        match self.node(name) {
            Some(node) => read(node, sink),
            None => {
                let what = self.what;
                match self.entry(name) {
                    Some((key, _)) => sink.report(key.span, format!("field `{name}` is empty")),
                    None => sink.report(self.span, format!("{what} lacks the field `{name}`")),
                }
                None
            }
        }
    }

    /// Reads a field that may be left out.
    pub(crate) fn optional<T>(
        &self,
        name: &str,
        sink: &mut Sink<'_>,
        read: impl FnOnce(&'n Node<'t>, &mut Sink<'_>) -> Option<T>,
    ) -> Option<T> {
        self.node(name).and_then(|node| read(node, sink))
    }

    /// Reads the list in a field that may be left out, element by element.
    pub(crate) fn list<T>(
        &self,
        name: &str,
        sink: &mut Sink<'_>,
        read: impl FnMut(&'n Node<'t>, &mut Sink<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.optional(name, sink, |node, sink| list(node, sink, read))
            .unwrap_or_default()
    }
}

/// The entries of a mapping with free keys. Reports what is no mapping, and keys that stand twice.
pub(crate) fn entries<'n, 't>(
    node: &'n Node<'t>,
    what: &'static str,
    sink: &mut Sink<'_>,
) -> Option<Entries<'n, 't>> {
    let Value::Map(entries) = &node.value else {
        sink.report(
            node.span,
            format!("{what} must be a mapping, this is {}", node.kind()),
        );
        return None;
    };
    let mut seen = std::collections::BTreeSet::new();
    for (key, _) in entries {
        if !seen.insert(key.name.as_ref()) {
            sink.report_with(
                key.span,
                format!("`{}` stands twice", key.name),
                "keep one of them".to_owned(),
            );
        }
    }
    Some(entries)
}

/// Reads a list element by element; what could not be read is left out.
pub(crate) fn list<'n, 't, T>(
    node: &'n Node<'t>,
    sink: &mut Sink<'_>,
    mut read: impl FnMut(&'n Node<'t>, &mut Sink<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::List(items) = &node.value else {
        sink.report(node.span, format!("expected a list, found {}", node.kind()));
        return None;
    };
    if items.len() > MAX_ITEMS {
        sink.report(
            node.span,
            format!("the list has more than {MAX_ITEMS} elements"),
        );
        return None;
    }
    Some(items.iter().filter_map(|item| read(item, sink)).collect())
}
