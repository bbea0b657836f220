//! The text of a file: read within bounds, parsed, and its lines counted.

use std::ops::Range;
use std::path::Path;

use hcl_edit::structure::Body;
use stance_model::bounded;

use super::{MAX_BRACKETS, MAX_FILE};
use crate::terraform::error::TerraformError;

/// A parsed file.
#[derive(Debug)]
pub(super) struct Text {
    /// Its path as it is shown.
    pub(super) path: String,
    /// The bytes at which lines begin.
    lines: Vec<usize>,
    /// What it holds.
    pub(super) body: Body,
}

impl Text {
    /// Reads and parses a file.
    pub(super) fn read(path: &Path) -> Result<Self, TerraformError> {
        let text = bounded::read_text(path, MAX_FILE).map_err(|error| {
            if error.kind() == std::io::ErrorKind::FileTooLarge {
                TerraformError::TooLarge { limit: MAX_FILE }
            } else {
                TerraformError::Io(error)
            }
        })?;
        Self::parse(path.display().to_string(), &text)
    }

    /// Parses the text of a file.
    pub(super) fn parse(path: String, text: &str) -> Result<Self, TerraformError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        if nests_deeper(text) {
            return Err(TerraformError::TooMany {
                limit: MAX_BRACKETS,
                unit: "levels of nesting",
            });
        }
        let body = hcl_edit::parser::parse_body(text).map_err(|error| TerraformError::Hcl {
            file: path.clone(),
            line: u32::try_from(error.location().line()).unwrap_or(u32::MAX),
            why: error
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        })?;
        Ok(Self { path, lines, body })
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, span: Option<Range<usize>>) -> u32 {
        let at = span.map_or(0, |span| span.start);
        let line = self.lines.partition_point(|start| *start <= at);
        u32::try_from(line.max(1)).unwrap_or(u32::MAX)
    }
}

/// Whether brackets may nest too deeply for the parser, which calls itself for each; those in texts count, too. The
/// same holds for rows of `!` and `-`, and for conditions within conditions.
fn nests_deeper(text: &str) -> bool {
    let (mut depth, mut signs, mut conditions) = (0_usize, 0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'?' => conditions += 1,
            _ => {}
        }
        signs = match byte {
            b'!' | b'-' => signs + 1,
            b' ' | b'\t' => signs,
            _ => 0,
        };
        if depth > MAX_BRACKETS || signs > MAX_BRACKETS || conditions > MAX_BRACKETS * 100 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let text = Text::parse("a.tf".into(), "a = 1\n\nb = 2\n").unwrap();
        let spans: Vec<u32> = [0..1, 7..8].map(|span| text.line(Some(span))).into();
        assert_eq!(spans, [1, 3]);
    }

    #[test]
    fn what_would_exhaust_the_parser_is_refused() {
        for hostile in [
            "[".repeat(10_000),
            format!("a = {}1", "!".repeat(10_000)),
            format!("a = {}1", "true ? 1 : ".repeat(20_000)),
        ] {
            assert!(Text::parse("a.tf".into(), &hostile).is_err());
        }
    }
}
