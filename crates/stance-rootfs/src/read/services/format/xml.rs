//! XML, as a flat list of elements. Entities other than the five of XML are not expanded, so nothing can grow.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// How deeply elements may nest.
const MAX_DEPTH: usize = 64;
/// How many elements a file may have.
const MAX_ELEMENTS: usize = 20_000;
/// How many attributes of an element are read.
const MAX_ATTRIBUTES: usize = 64;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::read::services) struct Element {
    /// The line where its tag ends, from 1.
    pub(in crate::read::services) line: usize,
    /// Its name without a prefix.
    pub(in crate::read::services) name: String,
    /// The element around it, as its place in the list.
    pub(in crate::read::services) parent: Option<usize>,
    /// Names and values.
    pub(in crate::read::services) attributes: Vec<(String, String)>,
    /// Its own text, trimmed.
    pub(in crate::read::services) text: String,
}

impl Element {
    /// The value of an attribute.
    pub(in crate::read::services) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The elements of a document, in the order of their beginnings.
///
/// # Errors
/// What is wrong with it.
pub(in crate::read::services) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let mut reader = Reader::from_str(text);
    let mut walk = Walk::new(text);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        walk.advance(reader.buffer_position());
        match event {
            Event::Start(tag) => walk.start(&tag, true)?,
            Event::Empty(tag) => walk.start(&tag, false)?,
            Event::Text(text) => walk.text(&String::from_utf8_lossy(&text)),
            Event::End(_) => drop(walk.stack.pop()),
            Event::Eof if walk.stack.is_empty() => return Ok(walk.elements),
            Event::Eof => return Err("an element is not closed".to_owned()),
            _ => {}
        }
    }
}

struct Walk<'t> {
    source: &'t str,
    position: usize,
    line: usize,
    elements: Vec<Element>,
    stack: Vec<usize>,
}

impl<'t> Walk<'t> {
    fn new(source: &'t str) -> Self {
        Self {
            source,
            position: 0,
            line: 1,
            elements: Vec::new(),
            stack: Vec::new(),
        }
    }

    fn advance(&mut self, to: u64) {
        let to = usize::try_from(to)
            .unwrap_or(usize::MAX)
            .min(self.source.len());
        let passed = self
            .source
            .as_bytes()
            .get(self.position..to)
            .unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.position = to;
    }

    fn start(&mut self, tag: &BytesStart<'_>, open: bool) -> Result<(), String> {
        if self.elements.len() >= MAX_ELEMENTS || self.stack.len() >= MAX_DEPTH {
            return Err("too many elements, or nested too deeply".to_owned());
        }
        let mut attributes = tag.attributes();
        let pairs = attributes.with_checks(false).take(MAX_ATTRIBUTES).flatten();
        let attributes = pairs.map(|pair| (words(pair.key.as_ref()), unescape(&pair.value)));
        let element = Element {
            line: self.line,
            name: words(tag.local_name().as_ref()),
            parent: self.stack.last().copied(),
            attributes: attributes.collect(),
            text: String::new(),
        };
        if open {
            self.stack.push(self.elements.len());
        }
        self.elements.push(element);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let at = self.stack.last().copied();
        if let Some(element) = at.and_then(|at| self.elements.get_mut(at)) {
            element.text.push_str(text.trim());
        }
    }
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A value with the five entities of XML replaced; as it is where it has others.
fn unescape(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match quick_xml::escape::unescape(&text) {
        Ok(plain) => plain.into_owned(),
        Err(_) => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_text() {
        let text =
            "<?xml version='1.0'?>\n<a x=\"1 &amp; 2\">\n <!-- c -->\n <n:b/>\n <c> t </c>\n</a>";
        let found = elements(text).unwrap();
        assert_eq!(found[0].get("x"), Some("1 & 2"));
        assert_eq!(
            (found[1].name.as_str(), found[1].line, found[1].parent),
            ("b", 4, Some(0))
        );
        assert_eq!((found[2].text.as_str(), found[2].line), ("t", 5));
    }

    #[test]
    fn entities_do_not_grow_and_broken_documents_are_told() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"yyyy\"><!ENTITY z \"&x;&x;\">]><a b=\"&z;\">&z;</a>";
        assert_eq!(elements(bomb).unwrap()[0].get("b"), Some("&z;"));
        for text in ["<a>", "<a></b>", &"<a>".repeat(100)] {
            assert!(elements(text).is_err(), "{text}");
        }
    }
}
