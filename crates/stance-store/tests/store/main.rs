//! The store's tests. Whatever one database does, the other must do: each scene runs on a SQLite file and on a
//! PostgreSQL server that the tests start themselves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "these are tests, and what they index they made"
)]

mod commits;
mod crowd;
mod exceptions;
mod gone;
mod image_items;
mod images;
mod keys;
mod kill;
mod lists;
mod meeting;
mod migrating;
mod model;
mod opening;
mod random;
mod support;
mod tasks;
mod texts;
mod verifying;
