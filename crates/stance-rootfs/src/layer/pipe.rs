//! The reading side: blobs in, decompressed pieces out, in a thread of its own, a few buffers ahead.

use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use stance_model::{Reason, ReasonKind};

use super::blob::{Blob, reason_of};
use super::decode::Decoder;
use crate::Limits;
use crate::source::Source;
use crate::source::digest::Digest;

/// The size of a piece.
pub(super) const PIECE: usize = 256 << 10;
/// How many pieces may wait.
pub(super) const AHEAD: usize = 4;
/// From how many bytes of output on the ratio is looked at: sparse databases and logs compress well for a while.
const RATIO_FROM: u64 = 128 << 20;

/// What comes out.
pub(super) enum Message {
    /// A piece of the layer.
    Piece(Vec<u8>),
    /// The layer is over, or cannot be read on.
    End(Result<(), Reason>),
}

/// What both sides share.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Set: nothing more is wanted.
    pub(super) stop: AtomicBool,
    /// The layers before this one are no longer wanted.
    pub(super) skip_below: AtomicUsize,
}

/// The reading side.
pub(super) struct Producer<'p> {
    pub(super) source: &'p dyn Source,
    pub(super) limits: &'p Limits,
    pub(super) control: &'p Control,
    pub(super) cancel: &'p AtomicBool,
    pub(super) advance: &'p (dyn Fn(u64) + Sync),
    pub(super) out: SyncSender<Message>,
    /// Buffers come back to be used again.
    pub(super) back: Receiver<Vec<u8>>,
    /// What was decompressed so far.
    pub(super) total: u64,
}

/// Nobody listens any more.
struct Gone;

impl Producer<'_> {
    /// Reads these layers one after the other.
    pub(super) fn run(mut self, layers: impl Iterator<Item = usize>) {
        for layer in layers {
            let end = match self.layer(layer) {
                Ok(end) => end,
                Err(Gone) => return,
            };
            if self.out.send(Message::End(end)).is_err() {
                return;
            }
        }
    }

    fn layer(&mut self, index: usize) -> Result<Result<(), Reason>, Gone> {
        let Some(layer) = self.source.layers().get(index) else {
            return Ok(Err(Reason::new(
                ReasonKind::NotFound,
                "there is no such layer",
            )));
        };
        let digest = match layer.digest.as_deref() {
            None => None,
            Some(text) => match Digest::parse(text) {
                Some(digest) => Some(digest),
                None => {
                    return Ok(Err(Reason::new(
                        ReasonKind::BadResponse,
                        "its digest is none of SHA-256 or SHA-512",
                    )));
                }
            },
        };
        let blob = match self.source.open(index) {
            Err(reason) => return Ok(Err(reason)),
            Ok(blob) => Blob::new(blob, digest.as_ref(), self.cancel, self.advance),
        };
        let mut decoder = match Decoder::open(blob, self.limits.window_bytes) {
            Err(error) => return Ok(Err(reason_of(&error))),
            Ok(decoder) => decoder,
        };
        if let Err(reason) = self.pieces(index, &mut decoder)? {
            return Ok(Err(reason));
        }
        let blob = decoder.into_inner();
        Ok(blob.map_or(Ok(()), |blob| blob.verify(layer, digest.as_ref())))
    }

    /// Sends the layer piece by piece.
    fn pieces(
        &mut self,
        index: usize,
        decoder: &mut Decoder<Blob<'_>>,
    ) -> Result<Result<(), Reason>, Gone> {
        let mut produced: u64 = 0;
        loop {
            if self.control.stop.load(Ordering::Relaxed) {
                return Err(Gone);
            }
            if self.control.skip_below.load(Ordering::Relaxed) > index {
                return Ok(Err(Reason::new(
                    ReasonKind::NotCollected,
                    "it was given up",
                )));
            }
            let mut piece = self.back.try_recv().unwrap_or_default();
            piece.resize(PIECE, 0);
            let (filled, failure) = fill(decoder, &mut piece);
            piece.truncate(filled);
            produced += filled as u64;
            self.total = self.total.saturating_add(filled as u64);
            let over = filled == 0;
            if !over && self.out.send(Message::Piece(piece)).is_err() {
                return Err(Gone);
            }
            if let Some(reason) = failure {
                return Ok(Err(reason));
            }
            if over {
                return Ok(Ok(()));
            }
            let read = decoder.get_mut().map_or(0, |blob| blob.read_so_far());
            if let Err(reason) = self.within_budget(produced, read) {
                return Ok(Err(reason));
            }
        }
    }

    fn within_budget(&self, produced: u64, read: u64) -> Result<(), Reason> {
        let limits = self.limits;
        if self.total > limits.total_bytes {
            let message = format!(
                "the layers have more than {} bytes decompressed, which is the limit",
                limits.total_bytes
            );
            return Err(Reason::new(ReasonKind::Budget, message));
        }
        if produced > RATIO_FROM && produced / read.max(1) > limits.ratio {
            let message = format!(
                "it grows to more than {} times its size, which is the limit",
                limits.ratio
            );
            return Err(Reason::new(ReasonKind::Budget, message));
        }
        Ok(())
    }
}

/// Fills a buffer as far as it goes; with the reason when it goes no further because of an error.
fn fill(decoder: &mut Decoder<Blob<'_>>, buffer: &mut [u8]) -> (usize, Option<Reason>) {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match decoder.read(rest) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) => {
                let hidden = decoder.get_mut().and_then(Blob::take_failure);
                return (filled, Some(reason_of(&hidden.unwrap_or(error))));
            }
        }
    }
    (filled, None)
}
