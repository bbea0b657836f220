//! The engine from outside: cases as data, properties, bounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod bounds;
mod case;
mod cases;
mod expressions;
mod honesty;
mod places;
mod random;
mod scene;
mod suite;
