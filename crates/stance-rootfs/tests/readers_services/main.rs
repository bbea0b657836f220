//! Readers of services' configuration, each over files in the form that its manual documents.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;
mod data;
mod hostile;
mod other;
mod sshd;
mod web;
