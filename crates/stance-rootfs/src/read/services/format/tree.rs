//! YAML and JSON, flattened: `a: {b: [1, 2]}` is `a.b` = 1 and `a.b` = 2. One parser for both.

use serde_saphyr::granit_parser::{self, Event, Parser, Span};

/// How deeply values may nest.
const MAX_DEPTH: usize = 32;
/// How many values a file may have.
const MAX_LEAVES: usize = 20_000;
/// How long the names above a value may be together, bytes.
const MAX_PATH: usize = 512;

/// One value that is neither a list nor a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read::services) struct Leaf {
    /// The line of the value, from 1.
    pub(in crate::read::services) line: usize,
    /// The names above it, joined with dots.
    pub(in crate::read::services) path: String,
    /// The value as text; `null` and nothing are empty.
    pub(in crate::read::services) value: String,
}

/// The values of a YAML document.
///
/// # Errors
/// What is wrong with it: no YAML, several documents, anchors that stand for more than a word, over the budget.
pub(in crate::read::services) fn yaml(text: &str) -> Result<Vec<Leaf>, String> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut walk = Walk::default();
    for step in Parser::new_from_str_with_options(text, options) {
        let (event, span) = step.map_err(|error| format!("it is broken: {}", error.info()))?;
        walk.event(event, span)?;
    }
    Ok(walk.leaves)
}

/// The values of a JSON document.
///
/// # Errors
/// What is wrong with it.
pub(in crate::read::services) fn json(text: &str) -> Result<Vec<Leaf>, String> {
    // Within JSON a tab stands between values only, where YAML would mistake it for indentation.
    yaml(&text.replace('\t', " "))
}

/// Where the walk is: in a list, or in a mapping before a key or before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    List,
    Key,
    Value,
}

#[derive(Default)]
struct Walk {
    leaves: Vec<Leaf>,
    stack: Vec<(Within, usize)>,
    path: String,
    documents: usize,
}

impl Walk {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            Event::Scalar(text, ..) => self.scalar(&text, span.start.line())?,
            Event::SequenceStart(..) => self.push(Within::List)?,
            Event::MappingStart(..) => self.push(Within::Key)?,
            Event::SequenceEnd | Event::MappingEnd => self.pop(),
            Event::Alias(_) => return Err("an alias, which is not followed".to_owned()),
            _ => {}
        }
        if self.documents > 1 {
            return Err("more than one document".to_owned());
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, line: usize) -> Result<(), String> {
        let Some((Within::Key, length)) = self.stack.last_mut() else {
            return self.leaf(text, line);
        };
        if text == "<<" {
            return Err("a merge key, which is not followed".to_owned());
        }
        *length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(text);
        if self.path.len() > MAX_PATH {
            return Err("its names are too long".to_owned());
        }
        self.turn(Within::Value);
        Ok(())
    }

    fn leaf(&mut self, text: &str, line: usize) -> Result<(), String> {
        if self.leaves.len() >= MAX_LEAVES {
            return Err(format!("more than {MAX_LEAVES} values"));
        }
        let null = matches!(text, "null" | "~");
        self.leaves.push(Leaf {
            line,
            path: self.path.clone(),
            value: if null { String::new() } else { text.to_owned() },
        });
        self.done();
        Ok(())
    }

    fn push(&mut self, within: Within) -> Result<(), String> {
        if matches!(self.stack.last(), Some((Within::Key, _))) {
            return Err("a key that is no word".to_owned());
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err("nested too deeply".to_owned());
        }
        self.stack.push((within, self.path.len()));
        Ok(())
    }

    fn pop(&mut self) {
        self.stack.pop();
        self.done();
    }

    /// A value is complete: after one of a mapping comes a key.
    fn done(&mut self) {
        if let Some((Within::Value, length)) = self.stack.last() {
            self.path.truncate(*length);
            self.turn(Within::Key);
        }
    }

    fn turn(&mut self, to: Within) {
        if let Some((within, _)) = self.stack.last_mut() {
            *within = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(leaves: Vec<Leaf>) -> Vec<(usize, String, String)> {
        leaves
            .into_iter()
            .map(|l| (l.line, l.path, l.value))
            .collect()
    }

    fn row(line: usize, path: &str, value: &str) -> (usize, String, String) {
        (line, path.to_owned(), value.to_owned())
    }

    #[test]
    fn values_know_their_names_and_lines() {
        let text = "net:\n  bindIp: 0.0.0.0\n  tls: {mode: x}\nlist:\n- a\n- b: 1\nlast: ~\n";
        assert_eq!(
            flat(yaml(text).unwrap()),
            [
                row(2, "net.bindIp", "0.0.0.0"),
                row(3, "net.tls.mode", "x"),
                row(5, "list", "a"),
                row(6, "list.b", "1"),
                row(7, "last", ""),
            ]
        );
    }

    #[test]
    fn json_with_tabs() {
        let text = "{\n\t\"hosts\": [\"tcp://0.0.0.0:2375\", \"fd://\"],\n\t\"icc\":false, \"u\": \"http:\\/\\/x\"\n}\n";
        assert_eq!(
            flat(json(text).unwrap()),
            [
                row(2, "hosts", "tcp://0.0.0.0:2375"),
                row(2, "hosts", "fd://"),
                row(3, "icc", "false"),
                row(3, "u", "http://x"),
            ]
        );
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for text in [
            "a: *x",
            "a: 1\n---\nb: 2",
            "? [a]\n: 1",
            "a: [",
            "x: {<<: {a: 1}}",
            &"[".repeat(5000),
        ] {
            assert!(yaml(text).is_err(), "{text}");
        }
        assert!(yaml("").unwrap().is_empty());
    }
}
