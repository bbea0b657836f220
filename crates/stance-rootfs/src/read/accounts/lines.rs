//! What the readers of this group share: opening files, their lines, lists that do not grow without end.

use std::borrow::Cow;

use serde_json::Value;
use stance_model::{Reason, ReasonKind};

use crate::read::Fact;
use crate::root::{FileRef, Lookup, Root};

/// The most bytes of a line that are looked at; the rest is cut off.
const LINE: usize = 4_096;

/// The most characters of a `what`.
const WHAT: usize = 200;

/// The most elements of a list.
pub(super) const MOST: usize = 5_000;

/// What a reader makes: the facts, nothing where what it reads is not there, or why it could not be read.
pub(super) type Facts = Result<Option<Value>, Reason>;

/// The fact that a reader reports.
pub(super) fn fact(facts: Facts) -> Fact {
    match facts {
        Ok(Some(value)) => Fact::Present(value),
        Ok(None) => Fact::Absent,
        Err(reason) => Fact::Unknown(reason),
    }
}

/// The file at a path; none where there is none.
pub(super) fn open<'r>(root: &'r Root, path: &str) -> Result<Option<FileRef<'r>>, Reason> {
    match root.look(path) {
        Lookup::Found(file) => Ok(Some(file)),
        Lookup::Missing => Ok(None),
        Lookup::Unknown(reason) => Err(reason),
    }
}

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line<'r> {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its text, without its end.
    pub(super) text: Cow<'r, str>,
}

/// The lines of a file; bytes that are no UTF-8 are replaced.
pub(super) fn lines<'r>(
    file: &FileRef<'r>,
) -> Result<impl Iterator<Item = Line<'r>> + use<'r>, Reason> {
    let bytes = file.bytes()?;
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
    Ok(lines.map(|(bytes, number)| {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let bytes = bytes.get(..LINE).unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes);
        Line { number, text }
    }))
}

/// The lines that hold something: trimmed, without empty ones and comments.
pub(super) fn settings<'r>(
    file: &FileRef<'r>,
) -> Result<impl Iterator<Item = (u64, String)> + use<'r>, Reason> {
    let kept = lines(file)?.filter_map(|line| {
        let text = line.text.trim();
        let keep = !text.is_empty() && !text.starts_with('#');
        keep.then(|| (line.number, text.to_owned()))
    });
    Ok(kept)
}

/// A place as facts carry it.
pub(super) fn at(file: &FileRef<'_>, line: Option<u64>, what: &str) -> Value {
    serde_json::to_value(file.place(line, shown(what))).unwrap_or_default()
}

/// A text for people: of bounded length, control characters replaced.
pub(super) fn shown(text: &str) -> String {
    let clean = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut shown: String = clean.clone().take(WHAT).collect();
    if clean.count() > WHAT {
        shown.push('…');
    }
    shown
}

/// A list of a fact.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<Value>,
    over: bool,
}

impl Rows {
    /// Adds an element, or notes that there are too many.
    pub(super) fn push(&mut self, row: Value) {
        if self.rows.len() < MOST {
            self.rows.push(row);
        } else {
            self.over = true;
        }
    }

    /// Whether there are too many elements, so that there is no use in going on.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// The list.
    ///
    /// # Errors
    /// There were too many elements: what is left out could change any verdict.
    pub(super) fn finish(self, what: &str) -> Result<Value, Reason> {
        if self.over {
            return Err(too_many(what));
        }
        Ok(Value::Array(self.rows))
    }
}

/// The reason when a file has more lines of a kind than are taken.
pub(super) fn too_many(what: &str) -> Reason {
    Reason::new(ReasonKind::Budget, format!("more than {MOST} {what}"))
}

/// The last segment of a path.
pub(super) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether others may write to it: the mode says so for the group (unless it is root's) or for all.
pub(super) fn writable(file: &FileRef<'_>) -> bool {
    let entry = file.entry();
    let group = entry.mode & 0o020 != 0 && entry.gid != 0;
    entry.uid != 0 || group || entry.mode & 0o002 != 0
}
