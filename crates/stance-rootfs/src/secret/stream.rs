//! A file in chunks of any size.
//!
//! INVARIANT: a literal at offset `p` is judged with exactly the bytes `p - BEFORE .. p + AFTER` of the file (cut at its
//! ends), so the hits do not depend on the chunks. The tail of the file so far is kept for that; the middle of a large
//! chunk is searched where it lies, without a copy.

use super::form::Form;
use super::found::{Found, Raw};
use super::hit::SecretHit;
use super::measure::{hash, mask};
use super::needle::Scope;
use super::scanner::SecretScanner;

/// What is seen before a literal, bytes.
const BEFORE: usize = 1024;
/// What is seen from the beginning of a literal on.
const AFTER: usize = 3072;
/// What is kept of the file so far.
const TAIL: usize = BEFORE + AFTER;
/// Chunks of at most this are gathered.
const SMALL: usize = 4 * TAIL;
/// A file is binary if there is a zero byte in its first bytes.
const HEAD: u64 = 4096;

/// Files that are scanned one after the other: [`begin`](Self::begin), [`feed`](Self::feed) in chunks of any size,
/// [`finish`](Self::finish).
#[derive(Debug)]
pub struct SecretStream<'s> {
    scanner: &'s SecretScanner,
    path: Vec<u8>,
    /// The last bytes of the file so far.
    tail: Vec<u8>,
    /// Where the tail begins, and the newlines before it.
    base: u64,
    lines: u64,
    /// Literals that begin before this have been judged.
    settled: u64,
    binary: bool,
    /// Whether names are looked for in this file; none: nobody has asked yet.
    names: Option<bool>,
    /// `NAME=` where the path gives the name of a variable: it stands before what is fed.
    name: Vec<u8>,
    /// How much of what was searched was not fed.
    unfed: u64,
    found: Found,
    more: Vec<(usize, u64)>,
}

/// A part of the file in memory.
#[derive(Clone, Copy)]
struct Part<'b> {
    bytes: &'b [u8],
    base: u64,
    lines: u64,
}

impl<'s> SecretStream<'s> {
    pub(super) fn new(scanner: &'s SecretScanner) -> Self {
        Self {
            scanner,
            path: Vec::new(),
            tail: Vec::new(),
            base: 0,
            lines: 0,
            settled: 0,
            binary: false,
            names: None,
            name: Vec::new(),
            unfed: 0,
            found: Found::default(),
            more: Vec::new(),
        }
    }

