//! Configuration files and what they include, within a budget of files and bytes.

use std::borrow::Cow;

use stance_model::{Reason, ReasonKind};

use super::wants::{self, Wants};
use crate::root::{FileRef, Kind, Lookup, Place, Root};

/// How deeply files may include each other.
pub(super) const MAX_DEPTH: usize = 16;
/// How many files one reader opens.
const MAX_FILES: usize = 512;
/// How many bytes one reader reads, files that are read twice counted twice.
const MAX_BYTES: usize = 8 << 20;
/// How many copies of the same file one reader looks at, such as `redis.conf` in several folders.
const MAX_COPIES: usize = 16;

/// A file that was read.
#[derive(Debug, Clone)]
pub(super) struct Doc<'r> {
    file: FileRef<'r>,
    /// Its text; bytes that are no UTF-8 are replaced.
    pub(super) text: Cow<'r, str>,
}

impl Doc<'_> {
    /// Where it is.
    pub(super) fn path(&self) -> String {
        self.file.path()
    }

    /// The place of a line (from 1; 0 for the whole file).
    pub(super) fn at(&self, line: usize, what: impl Into<String>) -> Place {
        let line = u64::try_from(line).ok().filter(|line| *line > 0);
        self.file.place(line, what)
    }
}

/// Opens files for one reader.
#[derive(Debug)]
pub(super) struct Files<'r> {
    root: &'r Root,
    wants: Wants,
    files: usize,
    bytes: usize,
}

impl<'r> Files<'r> {
    /// With the whole budget.
    pub(super) fn new(root: &'r Root, wants: &'static [&'static str]) -> Self {
        Self {
            root,
            wants: Wants(wants),
            files: MAX_FILES,
            bytes: MAX_BYTES,
        }
    }

    /// The file at a path; none when there is no regular file.
    ///
    /// # Errors
    /// It could not be read or was not kept.
    pub(super) fn open(&mut self, path: &str) -> Result<Option<Doc<'r>>, Reason> {
        match self.root.look(path) {
            Lookup::Found(file) if file.entry().kind == Kind::File => self.doc(file).map(Some),
            Lookup::Found(_) | Lookup::Missing => Ok(None),
            Lookup::Unknown(reason) => Err(reason),
        }
    }

    /// The first of several files that is there.
    pub(super) fn first(&mut self, paths: &[&str]) -> Result<Option<Doc<'r>>, Reason> {
        for path in paths {
            if let Some(doc) = self.open(path)? {
                return Ok(Some(doc));
            }
        }
        Ok(None)
    }

    /// The files that a shell pattern names, in the order of their names.
    ///
    /// # Errors
    /// One could not be read, or lies where the tree does not keep everything.
    pub(super) fn glob(&mut self, pattern: &str) -> Result<Vec<Doc<'r>>, Reason> {
        if !pattern.contains(['*', '?', '[']) {
            return Ok(self.open(pattern)?.into_iter().collect());
        }
        self.spend(0)?;
        if !self.wants.cover(pattern) && self.has_folder_of(pattern) {
            return Err(not_kept(pattern));
        }
        if let Some(reason) = self.led_away(pattern) {
            return Err(reason);
        }
        let found = self.root.glob(pattern)?;
        found.into_iter().map(|file| self.doc(file)).collect()
    }

    /// Whether there is, or may be, a folder in which a pattern names files.
    fn has_folder_of(&self, pattern: &str) -> bool {
        let plain = pattern.split(['*', '?', '[']).next().unwrap_or_default();
        !matches!(self.root.look(folder_of(plain)), Lookup::Missing)
    }

    /// Why a link that a pattern names cannot be followed.
    fn led_away(&self, pattern: &str) -> Option<Reason> {
        let pattern = pattern.trim_start_matches('/');
        let start = pattern.split(['*', '?', '[']).next().unwrap_or_default();
        let start = start.as_bytes();
        let below = self.root.entries.range(start.to_vec()..);
        let links = below
            .take_while(|(path, _)| path.starts_with(start))
            .filter(|(_, entry)| matches!(entry.kind, Kind::Link(_)));
        let names = links.filter_map(|(path, _)| std::str::from_utf8(path).ok());
        let mut named = names.filter(|path| wants::is_like(pattern, path));
        named.find_map(|path| match self.root.look(path) {
            Lookup::Unknown(reason) => Some(reason),
            _ => None,
        })
    }

    /// The files of a folder whose name ends so, in the order of their names.
    pub(super) fn folder(&mut self, dir: &str, end: &str) -> Result<Vec<Doc<'r>>, Reason> {
        self.glob(&format!("{}/*{end}", dir.trim_end_matches('/')))
    }

    /// Files of this name in any folder of the tree; examples and templates that packages bring are left out.
    pub(super) fn named(&mut self, name: &str) -> Result<Vec<Doc<'r>>, Reason> {
        let found: Vec<FileRef<'r>> = self
            .root
            .entries()
            .filter(|file| file.entry().kind == Kind::File && is_live(&file.path(), name))
            .take(MAX_COPIES + 1)
            .collect();
        if found.len() > MAX_COPIES {
            return Err(over(format!("more than {MAX_COPIES} files {name}")));
        }
        found.into_iter().map(|file| self.doc(file)).collect()
    }

    fn doc(&mut self, file: FileRef<'r>) -> Result<Doc<'r>, Reason> {
        let bytes = file.bytes()?;
        self.spend(bytes.len())?;
        let text = String::from_utf8_lossy(bytes);
        Ok(Doc { file, text })
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Reason> {
        let files = self.files.checked_sub(1);
        let bytes = self.bytes.checked_sub(bytes);
        let (Some(files), Some(bytes)) = (files, bytes) else {
            return Err(over("the configuration includes too many files or bytes"));
        };
        (self.files, self.bytes) = (files, bytes);
        Ok(())
    }
}

/// Whether a path is a configuration in use, and no example of a package.
fn is_live(path: &str, name: &str) -> bool {
    let named = path.rsplit('/').next() == Some(name);
    named
        && !["/usr/share/", "/usr/lib/", "/usr/src/", "/var/lib/dpkg/"]
            .iter()
            .any(|dir| path.starts_with(dir))
}

/// The path that an include names, relative ones below `dir`.
pub(super) fn below(dir: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    format!("{}/{path}", dir.trim_end_matches('/'))
}

/// The folder of a path.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// A reason: it is not known whether there is such a file.
fn not_kept(path: &str) -> Reason {
    let path: String = path.chars().take(200).collect();
    Reason::new(
        ReasonKind::NotCollected,
        format!("{path}, which the configuration names, was not kept"),
    )
}

/// A reason: more than the budget.
pub(super) fn over(what: impl Into<String>) -> Reason {
    Reason::new(ReasonKind::Budget, what)
}

/// A reason: a file that does not have the form of its kind.
pub(super) fn malformed(doc: &Doc<'_>, why: &str) -> Reason {
    Reason::new(
        ReasonKind::TypeMismatch,
        format!("{} is not readable: {why}", doc.path()),
    )
}

/// Holds includes to their depth.
pub(super) fn deeper(depth: usize) -> Result<usize, Reason> {
    if depth >= MAX_DEPTH {
        return Err(over("files include each other too deeply"));
    }
    Ok(depth + 1)
}
