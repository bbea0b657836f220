//! Tests of the catalogue as a whole: the files that it carries, the lint, users' own checks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod collected;
mod custom;
mod folder;
mod honesty;
mod items;
mod legacy;
mod lint;
mod lint_beside;
mod places;
mod queries;
// What the binary gives the catalogue: the readers of `stance_rootfs`.
#[path = "../../../stance-cli/src/readers.rs"]
mod readers;
