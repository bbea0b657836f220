//! From text to tree, within a budget.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{self, Event, Parser};

use super::node::{Key, Node, Span, Value};
use super::resolve::resolve;

/// How deeply collections may nest.
const MAX_DEPTH: usize = 32;
/// How many nodes a file may have, those that aliases repeat counted each time.
const MAX_NODES: usize = 50_000;

/// Why a text is no tree, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParseError {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) message: String,
}

type Parsed<T> = Result<T, ParseError>;

/// Reads the one document of `text`.
///
/// # Errors
/// The first place where the text is no YAML, is no single document, uses a tag or goes over the budget.
pub(crate) fn parse(text: &str) -> Parsed<Node<'_>> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder {
        text,
        events,
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    builder.document()
}

struct Builder<'t, E> {
    text: &'t str,
    events: E,
    anchors: BTreeMap<usize, Node<'t>>,
    nodes: usize,
}

type Step<'t> = Result<(Event<'t>, granit_parser::Span), granit_parser::ScanError>;

impl<'t, E: Iterator<Item = Step<'t>>> Builder<'t, E> {
    fn document(&mut self) -> Parsed<Node<'t>> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd | Event::StreamEnd => {}
                Event::DocumentStart(..) if root.is_none() => {}
                Event::DocumentStart(..) => {
                    return Err(fail(span, "a second document; one file holds one"));
                }
                event => root = Some(self.node(event, span, 0)?),
            }
        }
        root.ok_or_else(|| fail(Span::default(), "the file is empty"))
    }

    fn next(&mut self) -> Parsed<Option<(Event<'t>, Span)>> {
        let Some(step) = self.events.next() else {
            return Ok(None);
        };
        let (event, span) = step.map_err(|error| self.broken(&error))?;
        let range = span
            .byte_range()
            .unwrap_or(self.text.len()..self.text.len());
        Ok(Some((event, Span::new(range.start, range.end))))
    }

    fn broken(&self, error: &granit_parser::ScanError) -> ParseError {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        fail(
            Span::new(at, at),
            format!("not readable as YAML: {}", error.info()),
        )
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Parsed<Node<'t>> {
        if event.tag().is_some() {
            return Err(fail(span, "a tag; the catalogue uses none"));
        }
        if depth > MAX_DEPTH {
            return Err(fail(
                span,
                format!("nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        self.count(1, span)?;
        let (anchor, value) = match event {
            Event::Alias(id) => return self.alias(id, span),
            Event::Scalar(text, style, anchor, _) => (anchor, resolve(text, style)),
            Event::SequenceStart(_, anchor, _) => (anchor, Value::List(self.items(depth)?)),
            Event::MappingStart(_, anchor, _) => (anchor, Value::Map(self.entries(depth)?)),
            _ => return Err(fail(span, "not readable as YAML: a value was expected")),
        };
        let node = Node { span, value };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn items(&mut self, depth: usize) -> Parsed<Vec<Node<'t>>> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            items.push(self.node(event, span, depth + 1)?);
        }
        Ok(items)
    }

    fn entries(&mut self, depth: usize) -> Parsed<Vec<(Key<'t>, Node<'t>)>> {
        let mut entries = Vec::new();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.key(event, span)?;
            let Some((event, span)) = self.next()? else {
                break;
            };
            entries.push((key, self.node(event, span, depth + 1)?));
        }
        Ok(entries)
    }

    fn key(&mut self, event: Event<'t>, span: Span) -> Parsed<Key<'t>> {
        self.count(1, span)?;
        match event {
            Event::Scalar(name, _, _, None) if name != "<<" => Ok(Key { name, span }),
            Event::Scalar(name, ..) if name == "<<" => {
                Err(fail(span, "a merge key `<<`; the catalogue uses none"))
            }
            _ => Err(fail(span, "a key must be a plain or quoted word")),
        }
    }

    /// An alias stands for a copy of what its anchor names, and is paid for like that.
    fn alias(&mut self, id: usize, span: Span) -> Parsed<Node<'t>> {
        let node = self.anchors.get(&id).cloned();
        let node =
            node.ok_or_else(|| fail(span, "an alias to something that is not complete yet"))?;
        self.count(node.size(), span)?;
        Ok(node)
    }

    fn count(&mut self, nodes: usize, span: Span) -> Parsed<()> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(fail(
                span,
                format!("more than {MAX_NODES} values, counting what aliases repeat"),
            ));
        }
        Ok(())
    }
}

fn fail<'m>(span: Span, message: impl Into<Cow<'m, str>>) -> ParseError {
    ParseError {
        span,
        message: message.into().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text).unwrap_err().message
    }

    #[test]
    fn keys_and_values_know_their_place() {
        let text = "a: 1\nb:\n  - 'x'\n";
        let root = parse(text).unwrap();
        let b = root.get("b").unwrap();
        let Value::List(items) = &b.value else {
            panic!("{b:?}")
        };
        assert_eq!(
            text.get(items[0].span.start..items[0].span.end),
            Some("'x'")
        );
        assert_eq!(root.to_json(), serde_json::json!({"a": 1, "b": ["x"]}));
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let inner = format!("*a{}, ", level - 1).repeat(10);
            text.push_str(&format!(
                "a{level}: &a{level} [{}]\n",
                inner.trim_end_matches(", ")
            ));
        }
        assert!(
            message(&text).starts_with("more than 50000 values"),
            "{}",
            message(&text)
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(!message(&format!("a: {}1", "[".repeat(10_000))).is_empty());
        let block: String = (0..200)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect();
        assert!(!message(&block).is_empty());
    }

    #[test]
    fn what_the_catalogue_does_not_use_is_refused() {
        assert!(message("a: 1\n---\nb: 2\n").contains("second document"));
        assert!(message("a: !!str 1\n").contains("tag"));
        assert!(message("a: &x {b: 1}\nc:\n  <<: *x\n").contains("merge key"));
        assert!(message("? [a]\n: 1\n").contains("key must be"));
        assert!(message("").contains("empty"));
        assert!(message("a: [1\n").contains("YAML"));
    }
}
