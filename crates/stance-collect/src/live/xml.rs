//! XML answers as JSON: elements are members, repeated ones a list, texts are texts. Attributes and prefixes are left
//! out.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// The deepest nesting.
const MAX_DEPTH: usize = 64;

/// An element that is being read.
#[derive(Default)]
struct Open {
    name: String,
    members: Map<String, Value>,
    text: String,
}

/// The document as JSON: an object whose one member is the root element. None when it is no XML, nests too deeply or
/// declares entities of its own.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Open::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return None;
                }
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                open.push(Open {
                    name,
                    ..Open::default()
                });
            }
            Event::Empty(empty) => {
                let name = String::from_utf8_lossy(empty.local_name().as_ref()).into_owned();
                add(
                    &mut open.last_mut()?.members,
                    name,
                    Value::String(String::new()),
                );
            }
            Event::End(_) => {
                let closed = open.pop()?;
                let (name, value) = closed.close();
                add(&mut open.last_mut()?.members, name, value);
            }
            Event::Text(piece) => {
                let piece = piece.decode().ok()?;
                open.last_mut()?.text.push_str(&piece);
            }
            Event::CData(piece) => {
                let piece = piece.decode().ok()?;
                open.last_mut()?.text.push_str(&piece);
            }
            Event::GeneralRef(name) => {
                let character = entity(&name)?;
                open.last_mut()?.text.push(character);
            }
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty())?;
    Some(Value::Object(root.members))
}

impl Open {
    fn close(self) -> (String, Value) {
        let value = if self.members.is_empty() {
            Value::String(self.text.trim().to_owned())
        } else {
            Value::Object(self.members)
        };
        (self.name, value)
    }
}

fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => drop(members.insert(name, value)),
        Some(Value::Array(items)) => items.push(value),
        Some(one) => {
            let first = one.take();
            *one = Value::Array(vec![first, value]);
        }
    }
}

/// The five entities that XML has of its own, and numbers.
fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        other => {
            let number = std::str::from_utf8(other).ok()?.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn elements_become_members() {
        let xml = "<?xml version=\"1.0\"?><R xmlns=\"x\"><a>1 &amp; 2</a><s:b xmlns:s=\"y\"/><c><d>1</d><d>2</d></c></R>";
        assert_eq!(
            parse(xml),
            Some(json!({"R": {"a": "1 & 2", "b": "", "c": {"d": ["1", "2"]}}}))
        );
    }

    #[test]
    fn what_is_hostile_or_broken_is_nothing() {
        for text in [
            "<a><b></a>".to_owned(),
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>".to_owned(),
            "<a>&x;</a>".to_owned(),
            "<a>".repeat(10_000),
        ] {
            assert_eq!(parse(&text), None);
        }
    }
}
