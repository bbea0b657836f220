//! The bytes of a snapshot file: plain or decompressed, bounded.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::error::SnapshotError;
use super::limits::Limits;
use crate::{export, terraform};

/// Bytes of a buffer between the file and us, and between the decompressor and us.
const BUFFER: usize = 256 << 10;

/// The bytes of an open snapshot.
pub(super) type Source = Bounded<Box<dyn BufRead + Send>>;

/// Opens the file, looks at its first bytes and decompresses if they say so. A Terraform state or plan, a folder of
/// HCL, or an export, is read here and now, as the snapshot that it stands for.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<Source, SnapshotError> {
    let io = |error| SnapshotError::io("open", path)(error);
    if path.is_dir() {
        let lines = terraform::snapshot_of_folder(path).map_err(SnapshotError::terraform(path))?;
        return Ok(Bounded {
            inner: Box::new(io::Cursor::new(lines)),
            left: limits.total_bytes,
        });
    }
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(io)?);
    let head = file.fill_buf().map_err(io)?;
    let inner: Box<dyn BufRead + Send> = if is_zstd(head) {
        Box::new(decompressed(file, limits).map_err(io)?)
    } else if terraform::is_terraform(head) {
        let lines = terraform::snapshot_of(path);
        Box::new(io::Cursor::new(
            lines.map_err(SnapshotError::terraform(path))?,
        ))
    } else if export::is_export(head) {
        let lines = export::snapshot_of(path);
        Box::new(io::Cursor::new(lines.map_err(SnapshotError::export(path))?))
    } else {
        Box::new(file)
    };
    Ok(Bounded {
        inner,
        left: limits.total_bytes,
    })
}

fn decompressed(file: BufReader<File>, limits: &Limits) -> io::Result<impl BufRead + Send + use<>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(file)?;
    decoder.window_log_max(limits.window_log)?;
    Ok(BufReader::with_capacity(BUFFER, decoder))
}

/// Whether the bytes begin with a frame of zstd, be it one that decoders skip (parallel compressors lead with one).
fn is_zstd(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]
    )
}

/// A reader that ends with an error, not quietly, when there is more than it may give.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.fill_buf()?.read(buffer)?;
        self.consume(given);
        Ok(given)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.inner.fill_buf()?;
        if self.left == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let given = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        Ok(bytes.get(..given).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}
