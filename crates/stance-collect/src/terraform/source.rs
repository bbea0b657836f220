//! The text of a Terraform file, and where in it something stands.

use serde::de::DeserializeOwned;
use sonic_rs::LazyValue;

use super::error::TerraformError;

/// The text of a file. Pieces of it are read one by one, each with the line on which it begins.
pub(super) struct Source<'a> {
    text: &'a str,
    /// How many lines end before each block of the text, so that the line of a place is found without counting from
    /// the beginning.
    before: Vec<u32>,
}

/// Bytes of a block.
const BLOCK: usize = 4_096;

/// A piece of the file: one JSON value, not yet parsed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    text: &'a str,
    /// Bytes before it.
    offset: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut ends = 0;
        let count = |block| {
            let before = ends;
            ends += line_ends(block);
            before
        };
        let before = text.as_bytes().chunks(BLOCK).map(count).collect();
        Self { text, before }
    }

    /// The whole file.
    pub(super) fn root(&self) -> Piece<'a> {
        Piece {
            text: self.text,
            offset: 0,
        }
    }

    /// The line on which a piece begins, from 1.
    pub(super) fn line(&self, piece: &Piece<'_>) -> u32 {
        let block = piece.offset / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..piece.offset);
        let before = self.before.get(block).copied().unwrap_or_default();
        before
            .saturating_add(line_ends(rest.unwrap_or_default()))
            .saturating_add(1)
    }

    /// Parses a piece.
    pub(super) fn parse<T: DeserializeOwned>(
        &self,
        piece: &Piece<'_>,
    ) -> Result<T, TerraformError> {
        serde_json::from_str(piece.text).map_err(|error| {
            let within = u32::try_from(error.line().saturating_sub(1)).unwrap_or(u32::MAX);
            TerraformError::Broken {
                line: self.line(piece).saturating_add(within),
                why: kind_of(&error).to_owned(),
            }
        })
    }

    /// The elements of an array.
    pub(super) fn items(&self, array: &Piece<'a>) -> Result<Vec<Piece<'a>>, TerraformError> {
        let mut items = Vec::new();
        for item in sonic_rs::to_array_iter(array.text) {
            let item = item.map_err(|_| self.broken(array, "a list is expected here"))?;
            items.extend(array.within(&item));
        }
        Ok(items)
    }

    /// The values of some members of an object, in the order asked for; of one given twice, the last.
    pub(super) fn members<const N: usize>(
        &self,
        object: &Piece<'a>,
        names: [&str; N],
    ) -> Result<[Option<Piece<'a>>; N], TerraformError> {
        let mut found = [None; N];
        for member in sonic_rs::to_object_iter(object.text) {
            let (key, value) =
                member.map_err(|_| self.broken(object, "an object is expected here"))?;
            let wanted = names.iter().position(|name| *name == &*key);
            if let Some(slot) = wanted.and_then(|at| found.get_mut(at)) {
                *slot = object.within(&value);
            }
        }
        Ok(found.map(|piece| piece.filter(|p| p.text.trim() != "null")))
    }

    /// An error at a piece.
    pub(super) fn broken(&self, piece: &Piece<'_>, why: &str) -> TerraformError {
        TerraformError::Broken {
            line: self.line(piece),
            why: why.to_owned(),
        }
    }
}

impl<'a> Piece<'a> {
    /// The piece of a value that was found in this one.
    fn within(&self, value: &LazyValue<'_>) -> Option<Self> {
        // What was found is a part of the same text, so that its place says how far into it the value begins.
        let start =
            (value.as_raw_str().as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let text = self.text.get(start..start + value.as_raw_str().len())?;
        Some(Self {
            text,
            offset: self.offset + start,
        })
    }
}

/// How many lines end in these bytes.
fn line_ends(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

/// What the parser did not like, without the piece of the file that its own sentence may quote.
fn kind_of(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "the file ends too early",
        serde_json::error::Category::Data => "a value has another type than expected",
        _ => "it is no valid JSON, or nests too deeply",
    }
}
