//! Snapshot files: all assets and coverage that one collection saw, one JSON record a line.
//!
//! A file is plain (`.jsonl`) or compressed (`.jsonl.zst`); its content decides, not its name. The records are those
//! of [`stance_model::record`]; empty lines are skipped.
//!
//! # What a reader may rely on
//!
//! - The header, when there is one, is the first record and says format 1. A file written by hand may leave it out.
//! - A broken line is a [`Problem`] with its number. One is enough to refuse the whole file: collect them in
//!   [`Problems`] and keep nothing of the file when [`Problems::into_result`] says so.
//! - A file is complete when its last record is the `end` record and its counts are those of the file. Any other file
//!   ended early ([`Completeness::Truncated`]): what was read is real, but **every coverage record of it counts as
//!   partial**, since more may have followed. This is known only after the last line, so nothing of a file may be
//!   called complete before [`Reader::finish`].
//! - A last line that stops in the middle of its record, or a compressed file that stops in the middle of its data, is
//!   an early end, not a broken line. Compressed data that is damaged is an error.
//! - Nothing may follow the `end` record.
//! - Memory is bounded by [`Limits`], whatever the file holds: a batch by [`Limits::batch_bytes`] and one line.
//!
//! # How to read one
//!
//! ```no_run
//! use stance_collect::snapshot::{self, Limits, Line, Problems, Reader};
//!
//! # fn main() -> Result<(), snapshot::SnapshotError> {
//! let limits = Limits::default();
//! for path in snapshot::files("estate.jsonl.zst".as_ref())? {
//!     let mut reader = Reader::open(&path, limits)?;
//!     let mut problems = Problems::default();
//!     while let Some(batch) = reader.next_batch(1_000)? {
//!         for raw in &batch {
//!             match snapshot::parse_line(raw, &limits) {
//!                 Ok(Line::Asset(_asset)) => {}
//!                 Ok(_other) => {}
//!                 Err(problem) => problems.push(problem),
//!             }
//!         }
//!     }
//!     let _completeness = reader.finish();
//!     problems.into_result(&path)?;
//! }
//! # Ok(())
//! # }
//! ```

mod asset;
mod check;
mod error;
mod files;
mod limits;
mod line;
mod reader;
mod scan;
mod source;
mod writer;

pub use asset::AssetDoc;
pub use error::{Problem, Problems, SnapshotError};
pub use files::files;
pub use limits::Limits;
pub use line::{Line, parse_line};
pub use reader::{Completeness, RawLine, Reader};
pub(crate) use scan::is_deeper;
pub use writer::Writer;
