//! What was found.

/// A secret that was found. The secret itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretHit {
    /// The rule, as its place in [`SecretScanner::rules`](super::SecretScanner::rules).
    pub rule: usize,
    /// The line, from 1; none in a binary file.
    pub line: Option<u64>,
    /// Where the value begins in what was fed, bytes.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
    /// The value, masked: what people may see.
    pub masked: String,
    /// A keyed hash of the value, to tell the same secret in two places; never shown or stored, other in each process.
    pub hash: u64,
}
