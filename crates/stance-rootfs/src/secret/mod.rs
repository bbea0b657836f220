//! Secrets in files: a fast search for literals in every byte, then the pattern, the entropy and the context of each.
//!
//! Three steps, each cheaper by orders of magnitude per byte than the next one is per candidate: SIMD search for short
//! *needles* cut out of the rules' literals ([`needle`]); the literal itself and the bytes that must follow it; then the
//! regular expression over a window of fixed size around the literal, and what tells a secret from an example
//! ([`example`]), a checksum or a word. A window never depends on how the file was cut into chunks, so neither do the hits.
//!
//! Memory is bounded by the window and the number of hits kept, whatever the length of a line or a file.

mod error;
mod example;
mod form;
mod found;
mod glob;
mod hit;
mod measure;
mod needle;
mod noise;
mod scanner;
mod stream;

pub use error::SecretRuleError;
pub use hit::SecretHit;
pub use scanner::SecretScanner;
pub use stream::SecretStream;
