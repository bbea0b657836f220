//! The only SQL of Stance: SQLite, embedded, and PostgreSQL behind one behaviour.
//!
//! A [`Store`] keeps what tasks found: assets, how completely they were read, a result per (check, asset) with its
//! history, and the exceptions that people made. Counters are kept with the results, so that listing checks costs the
//! number of checks and not of results. Every question is asked for a tenant. No SQL type leaves this crate.

mod batch;
mod bulk;
mod commit;
mod cover;
mod db;
mod dialect;
mod error;
mod exception;
mod history;
mod image;
mod inventory;
mod key;
mod lease;
mod list;
mod migrate;
mod nonce;
mod open;
mod place;
mod rollup;
mod scope;
mod statistics;
mod store;
mod task;
mod text;
mod verify;

pub use batch::{AccountBatch, AssetRow, CheckBatch, CommitStats, NewResult};
pub use error::StoreError;
pub use history::StatusChange;
pub use image::{
    GroupCount, ImageFilter, ImageRow, ImageStrategy, ImageTask, ImageTaskKey, ItemCount,
    ItemResult, ItemState, StoredImage,
};
pub use inventory::StoredCoverage;
pub use key::AccessKey;
pub use lease::Lease;
pub use list::{ResultFilter, Sort, StoredResult};
pub use rollup::Rollup;
pub use store::Store;
pub use task::{NewTask, Task, TaskState};
