//! Reading a snapshot file in batches of raw lines.

use std::io;
use std::path::{Path, PathBuf};

use stance_model::bounded::{Line as Taken, Lines};
use stance_model::record::{End, Record};
use stance_model::{Reason, ReasonKind};

use super::error::SnapshotError;
use super::limits::Limits;
use super::scan::{self, Kind};
use super::source::{self, Source};

/// A line of a snapshot, not yet parsed. Lines can be parsed in any order and on any thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLine {
    /// Its number, from 1.
    pub number: u64,
    /// Its bytes, without the line end.
    pub bytes: Vec<u8>,
    /// What the reader found wrong with it: its length or its place.
    pub(super) fault: Option<String>,
}

impl RawLine {
    /// A line that comes from elsewhere than a [`Reader`].
    #[must_use]
    pub fn new(number: u64, bytes: Vec<u8>) -> Self {
        Self {
            number,
            bytes,
            fault: None,
        }
    }
}

/// Whether a file holds all that its writer saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// It ends with its `end` record, and the counts agree.
    Complete,
    /// It ended early: every coverage record of it counts as partial, for this reason.
    Truncated(Reason),
}

/// Reads one snapshot file from its first line to its last, a batch at a time.
pub struct Reader {
    path: PathBuf,
    limits: Limits,
    lines: Lines<Source>,
    /// Records before the present line.
    records: u64,
    /// What the `end` record should say.
    counted: End,
    /// What it says.
    end: Option<End>,
    progress: Progress,
}

/// How far the reader got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// There may be further lines.
    Reading,
    /// The input ended in the middle of something, after this many whole lines.
    Cut(u64),
    /// The input ended after a line.
    Ended,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("path", &self.path)
            .field("counted", &self.counted)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens the file at `path`, plain or compressed. [`super::files()`] gives the files of a folder.
    ///
    /// # Errors
    /// [`SnapshotError::Io`] when it cannot be opened, [`SnapshotError::Terraform`] for a Terraform file that cannot be
    /// taken in.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, SnapshotError> {
        let source = source::open(path, &limits)?;
        Ok(Self {
            path: path.to_owned(),
            lines: Lines::new(source, limits.line_bytes),
            limits,
            records: 0,
            counted: End {
                assets: 0,
                coverage: 0,
            },
            end: None,
            progress: Progress::Reading,
        })
    }

    /// The next lines, at most `max_lines` (at least one is tried) and about [`Limits::batch_bytes`]; none when there
    /// is no further line.
    ///
    /// # Errors
    /// [`SnapshotError::Io`] when reading fails or compressed data is damaged, [`SnapshotError::TooLarge`] beyond the
    /// limits. Nothing of the file may be used then.
    pub fn next_batch(&mut self, max_lines: usize) -> Result<Option<Vec<RawLine>>, SnapshotError> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < max_lines.max(1) && bytes < self.limits.batch_bytes {
            let Some(line) = self.next_line()? else { break };
            bytes += line.bytes.len();
            batch.push(line);
        }
        Ok((!batch.is_empty()).then_some(batch))
    }

    /// Whether the file is complete; to be asked after [`Reader::next_batch`] has given none.
    #[must_use]
    pub fn finish(&self) -> Completeness {
        match (self.progress, self.end) {
            (Progress::Ended, Some(end)) if end == self.counted => Completeness::Complete,
            (Progress::Ended, Some(end)) => self.truncated(&format!(
                "its end record counts {} assets and {} coverage records, the file has {} and {}",
                end.assets, end.coverage, self.counted.assets, self.counted.coverage
            )),
            (Progress::Ended, None) => self.truncated("it has no end record"),
            (Progress::Cut(lines), _) => {
                self.truncated(&format!("it is cut off after line {lines}"))
            }
            (Progress::Reading, _) => self.truncated("it was not read to its end"),
        }
    }

    fn truncated(&self, why: &str) -> Completeness {
        let about = format!("`{}`: {why}", self.path.display());
        Completeness::Truncated(Reason::new(ReasonKind::Truncated, about))
    }

    /// The next line that is not empty.
    fn next_line(&mut self) -> Result<Option<RawLine>, SnapshotError> {
        while self.progress == Progress::Reading {
            let whole = self.lines.number();
            let mut bytes = Vec::new();
            match self.lines.read(&mut bytes) {
                Ok(Taken::End) => self.progress = Progress::Ended,
                Ok(_) if self.lines.number() > self.limits.lines => {
                    return Err(self.too_large(self.limits.lines, "lines"));
                }
                Ok(Taken::Whole) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Taken::Whole) if !self.lines.terminated() && scan::is_unfinished(&bytes) => {
                    self.progress = Progress::Cut(whole);
                }
                Ok(taken) => return Ok(Some(self.admit(bytes, &taken))),
                Err(error) => self.stop(error, whole)?,
            }
        }
        Ok(None)
    }

    /// Ends at an error of the source: early when compressed data just stops, otherwise with the error.
    fn stop(&mut self, error: io::Error, whole: u64) -> Result<(), SnapshotError> {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                self.progress = Progress::Cut(whole);
                Ok(())
            }
            io::ErrorKind::FileTooLarge => {
                Err(self.too_large(self.limits.total_bytes, "bytes after decompression"))
            }
            _ => Err(SnapshotError::io("read", &self.path)(error)),
        }
    }

    fn too_large(&self, limit: u64, unit: &'static str) -> SnapshotError {
        SnapshotError::TooLarge {
            path: self.path.clone(),
            limit,
            unit,
        }
    }

    /// Counts the line and says what is wrong with its length or place.
    fn admit(&mut self, bytes: Vec<u8>, taken: &Taken) -> RawLine {
        let kind = scan::kind(&bytes);
        let fault = if *taken == Taken::TooLong {
            Some(format!(
                "longer than {} bytes, which is the limit",
                self.limits.line_bytes
            ))
        } else if self.end.is_some() {
            Some("nothing may follow the end record".to_owned())
        } else if kind == Some(Kind::Snapshot) && self.records > 0 {
            Some("the header must be the first record".to_owned())
        } else {
            None
        };
        self.records += 1;
        match kind {
            Some(Kind::Asset) => self.counted.assets += 1,
            Some(Kind::Coverage) => self.counted.coverage += 1,
            Some(Kind::End) if self.end.is_none() => self.end = Some(counts(&bytes)),
            _ => {}
        }
        RawLine {
            number: self.lines.number(),
            bytes,
            fault,
        }
    }
}

/// What an `end` record says. A broken one counts nothing; parsing it gives the problem.
fn counts(line: &[u8]) -> End {
    match serde_json::from_slice(line) {
        Ok(Record::End(end)) => end,
        _ => End {
            assets: 0,
            coverage: 0,
        },
    }
}
