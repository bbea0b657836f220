//! Where the members of an archive are.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::Limits;
use crate::error::{ScanError, ScanErrorKind};
use crate::layer::{Decoder, Member, MemberKind, Piece, TarReader, name_inside};

/// The most members: far more than the parts of any image.
const MEMBERS: usize = 16_384;
/// The most bytes of a member that is kept in the pass, so that a compressed archive need not be gone over for it.
const KEPT: u64 = 1 << 20;
/// The most bytes of all of them.
const KEPT_ALL: u64 = 8 << 20;
/// How many links lead to a member at most.
const HOPS: usize = 8;
/// From how many bytes on the ratio is looked at.
const RATIO_FROM: u64 = 128 << 20;

/// Where a member's content is, in the archive decompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) offset: u64,
    pub(super) size: u64,
}

#[derive(Debug)]
enum Place {
    At(Slot),
    Link(String),
}

/// The members of an archive by name.
#[derive(Debug, Default)]
pub(super) struct Index {
    members: HashMap<String, Place>,
    kept: HashMap<String, Vec<u8>>,
    kept_bytes: u64,
    compressed: bool,
    bytes: u64,
    broken: Option<String>,
}

impl Index {
    /// Goes over the archive once.
    ///
    /// # Errors
    /// It cannot be read, is no archive, or is larger than the limits.
    pub(super) fn read(file: &File, path: &Path, limits: &Limits) -> Result<Self, ScanError> {
        let io = |e: io::Error| ScanError::io(path, &e);
        let buffered = BufReader::with_capacity(64 << 10, file);
        let decoder = Decoder::open(buffered, limits.window_bytes).map_err(io)?;
        let mut index = Self {
            compressed: !matches!(decoder, Decoder::Plain(_)),
            ..Self::default()
        };
        let stored = file.metadata().map_err(io)?.len();
        let input = Counted::new(decoder, stored, limits);
        let mut tar = TarReader::new(input, limits.header_bytes);
        let end = index.members(&mut tar);
        let input = tar.into_inner();
        index.bytes = input.at;
        if input.too_large {
            let message = format!(
                "`{}` is larger decompressed than the limits allow",
                path.display()
            );
            return Err(ScanError::new(ScanErrorKind::Limit, message));
        }
        if let Err(why) = end {
            if index.members.is_empty() {
                let message = format!("`{}` is no archive of an image: {why}", path.display());
                return Err(ScanError::new(ScanErrorKind::NotAnImage, message));
            }
            index.broken = Some(why);
        }
        Ok(index)
    }

    fn members<R: Read>(&mut self, tar: &mut TarReader<Counted<R>>) -> Result<(), String> {
        while let Some(member) = tar.next().map_err(|e| e.to_string())? {
            if self.members.len() >= MEMBERS {
                return Err(format!("it has more than {MEMBERS} members"));
            }
            self.member(tar, &member)?;
        }
        Ok(())
    }

    fn member<R: Read>(
        &mut self,
        tar: &mut TarReader<Counted<R>>,
        member: &Member,
    ) -> Result<(), String> {
        let Ok(name) = String::from_utf8(name_inside(&member.name)) else {
            return Ok(());
        };
        let link = |target: Vec<u8>| String::from_utf8(target).ok().map(Place::Link);
        let place = match member.kind {
            MemberKind::File => Some(Place::At(Slot {
                offset: tar.get_ref().at,
                size: member.size,
            })),
            MemberKind::HardLink => link(name_inside(&member.link)),
            MemberKind::Link => {
                let dir = name.rsplit_once('/').map_or("", |(dir, _)| dir);
                link(name_inside(&[dir.as_bytes(), b"/", &member.link].concat()))
            }
            _ => None,
        };
        let Some(place) = place else { return Ok(()) };
        self.kept.remove(&name);
        if self.keeps(member) {
            let content = content(tar)?;
            self.kept_bytes += content.len() as u64;
            self.kept.insert(name.clone(), content);
        }
        self.members.insert(name, place);
        Ok(())
    }

    fn keeps(&self, member: &Member) -> bool {
        self.compressed
            && member.kind == MemberKind::File
            && member.size <= KEPT
            && self.kept_bytes + member.size <= KEPT_ALL
    }

    /// Where a member is; links inside the archive are followed.
    pub(super) fn find(&self, name: &str) -> Option<Slot> {
        let mut place = self.members.get(name)?;
        for _ in 0..HOPS {
            match place {
                Place::At(slot) => return Some(*slot),
                Place::Link(target) => place = self.members.get(target)?,
            }
        }
        None
    }

    /// A small member of a compressed archive.
    pub(super) fn kept(&self, name: &str) -> Option<&[u8]> {
        self.kept.get(name).map(Vec::as_slice)
    }

    /// Whether it is compressed as a whole.
    pub(super) fn compressed(&self) -> bool {
        self.compressed
    }

    /// How many bytes it has, decompressed.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Why it could not be read to its end, if so.
    pub(super) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }
}

fn content<R: Read>(tar: &mut TarReader<Counted<R>>) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    while let Some(piece) = tar.piece().map_err(|e| e.to_string())? {
        match piece {
            Piece::Data(chunk) => content.extend_from_slice(chunk),
            Piece::Hole(_) => return Err("a sparse member cannot be a part of an image".into()),
        }
    }
    Ok(content)
}

/// Counts what is consumed, and stops at the limits.
struct Counted<R> {
    inner: R,
    buffer: Vec<u8>,
    from: usize,
    filled: usize,
    /// Where in the archive the next byte is.
    at: u64,
    most: u64,
    too_large: bool,
}

impl<R: Read> Counted<R> {
    fn new(inner: R, stored: u64, limits: &Limits) -> Self {
        let ratio = stored.saturating_mul(limits.ratio).max(RATIO_FROM);
        Self {
            inner,
            buffer: vec![0; 64 << 10],
            from: 0,
            filled: 0,
            at: 0,
            most: limits.total_bytes.min(ratio),
            too_large: false,
        }
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from >= self.filled {
            if self.at > self.most {
                self.too_large = true;
                return Err(io::Error::other("it is larger than allowed"));
            }
            self.filled = self.inner.read(&mut self.buffer)?;
            self.from = 0;
        }
        Ok(self.buffer.get(self.from..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let taken = amount.min(self.filled.saturating_sub(self.from));
        self.from += taken;
        self.at += taken as u64;
    }
}

impl<R: Read> Read for Counted<R> {
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