    /// A file begins; what was fed before and not finished is forgotten. The path may have its leading slash. After
    /// `config:Env/NAME` or `config:Labels/NAME` the value is fed, or `NAME=value`.
    pub fn begin(&mut self, path: &[u8]) {
        let path = path.strip_prefix(b"/").unwrap_or(path);
        self.path.clear();
        self.path.extend_from_slice(path);
        self.tail.clear();
        (self.base, self.lines, self.settled, self.unfed) = (0, 0, 0, 0);
        (self.binary, self.names) = (false, None);
        self.found = Found::default();
        self.name.clear();
        let name = path.strip_prefix(b"config:Env/");
        if let Some(name) = name.or_else(|| path.strip_prefix(b"config:Labels/")) {
            self.name.extend_from_slice(name);
            self.name.push(b'=');
        }
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8]) {
        if !self.name.is_empty() {
            let name = std::mem::take(&mut self.name);
            if !chunk.starts_with(&name) {
                self.unfed = name.len() as u64;
                self.take(&name);
            }
        }
        self.take(chunk);
    }

    fn take(&mut self, chunk: &[u8]) {
        let known = self.base + self.tail.len() as u64;
        if known < HEAD && !self.binary {
            let open = usize::try_from(HEAD - known).unwrap_or(usize::MAX);
            self.binary = memchr::memchr(0, chunk.get(..open).unwrap_or(chunk)).is_some();
        }
        if chunk.len() > SMALL {
            self.large(chunk);
        } else {
            self.tail.extend_from_slice(chunk);
            if self.tail.len() > 2 * SMALL {
                let end = self.base + self.tail.len() as u64;
                self.settle_tail(end.saturating_sub(AFTER as u64));
            }
        }
    }

    /// A chunk of which only the ends are copied.
    fn large(&mut self, chunk: &[u8]) {
        let mut joined = std::mem::take(&mut self.tail);
        let border = self.base + joined.len() as u64;
        let lines = self.lines + self.newlines(&joined);
        let old = joined.len();
        joined.extend_from_slice(chunk.get(..TAIL).unwrap_or(chunk));
        let seam = Part {
            bytes: &joined,
            base: self.base,
            lines: self.lines,
        };
        self.scan(seam, border + BEFORE as u64);
        let part = Part {
            bytes: chunk,
            base: border,
            lines,
        };
        let end = border + chunk.len() as u64;
        self.scan(part, end - AFTER as u64);
        let (gone, kept) = chunk.split_at(chunk.len() - TAIL);
        self.base = end - TAIL as u64;
        self.lines = lines + self.newlines(gone);
        joined.truncate(old);
        joined.clear();
        joined.extend_from_slice(kept);
        self.tail = joined;
    }

    /// Judges what is in the tail up to `to` and forgets what is no longer seen.
    fn settle_tail(&mut self, to: u64) {
        let mut tail = std::mem::take(&mut self.tail);
        self.scan(
            Part {
                bytes: &tail,
                base: self.base,
                lines: self.lines,
            },
            to,
        );
        let gone = tail.len().saturating_sub(TAIL);
        self.lines += self.newlines(tail.get(..gone).unwrap_or_default());
        self.base += gone as u64;
        tail.drain(..gone);
        self.tail = tail;
    }

    /// The file is at its end: its hits are added, in the order of their places.
    pub fn finish(&mut self, hits: &mut Vec<SecretHit>) {
        self.settle_tail(u64::MAX);
        self.more = self.found.take(self.binary, hits);
    }

    /// By rule, how many hits of the file just finished were not kept; at least. Eight of a rule and file are kept.
    pub fn more(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        self.more.iter().copied()
    }

    /// Newlines, for line numbers, which binary files do not have.
    fn newlines(&self, bytes: &[u8]) -> u64 {
        if self.binary {
            0
        } else {
            memchr::memchr_iter(b'\n', bytes).count() as u64
        }
    }

    /// What is looked for in this file.
    fn scope(&mut self) -> Scope {
        if self.binary {
            Scope::Anywhere
        } else if self.names() {
            Scope::Named
        } else {
            Scope::Text
        }
    }

    /// Whether names are looked for in this file; asked once, since the answer costs as much as a page of search.
    fn names(&mut self) -> bool {
        *self
            .names
            .get_or_insert_with(|| self.scanner.names_in(&self.path))
    }

    /// Judges every literal that begins before `to` and has not been judged.
    fn scan(&mut self, part: Part<'_>, to: u64) {
        let local = |at: u64| {
            let at = at.saturating_sub(part.base);
            usize::try_from(at)
                .unwrap_or(usize::MAX)
                .min(part.bytes.len())
        };
        let (from, until) = (local(self.settled), local(to));
        let scanner = self.scanner;
        let scope = self.scope();
        scanner
            .needles
            .find(part.bytes, from, until, scope, |literal, at| {
                self.judge(part, literal, at);
            });
        self.settled = self.settled.max(part.base + until as u64);
    }

    /// Judges one literal by each of its forms.
    fn judge(&mut self, part: Part<'_>, literal: usize, at: usize) {
        let scanner = self.scanner;
        let Some(owner) = scanner.owners.get(literal) else {
            return;
        };
        let start = at.saturating_sub(BEFORE);
        let end = at.saturating_add(AFTER).min(part.bytes.len());
        let window = part.bytes.get(start..end).unwrap_or_default();
        let place = at - start..at - start + owner.length;
        for form in owner.forms.iter().filter_map(|form| scanner.form(*form)) {
            if !form.followed(window, place.end) {
                continue;
            }
            let Some(value) = form.value(window, &place) else {
                continue;
            };
            if scanner.accepts(form, &self.path, window, &value) {
                let bytes = window.get(value.clone()).unwrap_or_default();
                let from = part.base + (start + value.start) as u64;
                self.keep(part, form, from, bytes);
            }
        }
    }

    /// Notes a secret.
    fn keep(&mut self, part: Part<'_>, form: &Form, from: u64, value: &[u8]) {
        let (rule, named) = (form.rule, form.named);
        let start = from.saturating_sub(self.unfed);
        let end = start + value.len() as u64;
        if !self.found.wants(rule, start, end) {
            return;
        }
        let before = usize::try_from(from - part.base).unwrap_or(usize::MAX);
        let line = part.lines + self.newlines(part.bytes.get(..before).unwrap_or_default()) + 1;
        let hit = SecretHit {
            rule,
            line: (!self.binary).then_some(line),
            start,
            end,
            masked: mask(value, named),
            hash: hash(value),
        };
        self.found.add(Raw {
            hit,
            named,
            rank: form.rank,
            text: form.text,
        });
    }
}
