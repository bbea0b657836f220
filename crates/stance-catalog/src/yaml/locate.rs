//! Places: from bytes to lines, and from a place in a scalar's text to the place in the source.

use std::ops::Range;

use serde_saphyr::granit_parser::ScalarStyle;

use super::node::{Node, Span, Value};

/// The line and the column of a byte, both from 1, the column in characters.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let offset = floor(text, offset);
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (
        line,
        before.get(start..).unwrap_or_default().chars().count() + 1,
    )
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the bytes `part` of a string's text stand in the source. Exact for every character but white space, which
/// folding and indentation move about.
pub(crate) fn source_span(source: &str, node: &Node<'_>, part: &Range<usize>) -> Span {
    let Value::Str(scalar) = &node.value else {
        return node.span;
    };
    let mut cursor = Cursor {
        source,
        at: node.span.start,
        end: node.span.end,
        style: scalar.style,
    };
    if matches!(
        scalar.style,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
    ) {
        cursor.at += 1;
    }
    let (mut start, mut end) = (None, None);
    for (offset, wanted) in scalar.text.char_indices() {
        let (from, to) = cursor.advance(wanted);
        if offset >= part.start && start.is_none() {
            start = Some(from);
        }
        if offset < part.end {
            end = Some(to);
        }
    }
    let start = start.unwrap_or(cursor.at);
    Span::new(start, end.filter(|end| *end > start).unwrap_or(start))
}

/// Walks the source of a scalar in step with its text.
struct Cursor<'t> {
    source: &'t str,
    at: usize,
    end: usize,
    style: ScalarStyle,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// Consumes the source of one character of the text: from where to where it stands.
    fn advance(&mut self, wanted: char) -> (usize, usize) {
        if wanted.is_whitespace() {
            return self.space(wanted);
        }
        self.skip_space();
        let from = self.at;
        self.at += self.width(wanted);
        (from, self.at)
    }

    /// White space of the text: the same in the source, an escape, or a fold.
    fn space(&mut self, wanted: char) -> (usize, usize) {
        let from = self.at;
        if self.rest().starts_with(wanted) {
            self.at += wanted.len_utf8();
        } else if self.style == ScalarStyle::DoubleQuoted && self.rest().starts_with('\\') {
            self.at += escape_width(self.rest());
        } else {
            self.skip_space();
        }
        (from, self.at)
    }

    /// Skips what only lays out: indentation, line ends, escaped line ends.
    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let skipped = rest.len() - trimmed.len();
            self.at += skipped;
            let folded = trimmed.starts_with("\\\n") || trimmed.starts_with("\\\r");
            if self.style != ScalarStyle::DoubleQuoted || !folded {
                return;
            }
            self.at += 1;
        }
    }

    /// How many bytes of the source spell a character of the text.
    fn width(&self, wanted: char) -> usize {
        let rest = self.rest();
        match self.style {
            ScalarStyle::DoubleQuoted if rest.starts_with('\\') => escape_width(rest),
            ScalarStyle::SingleQuoted if rest.starts_with("''") => 2,
            _ if rest.starts_with(wanted) => wanted.len_utf8(),
            _ => rest.chars().next().map_or(0, char::len_utf8),
        }
    }
}

/// How long the escape at the beginning of `rest` is.
fn escape_width(rest: &str) -> usize {
    let digits = match rest.chars().nth(1) {
        None => return 1,
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some(other) => return 1 + other.len_utf8(),
    };
    2 + rest
        .bytes()
        .skip(2)
        .take(digits)
        .take_while(u8::is_ascii_hexdigit)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    /// Where `needle` of the scalar `pass` is found in the source.
    fn found(source: &str, needle: &str) -> (usize, usize, String) {
        let root = parse(source).unwrap();
        let node = root.get("pass").unwrap();
        let at = node.as_str().unwrap().find(needle).unwrap();
        let span = source_span(source, node, &(at..at + needle.len()));
        let (line, column) = line_column(source, span.start);
        (
            line,
            column,
            source.get(span.start..span.end).unwrap().to_owned(),
        )
    }

    #[test]
    fn plain() {
        assert_eq!(
            found("pass: a && facts.x", "facts"),
            (1, 12, "facts".to_owned())
        );
        assert_eq!(
            found("pass: a &&\n  facts.x\n  && b", "&& b"),
            (3, 3, "&& b".to_owned())
        );
    }

    #[test]
    fn quoted() {
        assert_eq!(
            found("pass: 'x == ''1'' && bad'", "bad"),
            (1, 22, "bad".to_owned())
        );
        assert_eq!(
            found("pass: \"x == \\\"1\\\" \\u0026& bad\"", "bad"),
            (1, 27, "bad".to_owned())
        );
        assert_eq!(
            found("pass: \"x \\\n   && bad\"", "bad"),
            (2, 7, "bad".to_owned())
        );
    }

    #[test]
    fn folded() {
        let source = "pass: >-\n  !facts.a\n    .exists(x, bad(x))\n\n  && 云 == worse\n";
        assert_eq!(found(source, "bad"), (3, 16, "bad".to_owned()));
        assert_eq!(found(source, "worse"), (5, 11, "worse".to_owned()));
        assert_eq!(found(source, "!facts"), (2, 3, "!facts".to_owned()));
    }

    #[test]
    fn literal() {
        let source = "pass: |  # with a comment\n  \"a\" == b\n     && bad\n  || worse\n";
        assert_eq!(found(source, "\"a\""), (2, 3, "\"a\"".to_owned()));
        assert_eq!(found(source, "bad"), (3, 9, "bad".to_owned()));
        assert_eq!(found(source, "worse"), (4, 6, "worse".to_owned()));
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let source = "pass: abc";
        let root = parse(source).unwrap();
        assert_eq!(
            source_span(source, root.get("pass").unwrap(), &(90..99)),
            Span::new(9, 9)
        );
        assert_eq!(line_column("云\nb", 1), (1, 1));
        assert_eq!(line_column("云\nb", 99), (2, 2));
    }
}
