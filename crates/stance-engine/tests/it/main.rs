//! The engine from outside: cases as data, properties, bounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod case;
mod cases;
mod scene;
mod suite;
