//! Readers of foreign bytes, bounded in size.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

/// Reads a whole file of at most `limit` bytes as text.
///
/// # Errors
/// The error of the file system; `FileTooLarge` when the file is longer; `InvalidData` when it is not UTF-8.
#[expect(
    clippy::disallowed_methods,
    reason = "the reader is limited right here"
)]
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_string(&mut text)?;
    if text.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("larger than {limit} bytes"),
        ));
    }
    Ok(text)
}

/// Lines of a reader, each of at most `limit` bytes; reads on after a line that is too long.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    limit: usize,
    number: u64,
    terminated: bool,
}

/// One line of [`Lines`].
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// The line, in the buffer given, without its end.
    Whole,
    /// The line was longer than the limit; its rest was skipped.
    TooLong,
    /// There is no further line.
    End,
}

impl<R: BufRead> Lines<R> {
    /// Lines of `reader`, each of at most `limit` bytes.
    pub fn new(reader: R, limit: usize) -> Self {
        Self {
            reader,
            limit,
            number: 0,
            terminated: false,
        }
    }

    /// The number of the line last read, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line last read ended in a line end, and not with the input.
    pub fn terminated(&self) -> bool {
        self.terminated
    }

    /// Reads the next line into `buffer`, which is cleared first.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read(&mut self, buffer: &mut Vec<u8>) -> io::Result<Line> {
        buffer.clear();
        self.terminated = false;
        let mut started = false;
        let mut too_long = false;
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(if started {
                    self.finish(buffer, too_long)
                } else {
                    Line::End
                });
            }
            started = true;
            let newline = memchr::memchr(b'\n', chunk);
            let taken = newline.map_or(chunk.len(), |at| at + 1);
            let text = chunk
                .get(..newline.unwrap_or(chunk.len()))
                .unwrap_or_default();
            if buffer.len() + text.len() > self.limit {
                too_long = true;
                buffer.clear();
            } else if !too_long {
                buffer.extend_from_slice(text);
            }
            self.reader.consume(taken);
            if newline.is_some() {
                self.terminated = true;
                return Ok(self.finish(buffer, too_long));
            }
        }
    }

    fn finish(&mut self, buffer: &mut Vec<u8>, too_long: bool) -> Line {
        self.number += 1;
        if too_long {
            return Line::TooLong;
        }
        if buffer.last() == Some(&b'\r') {
            buffer.pop();
        }
        Line::Whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_skipped_and_the_next_is_read() {
        let mut lines = Lines::new(&b"ab\r\nabcdefgh\n\ncd"[..], 4);
        let mut buffer = Vec::new();
        let mut seen = Vec::new();
        loop {
            match lines.read(&mut buffer).unwrap() {
                Line::End => break,
                line => seen.push((lines.number(), line, buffer.clone())),
            }
        }
        assert_eq!(
            seen,
            [
                (1, Line::Whole, b"ab".to_vec()),
                (2, Line::TooLong, vec![]),
                (3, Line::Whole, vec![]),
                (4, Line::Whole, b"cd".to_vec()),
            ]
        );
    }
}
