//! One header block.

use super::TarError;
use super::number::{field, text};

/// The size of a block, bytes.
pub(super) const BLOCK: usize = 512;

/// What a header block says, extensions not applied.
#[derive(Debug, Clone, Default)]
pub(super) struct RawHeader {
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) mode: i64,
    pub(super) uid: i64,
    pub(super) gid: i64,
    pub(super) size: i64,
    pub(super) flag: u8,
    /// Whether it is of GNU's format, which alone has sparse maps in the header.
    pub(super) gnu: bool,
}

/// The fields of a block by their place.
pub(super) struct Block<'b>(pub(super) &'b [u8]);

impl<'b> Block<'b> {
    pub(super) fn part(&self, from: usize, length: usize) -> &'b [u8] {
        self.0.get(from..from + length).unwrap_or_default()
    }

    /// Whether it is all zeros, as the two at the end of an archive.
    pub(super) fn is_zero(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// Reads the block as a header.
    ///
    /// # Errors
    /// The checksum is wrong, or a number cannot be read.
    pub(super) fn header(&self) -> Result<RawHeader, TarError> {
        self.verify()?;
        let magic = self.part(257, 8);
        let star = self.part(508, 4) == b"tar\0" && magic.starts_with(b"ustar\0");
        let ustar = magic.starts_with(b"ustar\0");
        let gnu = magic == b"ustar  \0";
        let prefix = match (star, ustar, gnu) {
            (true, ..) => self.part(345, 131),
            (_, true, _) => self.part(345, 155),
            (_, _, true) => self.old_prefix(),
            _ => &[],
        };
        Ok(RawHeader {
            name: joined(text(prefix), text(self.part(0, 100))),
            link: text(self.part(157, 100)).to_vec(),
            mode: field(self.part(100, 8))?,
            uid: field(self.part(108, 8))?,
            gid: field(self.part(116, 8))?,
            size: field(self.part(124, 12))?,
            flag: self.part(156, 1).first().copied().unwrap_or_default(),
            gnu,
        })
    }

    /// Some writers put ustar's prefix where GNU keeps two times; it is taken for one where these are no numbers.
    fn old_prefix(&self) -> &'b [u8] {
        let time = |from| {
            let bytes = self.part(from, 12);
            bytes.first() == Some(&0) || field(bytes).is_ok()
        };
        let prefix = self.part(345, 155);
        let plain = text(prefix).iter().all(u8::is_ascii);
        if (time(345) && time(357)) || !plain {
            return &[];
        }
        prefix
    }

    /// The sum of all bytes, those of the sum itself taken for spaces; old writers added signed bytes.
    fn verify(&self) -> Result<(), TarError> {
        let stored = field(self.part(148, 8))?;
        let (mut unsigned, mut signed) = (8 * i64::from(b' '), 8 * i64::from(b' '));
        for byte in self.part(0, 148).iter().chain(self.part(156, BLOCK - 156)) {
            unsigned += i64::from(*byte);
            signed += i64::from(byte.cast_signed());
        }
        if stored == unsigned || stored == signed {
            return Ok(());
        }
        Err(TarError::Corrupt("the checksum of a header is wrong"))
    }
}

fn joined(prefix: &[u8], name: &[u8]) -> Vec<u8> {
    if prefix.is_empty() {
        return name.to_vec();
    }
    [prefix, b"/", name].concat()
}
