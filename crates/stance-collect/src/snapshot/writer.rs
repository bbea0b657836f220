//! Writing a snapshot file: whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use stance_model::record::{Account, End, Header, Record};
use stance_model::{Asset, Coverage};
use tempfile::NamedTempFile;

use super::error::{Problem, SnapshotError};
use super::limits::Limits;
use super::line::{FORMAT, parse_line};
use super::reader::RawLine;

/// Compression that is as fast as the collection it follows.
const LEVEL: i32 = 3;

/// Writes a snapshot. The file appears under its name only by [`Writer::finish`]; a writer that is dropped before
/// leaves nothing. The file is readable by its owner alone: a snapshot tells where an estate is weak.
pub struct Writer {
    path: PathBuf,
    out: Output,
    counted: End,
    records: u64,
}

enum Output {
    Plain(BufWriter<NamedTempFile>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<NamedTempFile>>),
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("path", &self.path)
            .field("counted", &self.counted)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Begins the file at `path`, compressed when its name ends in `.zst`. `at` says when the collection began,
    /// `producer` what writes the file.
    ///
    /// # Errors
    /// [`SnapshotError::Io`] when no file can be made in the folder, [`SnapshotError::Broken`] when `at` or
    /// `producer` could not be read back.
    pub fn create(path: &Path, at: jiff::Timestamp, producer: &str) -> Result<Self, SnapshotError> {
        let out = Output::create(path).map_err(SnapshotError::io("create", path))?;
        let counted = End {
            assets: 0,
            coverage: 0,
        };
        let mut writer = Self {
            path: path.to_owned(),
            out,
            counted,
            records: 0,
        };
        let header = Header {
            format: FORMAT,
            at: at.to_string(),
            producer: producer.to_owned(),
        };
        writer.record(&Record::Snapshot(header))?;
        Ok(writer)
    }

    /// Writes an account.
    ///
    /// # Errors
    /// [`SnapshotError::Io`] when writing fails, [`SnapshotError::Broken`] when the record breaks the rules of the
    /// format; it is not written then.
    pub fn account(&mut self, account: Account) -> Result<(), SnapshotError> {
        self.record(&Record::Account(account))
    }

    /// Writes a coverage record.
    ///
    /// # Errors
    /// As [`Writer::account`].
    pub fn coverage(&mut self, coverage: Coverage) -> Result<(), SnapshotError> {
        self.record(&Record::Coverage(coverage))?;
        self.counted.coverage += 1;
        Ok(())
    }

    /// Writes an asset.
    ///
    /// # Errors
    /// As [`Writer::account`].
    pub fn asset(&mut self, asset: Asset) -> Result<(), SnapshotError> {
        self.record(&Record::Asset(Box::new(asset)))?;
        self.counted.assets += 1;
        Ok(())
    }

    /// Writes the `end` record, makes the file durable and gives it its name.
    ///
    /// # Errors
    /// [`SnapshotError::Io`]; a file that stood under the name before is then still there.
    pub fn finish(mut self) -> Result<End, SnapshotError> {
        self.record(&Record::End(self.counted))?;
        self.out
            .persist(&self.path)
            .map_err(SnapshotError::io("write", &self.path))?;
        Ok(self.counted)
    }

    /// Writes one line, after reading it as a reader will: a file that we wrote is never refused.
    fn record(&mut self, record: &Record) -> Result<(), SnapshotError> {
        let bytes = serde_json::to_vec(record).map_err(|e| self.refused(e.to_string()))?;
        let raw = RawLine::new(self.records + 1, bytes);
        parse_line(&raw, &Limits::default()).map_err(|problem| self.refused(problem.message))?;
        self.out
            .line(&raw.bytes)
            .map_err(SnapshotError::io("write", &self.path))?;
        self.records += 1;
        Ok(())
    }

    fn refused(&self, message: String) -> SnapshotError {
        let problem = Problem {
            line: self.records + 1,
            message,
        };
        SnapshotError::Broken {
            path: self.path.clone(),
            problems: vec![problem],
            more: 0,
        }
    }
}

impl Output {
    fn create(path: &Path) -> io::Result<Self> {
        // The dot keeps readers of a folder away from a file being written.
        let file = tempfile::Builder::new()
            .prefix(".snapshot-")
            .tempfile_in(folder(path))?;
        let file = BufWriter::with_capacity(256 << 10, file);
        if path.extension().is_some_and(|e| e == "zst") {
            let mut encoder = zstd::stream::write::Encoder::new(file, LEVEL)?;
            encoder.include_checksum(true)?;
            Ok(Self::Zstd(encoder))
        } else {
            Ok(Self::Plain(file))
        }
    }

    fn line(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out: &mut dyn Write = match self {
            Self::Plain(out) => out,
            Self::Zstd(out) => out,
        };
        out.write_all(bytes)?;
        out.write_all(b"\n")
    }

    fn persist(self, path: &Path) -> io::Result<()> {
        let buffered = match self {
            Self::Plain(out) => out,
            Self::Zstd(out) => out.finish()?,
        };
        let file = buffered
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        // The name is durable only when its folder is.
        File::open(folder(path))?.sync_all()
    }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
