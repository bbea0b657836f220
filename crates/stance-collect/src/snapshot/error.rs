//! What can go wrong with a snapshot file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::export::ExportError;
use crate::terraform::TerraformError;

/// Why a snapshot file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file system or the decompressor reports an error.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried: `open`, `read`, `write`, …
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What was reported.
        source: io::Error,
    },
    /// The file asks for more than the limits allow.
    #[error("`{}` has more than {limit} {unit}, which is the limit", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit: u64,
        /// Its unit: `lines` or `bytes after decompression`.
        unit: &'static str,
    },
    /// Lines are broken; nothing of the file may be used.
    #[error("`{}` is refused: {}", path.display(), sentence(problems, *more))]
    Broken {
        /// The file.
        path: PathBuf,
        /// The first broken lines, by number.
        problems: Vec<Problem>,
        /// How many broken lines there are beyond those.
        more: u64,
    },
    /// It is Terraform's, and cannot be taken in.
    #[error("`{}` cannot be read as a Terraform file: {source}", path.display())]
    Terraform {
        /// The file.
        path: PathBuf,
        /// Why.
        source: TerraformError,
    },
    /// It is an export, and cannot be taken in.
    #[error("`{}` cannot be read as an export: {source}", path.display())]
    Export {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ExportError,
    },
    /// A folder without snapshots.
    #[error("`{}` has no snapshot (`.jsonl`, `.jsonl.zst`) and no Terraform state, plan or export (`.tfstate`, `.json`)", path.display())]
    NoFiles {
        /// The folder.
        path: PathBuf,
    },
}

impl SnapshotError {
    /// Names the file of an error of a Terraform file.
    pub(super) fn terraform(path: &Path) -> impl FnOnce(TerraformError) -> Self {
        let path = path.to_owned();
        move |source| Self::Terraform { path, source }
    }

    /// Names the file of an error of an export.
    pub(super) fn export(path: &Path) -> impl FnOnce(ExportError) -> Self {
        let path = path.to_owned();
        move |source| Self::Export { path, source }
    }

    /// Names the action and the file of an error of the file system.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// The problems as a sentence: all of a few, the first ones of many.
fn sentence(problems: &[Problem], more: u64) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = problems
        .iter()
        .take(SHOWN)
        .map(ToString::to_string)
        .collect();
    let rest = more + problems.len().saturating_sub(SHOWN) as u64;
    if rest > 0 {
        text.push(format!("and {rest} more"));
    }
    text.join("; ")
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line's number, from 1.
    pub line: u64,
    /// What is wrong. Text of the file in it is shortened and its control characters are escaped.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// The problems of a file; keeps the first hundred and counts the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    more: u64,
}

impl Problems {
    /// How many are kept.
    pub const KEPT: usize = 100;

    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        if self.kept.len() < Self::KEPT {
            self.kept.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The error of the file at `path`, when there is any problem.
    ///
    /// # Errors
    /// [`SnapshotError::Broken`] unless empty.
    pub fn into_result(mut self, path: &Path) -> Result<(), SnapshotError> {
        if self.kept.is_empty() {
            return Ok(());
        }
        self.kept.sort_by_key(|p| p.line);
        Err(SnapshotError::Broken {
            path: path.to_owned(),
            problems: self.kept,
            more: self.more,
        })
    }
}
