//! Decompression. What a blob is shows in its first bytes, whatever its media type says.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// What begins a frame that a zstd decoder skips: one of sixteen.
const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

/// A blob that is being decompressed.
pub(crate) enum Decoder<R: BufRead> {
    /// Not compressed.
    Plain(R),
    /// One or more gzip members.
    Gzip(Gzip<R>),
    /// One or more zstd frames.
    Zstd(Box<zstd::stream::read::Decoder<'static, R>>),
}

impl<R: BufRead> Decoder<R> {
    /// Looks at the first bytes. A zstd frame may want a window of at most `window_bytes`.
    ///
    /// # Errors
    /// The bytes cannot be had.
    pub(crate) fn open(mut input: R, window_bytes: u64) -> io::Result<Self> {
        let start = input.fill_buf()?;
        if start.starts_with(GZIP) {
            return Ok(Self::Gzip(Gzip::Member(Box::new(GzDecoder::new(input)))));
        }
        if start.starts_with(ZSTD) || start.get(1..4) == Some(SKIPPABLE) {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
            decoder.window_log_max(window_bytes.max(1024).ilog2())?;
            return Ok(Self::Zstd(Box::new(decoder)));
        }
        Ok(Self::Plain(input))
    }

    /// The blob.
    pub(crate) fn get_mut(&mut self) -> Option<&mut R> {
        match self {
            Self::Plain(input) => Some(input),
            Self::Gzip(gzip) => gzip.get_mut(),
            Self::Zstd(decoder) => Some(decoder.get_mut()),
        }
    }

    /// The blob, when all was decompressed.
    pub(crate) fn into_inner(self) -> Option<R> {
        match self {
            Self::Plain(input) => Some(input),
            Self::Gzip(gzip) => gzip.into_inner(),
            Self::Zstd(decoder) => Some(decoder.finish()),
        }
    }
}

impl<R: BufRead> Read for Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(out),
            Self::Gzip(gzip) => gzip.read(out),
            Self::Zstd(decoder) => decoder.read(out),
        }
    }
}

/// Goes forward in a stream.
///
/// # Errors
/// It cannot be read, or ends before.
pub(crate) fn copy_away(input: &mut impl Read, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut input.take(bytes), &mut io::sink())?;
    if skipped < bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// Gzip members one after the other, zeros after the last one.
pub(crate) enum Gzip<R: BufRead> {
    /// Within a member.
    Member(Box<GzDecoder<R>>),
    /// After the last one.
    Over(R),
    /// Between two states; never seen from outside.
    Between,
}

impl<R: BufRead> Gzip<R> {
    fn get_mut(&mut self) -> Option<&mut R> {
        match self {
            Self::Member(decoder) => Some(decoder.get_mut()),
            Self::Over(input) => Some(input),
            Self::Between => None,
        }
    }

    fn into_inner(self) -> Option<R> {
        match self {
            Self::Member(decoder) => Some(decoder.into_inner()),
            Self::Over(input) => Some(input),
            Self::Between => None,
        }
    }

    /// From the end of a member to the next one, or to the end.
    fn next_member(&mut self) -> io::Result<()> {
        let Self::Member(decoder) = std::mem::replace(self, Self::Between) else {
            return Ok(());
        };
        let mut input = decoder.into_inner();
        let start = input.fill_buf()?;
        if start.first() == GZIP.first() {
            *self = Self::Member(Box::new(GzDecoder::new(input)));
            return Ok(());
        }
        let junk = skip_zeros(&mut input)?;
        *self = Self::Over(input);
        if junk {
            let message = "there is something that is not gzip after its last member";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while let Self::Member(decoder) = self {
            let got = decoder.read(out)?;
            if got > 0 {
                return Ok(got);
            }
            self.next_member()?;
        }
        Ok(0)
    }
}

/// Skips zeros, which some writers pad with; true: something else follows.
fn skip_zeros<R: BufRead>(input: &mut R) -> io::Result<bool> {
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(false);
        }
        if chunk.iter().any(|byte| *byte != 0) {
            return Ok(true);
        }
        let zeros = chunk.len();
        input.consume(zeros);
    }
}
