//! Images as they come: good ones, odd ones, hostile ones, each with the outcome that is documented for it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod budgets;
mod damage;
mod folder;
mod jobs;
mod links;
mod make;
mod model;
mod names;
mod registry;
mod run;
mod shared;
mod sources;
mod tar_forms;
mod whiteouts;
