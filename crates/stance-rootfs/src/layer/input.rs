//! The other side of the pipe: a layer's pieces as a reader.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, Sender};

use stance_model::{Reason, ReasonKind};

use super::pipe::Message;
use crate::source::digest::{Digest, Hasher};

/// One layer, decompressed.
pub(super) struct LayerInput<'p> {
    pieces: &'p Receiver<Message>,
    back: &'p Sender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    /// How the layer ended, once it has.
    end: Option<Result<(), Reason>>,
    hasher: Option<Hasher>,
    total: u64,
}

/// How a layer ended.
pub(super) struct Ended {
    /// What the reading side says.
    pub(super) outcome: Result<(), Reason>,
    /// Whether anything but zeros came after the part that was read as an archive.
    pub(super) trailing: bool,
    /// Its bytes, decompressed.
    pub(super) bytes: u64,
}

impl<'p> LayerInput<'p> {
    /// The next layer of the pipe; `diff_id` is held against its decompressed bytes.
    pub(super) fn new(
        pieces: &'p Receiver<Message>,
        back: &'p Sender<Vec<u8>>,
        diff_id: Option<&Digest>,
    ) -> Self {
        Self {
            pieces,
            back,
            piece: Vec::new(),
            at: 0,
            end: None,
            hasher: diff_id.map(Hasher::of),
            total: 0,
        }
    }

    /// Reads what is left, and says how the layer ended.
    pub(super) fn finish(mut self, diff_id: Option<&Digest>) -> Ended {
        let mut trailing = false;
        // Reading fails at no time: what is wrong is in the end.
        while let Ok(chunk) = self.fill_buf() {
            if chunk.is_empty() {
                break;
            }
            trailing |= chunk.iter().any(|byte| *byte != 0);
            let taken = chunk.len();
            self.consume(taken);
        }
        let outcome = self.end.unwrap_or(Ok(()));
        let got = self.hasher.map(Hasher::finish);
        let outcome = outcome.and_then(|()| match (got, diff_id) {
            (Some(got), Some(wanted)) if got != *wanted => Err(Reason::new(
                ReasonKind::BadResponse,
                format!(
                    "decompressed it has the digest {got}, not {wanted} as the configuration says"
                ),
            )),
            _ => Ok(()),
        });
        Ended {
            outcome,
            trailing,
            bytes: self.total,
        }
    }

    fn receive(&mut self) {
        // Whoever fills the pipe has ended when it is full again; an unused buffer is no loss.
        drop(self.back.send(std::mem::take(&mut self.piece)));
        self.at = 0;
        match self.pieces.recv() {
            Ok(Message::Piece(piece)) => self.piece = piece,
            Ok(Message::End(end)) => self.end = Some(end),
            Err(_) => {
                let message = "the scan was stopped";
                self.end = Some(Err(Reason::new(ReasonKind::NotCollected, message)));
            }
        }
        self.total += self.piece.len() as u64;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&self.piece);
        }
    }
}

impl BufRead for LayerInput<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.piece.len() && self.end.is_none() {
            self.receive();
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.piece.len());
    }
}

impl Read for LayerInput<'_> {
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
