//! Sparse files in the reader: GNU's old map in the header, and the three of PAX.

use std::io::BufRead;

use super::TarError;
use super::header::{BLOCK, Block, RawHeader};
use super::number::{decimal, field};
use super::pax::{Pax, fragments};
use super::reader::TarReader;
use super::sparse::{Fragment, runs};

impl<R: BufRead> TarReader<R> {
    /// Reads the map of a sparse file, and sets its real name and size.
    pub(super) fn sparse(
        &mut self,
        header: &mut RawHeader,
        block: &[u8; BLOCK],
        pax: &Pax,
    ) -> Result<(), TarError> {
        let map = if header.flag == b'S' {
            Some(self.old_map(header, block)?)
        } else {
            self.pax_map(header, pax)?
        };
        let Some(map) = map else { return Ok(()) };
        let size = u64::try_from(header.size)
            .map_err(|_| TarError::Corrupt("a sparse file has a negative size"))?;
        if (b'1'..=b'6').contains(&header.flag) {
            return Err(TarError::Corrupt("a sparse file is no regular file"));
        }
        self.runs = runs(&map, size)?;
        Ok(())
    }

    /// GNU's old map: four fragments in the header, more in blocks after it.
    fn old_map(
        &mut self,
        header: &mut RawHeader,
        block: &[u8; BLOCK],
    ) -> Result<Vec<Fragment>, TarError> {
        if !header.gnu {
            return Err(TarError::Corrupt("a sparse file is not of GNU's format"));
        }
        header.size = field(Block(block).part(483, 12))?;
        let mut map = Vec::new();
        let mut ended = old_fragments(Block(block).part(386, 96), &mut map)?;
        let mut more = Block(block).part(482, 1).first() > Some(&0);
        let mut bytes = 0;
        while more {
            bytes += BLOCK as u64;
            if bytes > self.header_bytes {
                return Err(TarError::Limit(
                    "the map of a sparse file is larger than allowed",
                ));
            }
            let next = self.block()?.ok_or(TarError::Truncated)?;
            if !ended {
                ended = old_fragments(Block(&next).part(0, 504), &mut map)?;
            }
            more = Block(&next).part(504, 1).first() > Some(&0);
        }
        Ok(map)
    }

    /// The map of PAX versions 0.0, 0.1 (in the records) and 1.0 (before the data).
    fn pax_map(
        &mut self,
        header: &mut RawHeader,
        pax: &Pax,
    ) -> Result<Option<Vec<Fragment>>, TarError> {
        let sparse = &pax.sparse;
        let in_data = match (sparse.major.as_slice(), sparse.minor.as_slice()) {
            (b"1", b"0") => true,
            (b"0", b"0" | b"1") => false,
            (b"", b"") if sparse.map.is_some() => false,
            (b"", b"") => return Ok(None),
            _ => return Err(TarError::Corrupt("a sparse file is of an unknown version")),
        };
        if !sparse.name.is_empty() {
            header.name.clone_from(&sparse.name);
        }
        let size = [&sparse.size, &sparse.real_size];
        if let Some(size) = size.into_iter().find(|size| !size.is_empty()) {
            header.size = decimal(size)?;
        }
        if in_data {
            return self.data_map().map(Some);
        }
        Ok(Some(sparse.map.clone().unwrap_or_default()))
    }

    /// The map of version 1.0: how many fragments, then their numbers, a line each, padded to a whole block.
    fn data_map(&mut self) -> Result<Vec<Fragment>, TarError> {
        let mut lines = MapLines::default();
        let mut bytes = 0;
        while !lines.complete() {
            bytes += BLOCK as u64;
            if bytes > self.header_bytes {
                return Err(TarError::Limit(
                    "the map of a sparse file is larger than allowed",
                ));
            }
            if self.left < BLOCK as u64 {
                return Err(TarError::Corrupt("the map of a sparse file is cut off"));
            }
            let block = self.block()?.ok_or(TarError::Truncated)?;
            self.left -= BLOCK as u64;
            lines.take(&block)?;
        }
        fragments(lines.numbers.get(1..).unwrap_or_default())
    }
}

/// The numbers of a map of version 1.0, as far as they were read.
#[derive(Debug, Default)]
struct MapLines {
    numbers: Vec<i64>,
    line: Vec<u8>,
}

impl MapLines {
    fn complete(&self) -> bool {
        let count = self.numbers.first().and_then(|n| usize::try_from(*n).ok());
        count.is_some_and(|count| (self.numbers.len() - 1) / 2 >= count)
    }

    fn take(&mut self, block: &[u8]) -> Result<(), TarError> {
        for byte in block {
            if self.complete() {
                break;
            }
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let number = decimal(&self.line)?;
            if number < 0 || self.line.len() > 20 {
                return Err(TarError::Corrupt("the map of a sparse file cannot be read"));
            }
            self.numbers.push(number);
            self.line.clear();
        }
        Ok(())
    }
}

/// Reads fragments of an old map; true: its end was there.
fn old_fragments(bytes: &[u8], map: &mut Vec<Fragment>) -> Result<bool, TarError> {
    for pair in bytes.chunks_exact(24) {
        let (offset, length) = pair.split_at_checked(12).unwrap_or_default();
        if offset.first() == Some(&0) || length.first() == Some(&0) {
            return Ok(true);
        }
        map.push(Fragment::new(field(offset)?, field(length)?)?);
    }
    Ok(false)
}
