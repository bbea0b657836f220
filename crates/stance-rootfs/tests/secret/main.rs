//! The secret scanner with the rules of the catalogue: what they find, what they must not find, and that neither depends
//! on how a file is cut into chunks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod catalogue;
mod chunks;
mod examples;
mod false_alarms;
