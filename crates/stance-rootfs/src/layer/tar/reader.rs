//! The reader: from one entry to the next, and through the content of one.

use std::io::BufRead;

use super::header::{BLOCK, Block, RawHeader};
use super::number::text;
use super::pax::Pax;
use super::sparse::Run;
use super::{Member, MemberKind, TarError};

/// Reads an archive.
#[derive(Debug)]
pub(crate) struct TarReader<R> {
    input: R,
    /// The most bytes of the extended headers before one entry, and of a sparse map.
    pub(super) header_bytes: u64,
    /// What of the entry's stored bytes was not read yet.
    pub(super) left: u64,
    /// The padding after the entry's stored bytes.
    padding: u64,
    /// What of the content was not given yet, the last run first; of a file that is not sparse, one run.
    pub(super) runs: Vec<Run>,
    /// How many bytes of the input the last piece took.
    given: usize,
    started: bool,
}

/// A piece of a file's content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'p> {
    /// Bytes.
    Data(&'p [u8]),
    /// So many zeros that are not in the archive.
    Hole(u64),
}

/// The extended headers before an entry.
#[derive(Debug, Default)]
struct Extended {
    pax: Option<Pax>,
    long_name: Vec<u8>,
    long_link: Vec<u8>,
    bytes: u64,
}

impl<R: BufRead> TarReader<R> {
    /// Reads from `input`; extended headers before one entry may have `header_bytes`.
    pub(crate) fn new(input: R, header_bytes: u64) -> Self {
        Self {
            input,
            header_bytes,
            left: 0,
            padding: 0,
            runs: Vec::new(),
            given: 0,
            started: false,
        }
    }

    /// What it reads from.
    pub(crate) fn get_ref(&self) -> &R {
        &self.input
    }

    /// What it reads from; after the end of the archive, whatever follows it.
    pub(crate) fn into_inner(self) -> R {
        self.input
    }

    /// The next entry; none at the end of the archive. What was not read of the last one is skipped.
    ///
    /// # Errors
    /// It cannot be read on; nothing after this is told.
    pub(crate) fn next(&mut self) -> Result<Option<Member>, TarError> {
        let mut extended = Extended::default();
        loop {
            self.finish_entry()?;
            let Some((header, block)) = self.header()? else {
                return match extended.bytes {
                    0 => Ok(None),
                    _ => Err(TarError::Truncated),
                };
            };
            self.frame(header.flag, header.size)?;
            match header.flag {
                b'x' => extended.pax = Some(Pax::read(&self.special(&mut extended.bytes)?)?),
                b'g' => {
                    let pax = Pax::read(&self.special(&mut extended.bytes)?)?;
                    return Ok(Some(global(header, &pax)));
                }
                b'L' => extended.long_name = text(&self.special(&mut extended.bytes)?).to_vec(),
                b'K' => extended.long_link = text(&self.special(&mut extended.bytes)?).to_vec(),
                _ => return self.member(header, &block, extended).map(Some),
            }
        }
    }

