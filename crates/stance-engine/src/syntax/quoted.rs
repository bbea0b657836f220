//! String literals: single and triple quotes, raw ones, escapes.

use super::{Parsed, fail};

/// How a literal begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opening {
    quote: char,
    /// How many quotes: one or three.
    count: usize,
    raw: bool,
    pub(super) bytes: bool,
    /// Its length with the prefix.
    pub(super) length: usize,
}

/// The opening that stands at the beginning of the text.
pub(super) fn opening(text: &str) -> Option<Opening> {
    let (bytes, rest) = strip(text, ['b', 'B']);
    let (raw, rest) = strip(rest, ['r', 'R']);
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let triple = rest.starts_with(&quote.to_string().repeat(3));
    let count = if triple { 3 } else { 1 };
    Some(Opening {
        quote,
        count,
        raw,
        bytes,
        length: text.len() - rest.len() + count,
    })
}

fn strip(text: &str, prefix: [char; 2]) -> (bool, &str) {
    text.strip_prefix(prefix)
        .map_or((false, text), |rest| (true, rest))
}

/// The text of the literal that begins with the opening, and its length.
pub(super) fn read(text: &str, opening: &Opening) -> Parsed<(String, usize)> {
    let closing = opening.quote.to_string().repeat(opening.count);
    let body = text.get(opening.length..).unwrap_or_default();
    let mut read = String::new();
    let mut rest = body;
    loop {
        if let Some(tail) = rest.strip_prefix(closing.as_str()) {
            return Ok((read, text.len() - tail.len()));
        }
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            return fail(0..opening.length, "the string does not end");
        };
        rest = match first {
            '\\' if !opening.raw => {
                let Some((character, length)) = escape(rest) else {
                    let shown = rest.chars().take(2).map(char::len_utf8).sum::<usize>();
                    return fail(at..at + shown, "is no escape sequence");
                };
                read.push(character);
                rest.get(length..).unwrap_or_default()
            }
            '\n' | '\r' if opening.count == 1 => {
                return fail(0..opening.length, "the string does not end on its line");
            }
            '\r' => {
                read.push('\n');
                rest.strip_prefix("\r\n")
                    .unwrap_or(rest.get(1..).unwrap_or_default())
            }
            _ => {
                read.push(first);
                rest.get(first.len_utf8()..).unwrap_or_default()
            }
        };
    }
}

/// The character that the escape sequence at the beginning means, and the sequence's length.
fn escape(text: &str) -> Option<(char, usize)> {
    let mark = text.chars().nth(1)?;
    let plain = match mark {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '?' | '"' | '\'' | '`' => mark,
        'x' | 'X' => return coded(text, 2, 2, 16),
        'u' => return coded(text, 2, 4, 16),
        'U' => return coded(text, 2, 8, 16),
        '0'..='3' => return coded(text, 1, 3, 8),
        _ => return None,
    };
    Some((plain, 2))
}

/// A character by its number, in so many digits.
fn coded(text: &str, from: usize, digits: usize, radix: u32) -> Option<(char, usize)> {
    let code = text.get(from..from + digits)?;
    let spelled = code.chars().all(|c| c.is_digit(radix));
    let number = u32::from_str_radix(code, radix).ok().filter(|_| spelled)?;
    Some((char::from_u32(number)?, from + digits))
}
