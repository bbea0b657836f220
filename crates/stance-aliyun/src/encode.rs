//! Percent-encoding as the signatures want it, and its reverse for what arrives.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::error::ApiError;

/// Names and values in the order in which they came.
pub(crate) type Pairs = Vec<(String, String)>;

/// How many parameters a query or a form may have.
const PAIRS: usize = 1_000;

/// All but `A-Z a-z 0-9 - _ . ~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// `text` with every byte but the unreserved ones as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// The parameters of a query or a form body. `+` is a space: the current Python SDK sends it and signs `%20`.
pub(crate) fn pairs(text: &[u8]) -> Result<Pairs, ApiError> {
    let mut pairs = Pairs::new();
    for piece in text.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        if pairs.len() == PAIRS {
            return Err(ApiError::InvalidParameter(format!(
                "more than {PAIRS} parameters"
            )));
        }
        let at = piece.iter().position(|b| *b == b'=').unwrap_or(piece.len());
        let (name, value) = piece.split_at(at);
        pairs.push((decode(name)?, decode(value.get(1..).unwrap_or_default())?));
    }
    Ok(pairs)
}

/// Text without `+` and `%xx`. A NUL is refused: no database would take it.
fn decode(text: &[u8]) -> Result<String, ApiError> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|b| if *b == b'+' { b' ' } else { *b })
        .collect();
    match String::from_utf8(percent_decode(&spaced).collect()) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(ApiError::InvalidParameter(
            "names and values must be UTF-8 text without NUL".to_owned(),
        )),
    }
}

/// `name=value` of every pair, encoded and joined with `&`, sorted by name in byte order; equal names keep their
/// order.
pub(crate) fn canonical<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(name, _)| *name);
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    encoded.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plus_is_a_space_and_bare_marks_are_encoded() {
        let pairs = pairs(b"b=a+b%2B*~'&a=&c").unwrap();
        assert_eq!(
            canonical(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))),
            "a=&b=a%20b%2B%2A~%27&c="
        );
    }

    #[test]
    fn ten_sorts_before_two() {
        assert_eq!(
            canonical([("InstanceIds.2", "b"), ("InstanceIds.10", "a")]),
            "InstanceIds.10=a&InstanceIds.2=b"
        );
    }

    #[test]
    fn hostile_values_survive_the_round() {
        for value in [
            "a b  c",
            "+ + +",
            "**''!!(())",
            "~~%%&&==//??",
            "中文😀",
            "\"<>[]{}|\\^`",
            "%2A%20",
            "\t\n",
            "",
            " x",
        ] {
            let wire = format!("v={}", encode(value));
            assert_eq!(
                pairs(wire.as_bytes()).unwrap(),
                [("v".to_owned(), value.to_owned())]
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(pairs(b"a=%ff").is_err());
        assert!(pairs(b"a=%00").is_err());
        assert!(pairs("a=1&".repeat(PAIRS + 1).as_bytes()).is_err());
    }
}