    /// The next piece of the entry's content; none when it is over.
    ///
    /// # Errors
    /// The archive ends before.
    pub(crate) fn piece(&mut self) -> Result<Option<Piece<'_>>, TarError> {
        self.release();
        let Some(run) = self.runs.pop() else {
            return match self.left {
                0 => Ok(None),
                _ => Err(TarError::Corrupt(
                    "a sparse file has data that its map does not name",
                )),
            };
        };
        let wanted = match run {
            Run::Hole(length) => return Ok(Some(Piece::Hole(length))),
            Run::Data(length) => length,
        };
        if wanted > self.left {
            return Err(TarError::Corrupt(
                "a sparse file has less data than its map",
            ));
        }
        let (chunk, given) = available(&mut self.input, wanted)?;
        self.given = given;
        let rest = wanted - given as u64;
        if rest > 0 {
            self.runs.push(Run::Data(rest));
        }
        Ok(Some(Piece::Data(chunk)))
    }

    /// Gives back what the last piece took.
    fn release(&mut self) {
        let given = std::mem::take(&mut self.given);
        self.input.consume(given);
        self.left = self.left.saturating_sub(given as u64);
    }

    /// Goes to the end of the entry.
    fn finish_entry(&mut self) -> Result<(), TarError> {
        self.release();
        self.runs.clear();
        skip(&mut self.input, std::mem::take(&mut self.left))?;
        // An archive may end without the padding of its last entry.
        match skip(&mut self.input, std::mem::take(&mut self.padding)) {
            Err(TarError::Truncated) => Ok(()),
            done => done,
        }
    }

    /// The next header; none at the end, which is two zero blocks or no more bytes.
    fn header(&mut self) -> Result<Option<(RawHeader, [u8; BLOCK])>, TarError> {
        let Some(block) = self.block()? else {
            return Ok(None);
        };
        if Block(&block).is_zero() {
            return match self.block()? {
                Some(second) if !Block(&second).is_zero() => Err(TarError::Corrupt(
                    "after a zero block there is neither another nor the end",
                )),
                _ => Ok(None),
            };
        }
        let header = Block(&block).header();
        let header = match header {
            Err(TarError::Corrupt(_)) if !self.started => {
                return Err(TarError::Corrupt("it is no tar archive"));
            }
            header => header?,
        };
        self.started = true;
        Ok(Some((header, block)))
    }

    /// One block; none when there are no more bytes.
    pub(super) fn block(&mut self) -> Result<Option<[u8; BLOCK]>, TarError> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let chunk = self.input.fill_buf()?;
            let rest = block.get_mut(filled..).unwrap_or_default();
            let taken = chunk.len().min(rest.len());
            if taken == 0 {
                return match filled {
                    0 => Ok(None),
                    _ => Err(TarError::Truncated),
                };
            }
            let (to, from) = (rest.get_mut(..taken), chunk.get(..taken));
            to.unwrap_or_default()
                .copy_from_slice(from.unwrap_or_default());
            self.input.consume(taken);
            filled += taken;
        }
        Ok(Some(block))
    }

    /// Sets where the stored bytes of an entry end. Links, directories and devices have none, whatever they say.
    fn frame(&mut self, flag: u8, size: i64) -> Result<(), TarError> {
        let size = if (b'1'..=b'6').contains(&flag) {
            0
        } else {
            size
        };
        let size =
            u64::try_from(size).map_err(|_| TarError::Corrupt("an entry has a negative size"))?;
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
        self.runs = vec![Run::Data(size)];
        self.runs.retain(|_| size > 0);
        Ok(())
    }

    /// The content of an extended header.
    fn special(&mut self, total: &mut u64) -> Result<Vec<u8>, TarError> {
        *total = total.saturating_add(self.left).saturating_add(1);
        if *total > self.header_bytes {
            return Err(TarError::Limit(
                "the extended headers of an entry are larger than allowed",
            ));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece()? {
            if let Piece::Data(chunk) = piece {
                bytes.extend_from_slice(chunk);
            }
        }
        Ok(bytes)
    }

    /// The entry that a header and its extended headers make.
    fn member(
        &mut self,
        mut header: RawHeader,
        block: &[u8; BLOCK],
        extended: Extended,
    ) -> Result<Member, TarError> {
        let pax = extended.pax.unwrap_or_default();
        header.name = pax.path.clone().unwrap_or(header.name);
        header.link = pax.link.clone().unwrap_or(header.link);
        header.size = pax.size.unwrap_or(header.size);
        header.uid = pax.uid.unwrap_or(header.uid);
        header.gid = pax.gid.unwrap_or(header.gid);
        if !extended.long_name.is_empty() {
            header.name = extended.long_name;
        }
        if !extended.long_link.is_empty() {
            header.link = extended.long_link;
        }
        if header.flag == 0 && header.name.ends_with(b"/") {
            header.flag = b'5';
        }
        self.frame(header.flag, header.size)?;
        self.sparse(&mut header, block, &pax)?;
        Ok(member_of(header, pax.capabilities))
    }
}

fn global(header: RawHeader, pax: &Pax) -> Member {
    Member {
        name: header.name,
        kind: MemberKind::Global {
            changes_entries: pax.changes_entries,
        },
        ..Member::default()
    }
}

fn member_of(header: RawHeader, capabilities: bool) -> Member {
    let kind = match header.flag {
        0 | b'0' | b'7' | b'S' => MemberKind::File,
        b'1' => MemberKind::HardLink,
        b'2' => MemberKind::Link,
        b'3' | b'4' | b'6' => MemberKind::Special,
        b'5' => MemberKind::Dir,
        _ => MemberKind::Other,
    };
    let has_content = matches!(kind, MemberKind::File | MemberKind::Other);
    Member {
        name: header.name,
        link: header.link,
        kind,
        mode: u32::try_from(header.mode & 0o7777).unwrap_or_default(),
        uid: u64::try_from(header.uid).unwrap_or(u64::MAX),
        gid: u64::try_from(header.gid).unwrap_or(u64::MAX),
        size: u64::try_from(header.size)
            .ok()
            .filter(|_| has_content)
            .unwrap_or_default(),
        capabilities,
    }
}

/// At least one byte of the input, at most `wanted`, and how many.
fn available<R: BufRead>(input: &mut R, wanted: u64) -> Result<(&[u8], usize), TarError> {
    let chunk = input.fill_buf()?;
    if chunk.is_empty() {
        return Err(TarError::Truncated);
    }
    let taken = chunk
        .len()
        .min(usize::try_from(wanted).unwrap_or(usize::MAX));
    Ok((chunk.get(..taken).unwrap_or_default(), taken))
}

fn skip<R: BufRead>(input: &mut R, mut bytes: u64) -> Result<(), TarError> {
    while bytes > 0 {
        let (_, taken) = available(input, bytes)?;
        input.consume(taken);
        bytes -= taken as u64;
    }
    Ok(())
}
