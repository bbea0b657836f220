//! A blob on its way in: counted, hashed, stopped when the scan is.

use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use stance_model::{Reason, ReasonKind};

use crate::source::LayerSource;
use crate::source::digest::{Digest, Hasher};

/// How much of a blob is read at once.
const BUFFER: usize = 64 << 10;

/// Reads a blob and keeps account of it.
pub(super) struct Blob<'b> {
    inner: Box<dyn Read + Send + 'b>,
    stop: &'b AtomicBool,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    hasher: Option<Hasher>,
    read: u64,
    advance: &'b (dyn Fn(u64) + Sync),
    failed: Option<io::Error>,
}

impl<'b> Blob<'b> {
    /// A blob of which `digest` must hold; `advance` hears of every piece that was read.
    pub(super) fn new(
        inner: Box<dyn Read + Send + 'b>,
        digest: Option<&Digest>,
        stop: &'b AtomicBool,
        advance: &'b (dyn Fn(u64) + Sync),
    ) -> Self {
        Self {
            inner,
            stop,
            buffer: vec![0; BUFFER],
            at: 0,
            filled: 0,
            hasher: digest.map(Hasher::of),
            read: 0,
            advance,
            failed: None,
        }
    }

    /// How many bytes came in so far.
    pub(super) fn read_so_far(&self) -> u64 {
        self.read
    }

    /// What the source failed with, if it did: decoders hide it behind errors of their own.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// Reads what is left, and holds the whole against what the manifest says.
    ///
    /// # Errors
    /// The size or the digest is another.
    pub(super) fn verify(
        mut self,
        layer: &LayerSource,
        wanted: Option<&Digest>,
    ) -> Result<(), Reason> {
        loop {
            match self.fill_buf().map(<[u8]>::len) {
                Ok(0) => break,
                Ok(some) => self.consume(some),
                Err(error) => return Err(reason_of(&error)),
            }
        }
        if let Some(size) = layer.size.filter(|size| *size != self.read) {
            let kind = if self.read < size {
                ReasonKind::Truncated
            } else {
                ReasonKind::BadResponse
            };
            let message = format!(
                "it has {} bytes, not {size} as its manifest says",
                self.read
            );
            return Err(Reason::new(kind, message));
        }
        let got = self.hasher.map(Hasher::finish);
        match (got, wanted) {
            (Some(got), Some(wanted)) if got != *wanted => Err(Reason::new(
                ReasonKind::BadResponse,
                format!("its bytes have the digest {got}"),
            )),
            _ => Ok(()),
        }
    }
}

/// Why reading failed.
pub(super) fn reason_of(error: &io::Error) -> Reason {
    let kind = match error.kind() {
        io::ErrorKind::UnexpectedEof => ReasonKind::Truncated,
        io::ErrorKind::PermissionDenied => ReasonKind::NoPermission,
        io::ErrorKind::NotFound => ReasonKind::NotFound,
        io::ErrorKind::TimedOut => ReasonKind::Timeout,
        io::ErrorKind::Interrupted => ReasonKind::NotCollected,
        io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionRefused
        | io::ErrorKind::NotConnected
        | io::ErrorKind::BrokenPipe => ReasonKind::Network,
        _ => ReasonKind::BadResponse,
    };
    Reason::new(kind, error.to_string())
}

impl BufRead for Blob<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.filled {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("the scan was stopped"));
            }
            let got = self.inner.read(&mut self.buffer);
            let got = got.inspect_err(|error| {
                self.failed = Some(io::Error::new(error.kind(), error.to_string()));
            })?;
            (self.at, self.filled) = (0, got);
            self.read += got as u64;
            (self.advance)(got as u64);
            let fresh = self.buffer.get(..got).unwrap_or_default();
            if let Some(hasher) = &mut self.hasher {
                hasher.update(fresh);
            }
        }
        Ok(self.buffer.get(self.at..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.filled);
    }
}

impl Read for Blob<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.fill_buf()?;
        let taken = got.len().min(out.len());
        let (to, from) = (out.get_mut(..taken), got.get(..taken));
        to.unwrap_or_default()
            .copy_from_slice(from.unwrap_or_default());
        self.consume(taken);
        Ok(taken)
    }
}
