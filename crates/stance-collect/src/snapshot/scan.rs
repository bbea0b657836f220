//! What can be said of a line without parsing it: which record it holds, how deep it nests, whether it is whole.
//!
//! The parser recurses, so that the depth must be known before it starts.

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The header.
    Snapshot,
    /// An account.
    Account,
    /// A coverage record.
    Coverage,
    /// An asset.
    Asset,
    /// The last record.
    End,
}

/// The kind of record that the line's first key names; none when it names none.
pub(super) fn kind(line: &[u8]) -> Option<Kind> {
    let object = line.trim_ascii_start().strip_prefix(b"{")?;
    let key = object.trim_ascii_start().strip_prefix(b"\"")?;
    [
        (&b"asset\""[..], Kind::Asset),
        (b"coverage\"", Kind::Coverage),
        (b"account\"", Kind::Account),
        (b"snapshot\"", Kind::Snapshot),
        (b"end\"", Kind::End),
    ]
    .into_iter()
    .find_map(|(name, kind)| key.starts_with(name).then_some(kind))
}

/// Whether the line nests deeper than `limit`.
pub(crate) fn is_deeper(line: &[u8], limit: usize) -> bool {
    // Most lines have fewer brackets than they may have levels; counting is many times faster than looking.
    openers(line) > limit && nesting(line).deepest > limit
}

/// Whether the line ends inside its object, as one does that was cut.
pub(super) fn is_unfinished(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"{") && nesting(line).open
}

/// How many brackets open in the line, those in strings included.
fn openers(line: &[u8]) -> usize {
    // As many at a time as a byte can count and registers hold, so that the compiler adds bytes, a register full at
    // once. `[` and `{` differ in one bit.
    line.chunks(240)
        .map(|chunk| usize::from(chunk.iter().map(|b| u8::from(b | 0x20 == b'{')).sum::<u8>()))
        .sum()
}

/// How a line nests.
struct Nesting {
    /// The most levels open at once.
    deepest: usize,
    /// Whether a level or a string is open at the end.
    open: bool,
}

/// Walks over the line, past its strings. At every byte the depth is at least that of a parser which got there.
fn nesting(line: &[u8]) -> Nesting {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if !skip_string(&mut bytes) => {
                return Nesting {
                    deepest,
                    open: true,
                };
            }
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Nesting {
        deepest,
        open: depth > 0,
    }
}

/// Moves past the end of the string that has begun; false when it does not end.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) -> bool {
    while let Some(at) = memchr::memchr2(b'"', b'\\', bytes.as_slice()) {
        if bytes.nth(at) == Some(&b'"') {
            return true;
        }
        bytes.next();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_are_not_levels() {
        let text = br#"{"a":"[[[[\"[[[\\","b":[{}]}"#;
        assert_eq!(nesting(text).deepest, 3);
        assert!(!is_deeper(text, 3));
        assert!(is_deeper(text, 2));
        assert!(!is_unfinished(text));
    }

    #[test]
    fn every_proper_prefix_of_a_record_is_unfinished() {
        let text = r#"{"asset":{"id":"a\"}\\","facts":{"list":[1,{"x":null}]}}}"#.as_bytes();
        for end in 1..text.len() {
            assert!(is_unfinished(&text[..end]), "{end}");
        }
        assert!(!is_unfinished(text));
        assert!(!is_unfinished(b"no record"));
    }

    #[test]
    fn many_openers_side_by_side_are_not_deep() {
        let line = "{},".repeat(1_000);
        assert_eq!(openers(line.as_bytes()), 1_000);
        assert!(!is_deeper(line.as_bytes(), 1));
    }

    #[test]
    fn the_first_key_names_the_record() {
        assert_eq!(kind(b" { \"asset\" : {}}"), Some(Kind::Asset));
        assert_eq!(kind(b"{\"end\":{}}"), Some(Kind::End));
        assert_eq!(kind(b"{\"ends\":{}}"), None);
        assert_eq!(kind(b"[]"), None);
    }
}
