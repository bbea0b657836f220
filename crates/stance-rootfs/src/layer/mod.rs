//! Layers: from the blob of a source to the merged tree. Streams only; nothing is written, nothing is held whole.
//!
//! One thread reads, checks and decompresses blobs into a few buffers; the other takes the archive apart, looks for
//! secrets in every byte of every file, and merges. Whatever goes wrong with a layer makes the result incomplete, with a
//! reason that names the layer, and the layers after it are read all the same.

mod blob;
mod decode;
mod entries;
mod input;
mod merge;
mod name;
mod pipe;
mod read;
mod tar;

pub(crate) use decode::{Decoder, copy_away};
pub(crate) use merge::{Finding, Merged};
pub(crate) use read::{Reading, nothing_yet, read_layers};
pub(crate) use tar::{Member, MemberKind, Piece, TarReader};

/// A name made to lie inside the root.
pub(crate) fn name_inside(name: &[u8]) -> Vec<u8> {
    name::inside(name).path
}
