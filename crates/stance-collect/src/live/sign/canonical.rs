//! What the dialects share: encoding, hashing, the canonical form.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::live::request::Request;

/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same within a path, whose slashes stay.
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// A text percent-encoded as RFC 3986 has it.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// A path percent-encoded, slashes kept.
pub(crate) fn encoded_path(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// SHA-256 in lower-case hex.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// HMAC-SHA256.
pub(super) fn mac(key: &[u8], message: &str) -> Vec<u8> {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The query in the order of its encoded names, then values. `bare`: a name without a value stands without `=`.
pub(super) fn query(request: &Request, bare: bool) -> String {
    let mut pairs: Vec<(String, String)> = request
        .query
        .iter()
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort();
    let shown = pairs.into_iter().map(|(name, value)| {
        if bare && value.is_empty() {
            name
        } else {
            format!("{name}={value}")
        }
    });
    shown.collect::<Vec<_>>().join("&")
}

/// The headers that are signed: their names joined by `;`, and the lines of the canonical form.
pub(super) fn headers(request: &Request, signed: impl Fn(&str) -> bool) -> (String, String) {
    let mut lines: Vec<(&str, &str)> = request
        .headers
        .iter()
        .filter(|(name, _)| signed(name))
        .map(|(name, value)| (name.as_str(), value.trim()))
        .collect();
    lines.sort_unstable();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    let text = lines
        .iter()
        .map(|(name, value)| format!("{name}:{value}\n"));
    (names.join(";"), text.collect())
}
