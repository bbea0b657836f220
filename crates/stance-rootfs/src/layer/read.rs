//! Reading all layers of a source, one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use stance_model::{Reason, ReasonKind};

use super::entries::{Stop, entries};
use super::input::LayerInput;
use super::merge::{Merged, Merger, Oddity};
use super::pipe::{AHEAD, Control, Message, Producer};
use super::tar::{TarError, TarReader};
use crate::Limits;
use crate::read::asks;
use crate::root::{Layer, Wants};
use crate::secret::SecretScanner;
use crate::source::digest::Digest;
use crate::source::{LayerForm, LayerSource, Source};

/// How layers are read.
pub(crate) struct Reading<'r> {
    /// The limits.
    pub(crate) limits: &'r Limits,
    /// Finds secrets.
    pub(crate) scanner: &'r SecretScanner,
    /// Whether the decompressed bytes are held against the diff ids also where the blob's digest was checked.
    pub(crate) verify_diff_ids: bool,
    /// Set by whoever no longer wants the result.
    pub(crate) cancel: &'r AtomicBool,
    /// A layer begins.
    pub(crate) begin: &'r dyn Fn(usize),
    /// Compressed bytes were read.
    pub(crate) advance: &'r (dyn Fn(u64) + Sync),
}

/// Reads the layers from `first` on over what those below made. After each that was read whole and as its digest says,
/// `done` gets the state so far and how many bytes the layer had; from the first that was not, no longer.
pub(crate) fn read_layers(
    source: &dyn Source,
    reading: &Reading<'_>,
    first: usize,
    below: Merged,
    mut done: impl FnMut(usize, &Merged, u64),
) -> Merged {
    let mut merged = pass(
        source,
        reading,
        first,
        below,
        Some(reading.scanner),
        &mut done,
    );
    // A link, or what a file says, may lead what readers ask for to files that had gone by: once more, now that their
    // names are known. What only then turns out to lead on is followed once again, and that is all.
    for _ in 0..2 {
        merged.ask(asks(&merged.root));
        if !merged.again || reading.cancel.load(Ordering::Relaxed) {
            break;
        }
        let wants = Arc::clone(merged.root.unkept.wants());
        let again = pass(
            source,
            reading,
            0,
            Merged::new(wants),
            None,
            &mut |_, _, _| {},
        );
        merged.root = again.root;
        merged.used = again.used;
        merged.again = again.again;
    }
    merged
}

/// What all readers ask for, before any layer.
pub(crate) fn nothing_yet() -> Merged {
    Merged::new(Arc::new(Wants::of_readers()))
}

/// One pass over the layers.
fn pass(
    source: &dyn Source,
    reading: &Reading<'_>,
    first: usize,
    below: Merged,
    scanner: Option<&SecretScanner>,
    done: &mut dyn FnMut(usize, &Merged, u64),
) -> Merged {
    let mut below = below;
    below.root.layers = source.layers().iter().map(root_layer).collect();
    let control = Control::default();
    let (out, pieces) = sync_channel(AHEAD);
    let (back, spare) = channel();
    let producer = Producer {
        source,
        limits: reading.limits,
        control: &control,
        cancel: reading.cancel,
        advance: reading.advance,
        out,
        back: spare,
        total: 0,
    };
    let archives = source.layers().iter().enumerate().skip(first);
    let archives = archives.filter(|(_, layer)| layer.form == LayerForm::Archive);
    let archives: Vec<usize> = archives.map(|(index, _)| index).collect();
    let consumer = Consumer {
        source,
        reading,
        control: &control,
        pieces,
        back,
        merger: Merger::new(below, reading.limits, scanner),
        whole: true,
    };
    std::thread::scope(|scope| {
        scope.spawn(move || producer.run(archives.into_iter()));
        consumer.run(first, done)
    })
}

fn root_layer(layer: &LayerSource) -> Layer {
    Layer {
        digest: layer.shown_digest().to_owned(),
        instruction: layer.instruction.clone(),
    }
}

/// The side that takes archives apart.
struct Consumer<'c> {
    source: &'c dyn Source,
    reading: &'c Reading<'c>,
    control: &'c Control,
    pieces: Receiver<Message>,
    back: Sender<Vec<u8>>,
    merger: Merger<'c>,
    /// Whether all layers so far were read whole.
    whole: bool,
}

impl Consumer<'_> {
    fn run(mut self, first: usize, done: &mut dyn FnMut(usize, &Merged, u64)) -> Merged {
        for (index, layer) in self.source.layers().iter().enumerate().skip(first) {
            (self.reading.begin)(index);
            self.merger.layer(u32::try_from(index).unwrap_or(u32::MAX));
            let (outcome, bytes) = match layer.form {
                LayerForm::Archive => self.archive(index, layer),
                LayerForm::Folder => (self.source.walk(index, &mut self.merger), 0),
            };
            if let Err(reason) = outcome {
                self.merger
                    .merged
                    .incomplete(of_layer(layer, index, reason));
            }
            self.whole &= self.merger.merged.root.incomplete.is_none();
            if self.whole {
                done(index, &self.merger.merged, bytes);
            }
            if self.reading.cancel.load(Ordering::Relaxed) {
                break;
            }
        }
        self.control.stop.store(true, Ordering::Relaxed);
        self.merger.merged
    }

    /// Reads one archive; its bytes.
    fn archive(&mut self, index: usize, layer: &LayerSource) -> (Result<(), Reason>, u64) {
        let diff_id = self.diff_id(layer);
        let input = LayerInput::new(&self.pieces, &self.back, diff_id.as_ref());
        let mut tar = TarReader::new(input, self.reading.limits.header_bytes);
        let limit = self.reading.limits.file_bytes;
        let outcome = entries(&mut tar, &mut self.merger, limit);
        if outcome.is_err() {
            self.control.skip_below.store(index + 1, Ordering::Relaxed);
        }
        let ended = tar.into_inner().finish(diff_id.as_ref());
        if outcome.is_ok() && ended.trailing {
            self.merger.merged.note(Oddity::TrailingData);
        }
        // What the reading side says is the cause; an archive that is cut off is only what follows from it.
        let outcome = match (outcome, ended.outcome) {
            (Err(Stop::Tar(TarError::Truncated)), Err(cause))
                if cause.kind != ReasonKind::NotCollected =>
            {
                Err(cause)
            }
            (Err(stop), _) => Err(stop.reason()),
            (Ok(()), end) => end,
        };
        (outcome, ended.bytes)
    }

    /// The diff id that is checked: where it is asked for, and where nothing else tells the layer's bytes.
    fn diff_id(&self, layer: &LayerSource) -> Option<Digest> {
        let checked = self.reading.verify_diff_ids || layer.digest.is_none();
        let diff_id = layer.diff_id.as_deref().filter(|_| checked);
        diff_id.and_then(Digest::parse)
    }
}

/// The reason with the layer's name.
fn of_layer(layer: &LayerSource, index: usize, reason: Reason) -> Reason {
    let why = reason.message.as_deref().unwrap_or_default();
    let message = format!("layer {} {}: {why}", index + 1, layer.shown_digest());
    Reason {
        message: Some(message),
        ..reason
    }
}
