//! One form of a secret, ready to use.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use stance_model::secret::SecretForm;

use super::glob::Globs;

/// How far before its literal a match may begin, bytes.
const BACK: usize = 256;
/// The same for names, whose match is one setting.
const BACK_NAMED: usize = 64;
/// How far after its literal the value of a name may end.
const AHEAD_NAMED: usize = 512;
/// How far [`SecretForm::then`] is looked for.
const THEN: usize = 64;
/// The most bytes that `near_bytes` may be.
pub(super) const NEAR_MOST: usize = 512;
/// How many matches are tried around one literal until one holds it.
const TRIES: usize = 8;

/// A compiled form.
#[derive(Debug)]
pub(super) struct Form {
    /// The rule, as its place.
    pub(super) rule: usize,
    /// The rule's id.
    pub(super) rank: i64,
    /// It is found by a name and not by the secret's own shape.
    pub(super) named: bool,
    /// It is looked for in text only.
    pub(super) text: bool,
    then: Vec<u8>,
    pattern: Regex,
    grouped: bool,
    /// The least entropy of its value.
    pub(super) entropy: f64,
    near: Option<Regex>,
    near_bytes: usize,
    /// Where alone it is looked for.
    pub(super) only: Option<Globs>,
}

impl Form {
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new((rule, rank): (usize, i64), form: &SecretForm) -> Result<Self, String> {
        if form.literals.is_empty() || form.literals.iter().any(|l| !(3..=64).contains(&l.len())) {
            return Err("each form needs literals of 3 to 64 bytes".to_owned());
        }
        if form.near_bytes > NEAR_MOST {
            return Err(format!("`near_bytes` is at most {NEAR_MOST}"));
        }
        let pattern = expression(&form.pattern)?;
        Ok(Self {
            rule,
            rank,
            named: form.ignore_case,
            text: form.text || form.ignore_case,
            then: form.then.clone().into_bytes(),
            grouped: pattern
                .capture_names()
                .flatten()
                .any(|name| name == "value"),
            pattern,
            entropy: form.entropy,
            near: (!form.near.is_empty())
                .then(|| expression(&form.near))
                .transpose()?,
            near_bytes: form.near_bytes,
            only: Globs::new(&form.only).map_err(|why| short(&why))?,
        })
    }

    /// Whether what must follow the literal does: after a name at once, but for the rest of the name, quotes, brackets
    /// and blanks; else anywhere near in the line.
    pub(super) fn followed(&self, window: &[u8], end: usize) -> bool {
        if self.then.is_empty() {
            return true;
        }
        let after = window.get(end..).unwrap_or_default();
        let after = after.get(..THEN).unwrap_or(after);
        if self.named {
            let rest = after.iter().position(|byte| !is_name(*byte));
            let mut rest = after.get(rest.unwrap_or(THEN)..).unwrap_or_default().iter();
            let next = rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b']' | b')'));
            return next.is_some_and(|byte| self.then.contains(byte));
        }
        let mut line = after.iter().take_while(|byte| **byte != b'\n');
        line.any(|byte| self.then.contains(byte))
    }

    /// The value of the match that holds the literal.
    pub(super) fn value(&self, window: &[u8], literal: &Range<usize>) -> Option<Range<usize>> {
        let (back, haystack) = self.haystack(window, literal);
        let mut at = literal.start.saturating_sub(back);
        for _ in 0..TRIES {
            let found = self.pattern.find_at(haystack, at)?;
            if found.start() > literal.start {
                return None;
            }
            if found.end() >= literal.end {
                return self.group(haystack, found.range());
            }
            at = found.start() + 1;
        }
        None
    }

    /// What the pattern sees: a name its own line, everything else the window.
    fn haystack<'w>(&self, window: &'w [u8], literal: &Range<usize>) -> (usize, &'w [u8]) {
        if !self.named {
            return (BACK, window);
        }
        let before = window.get(..literal.start).unwrap_or_default();
        let line = before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count();
        let after = window.get(literal.end..).unwrap_or_default();
        let most = after.get(..AHEAD_NAMED).unwrap_or(after);
        let length = memchr::memchr(b'\n', most).unwrap_or(most.len());
        let haystack = window.get(..literal.end + length).unwrap_or(window);
        (line.min(BACK_NAMED), haystack)
    }

    fn group(&self, haystack: &[u8], found: Range<usize>) -> Option<Range<usize>> {
        if !self.grouped {
            return Some(found);
        }
        let captures = self.pattern.captures_at(haystack, found.start)?;
        Some(captures.name("value")?.range())
    }

    /// Whether the context that is asked for stands before or after the value.
    pub(super) fn near(&self, window: &[u8], value: &Range<usize>) -> bool {
        let Some(near) = &self.near else { return true };
        let from = value.start.saturating_sub(self.near_bytes);
        let to = value.end.saturating_add(self.near_bytes).min(window.len());
        let side =
            |range: Range<usize>| window.get(range).is_some_and(|bytes| near.is_match(bytes));
        side(from..value.start) || side(value.end..to)
    }
}

/// Whether a byte may stand in the name of a setting.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// A regular expression over bytes, its size bounded; `^` and `$` stand for the ends of lines.
pub(super) fn expression(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .multi_line(true)
        .size_limit(1 << 20)
        .dfa_size_limit(256 << 10)
        .build()
        .map_err(|why| short(&why))
}

/// The last line of a complaint, which says what is wrong; the lines before draw the pattern.
fn short(why: &regex::Error) -> String {
    let text = why.to_string();
    text.lines().last().unwrap_or_default().trim().to_owned()
}
