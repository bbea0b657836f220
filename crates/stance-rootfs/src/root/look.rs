//! Looking into the tree: links are followed inside the root only.

use stance_model::{Reason, ReasonKind};

use super::{Content, Entry, Kind, Place, Root, glob};

/// How many links are followed before it is taken to be a loop, as on Linux.
const HOPS: usize = 40;

/// What is at a path.
#[derive(Debug, Clone)]
pub enum Lookup<'r> {
    /// It is there.
    Found(FileRef<'r>),
    /// It is not there, and the whole tree was read.
    Missing,
    /// It is not known whether it is there.
    Unknown(Reason),
}

/// A path that is there.
#[derive(Debug, Clone)]
pub struct FileRef<'r> {
    root: &'r Root,
    path: Vec<u8>,
    entry: &'r Entry,
}

impl<'r> FileRef<'r> {
    /// Where it really is, with its leading slash, links resolved; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}", String::from_utf8_lossy(&self.path))
    }

    /// What the tree knows of it.
    #[must_use]
    pub fn entry(&self) -> &'r Entry {
        self.entry
    }

    /// Its content.
    ///
    /// # Errors
    /// The reason when it was not kept.
    pub fn bytes(&self) -> Result<&'r [u8], Reason> {
        match (&self.entry.kind, &self.entry.content) {
            (Kind::File, Content::Bytes(bytes)) => Ok(bytes),
            (Kind::File, Content::Unread(reason)) => Err(reason.clone()),
            (Kind::File, Content::NotKept) => Err(Reason::new(
                ReasonKind::NotCollected,
                format!("{} was not kept", self.path()),
            )),
            _ => Err(Reason::new(
                ReasonKind::TypeMismatch,
                format!("{} is no regular file", self.path()),
            )),
        }
    }

    /// Its content as text; bytes that are no UTF-8 are replaced.
    ///
    /// # Errors
    /// The reason when it was not kept.
    pub fn text(&self) -> Result<std::borrow::Cow<'r, str>, Reason> {
        Ok(String::from_utf8_lossy(self.bytes()?))
    }

    /// Its place, for a finding at a line of it; `what` says what is there.
    #[must_use]
    pub fn place(&self, line: Option<u64>, what: impl Into<String>) -> Place {
        let layer = usize::try_from(self.entry.layer)
            .ok()
            .and_then(|index| self.root.layers.get(index));
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Place {
            path: self.path(),
            line,
            layer: layer.and_then(|layer| text(&layer.digest)),
            instruction: layer.and_then(|layer| text(&layer.instruction)),
            visible: true,
            what: what.into(),
        }
    }
}

impl Root {
    /// What is at a path (with or without its leading slash); links are followed.
    #[must_use]
    pub fn look(&self, path: &str) -> Lookup<'_> {
        let Some(path) = self.real_path(path.as_bytes()) else {
            return self.missing(None);
        };
        match self.entries.get(&path) {
            None => self.missing(Some(&path)),
            Some(entry) => Lookup::Found(FileRef {
                root: self,
                path,
                entry,
            }),
        }
    }

    /// What is said of a path that the tree does not have.
    fn missing(&self, path: Option<&[u8]>) -> Lookup<'_> {
        if let Some(reason) = &self.incomplete {
            return Lookup::Unknown(reason.clone());
        }
        match path.filter(|path| self.unkept.may_lack(path)) {
            None => Lookup::Missing,
            Some(path) => Lookup::Unknown(Reason::new(
                ReasonKind::NotCollected,
                format!("/{} was not kept", String::from_utf8_lossy(path)),
            )),
        }
    }

    /// The files that a shell pattern (`*`, `?`, `[…]` within a segment) names, in the order of their names, links
    /// followed. What is no regular file is left out.
    ///
    /// # Errors
    /// The reason when the tree is incomplete, so that others may be there.
    pub fn glob(&self, pattern: &str) -> Result<Vec<FileRef<'_>>, Reason> {
        if let Some(reason) = &self.incomplete {
            return Err(reason.clone());
        }
        if self.unkept.lacks_of(pattern) {
            let message = format!("there are more entries for {pattern} than are kept");
            return Err(Reason::new(ReasonKind::Budget, message));
        }
        let named = glob::expand(self, pattern);
        let found = named.into_iter().filter_map(|path| {
            let (path, entry) = self.resolve(&path)?;
            let file = FileRef {
                root: self,
                path,
                entry,
            };
            (entry.kind == Kind::File).then_some(file)
        });
        Ok(found.collect())
    }

    /// Every entry that the tree keeps, in the order of the paths: not every file of the image.
    pub fn entries(&self) -> impl Iterator<Item = FileRef<'_>> {
        self.entries.iter().map(|(path, entry)| FileRef {
            root: self,
            path: path.clone(),
            entry,
        })
    }

    /// Where a path really is, links resolved inside the root.
    pub(super) fn resolve(&self, path: &[u8]) -> Option<(Vec<u8>, &Entry)> {
        let path = self.real_path(path)?;
        let entry = self.entries.get(&path)?;
        Some((path, entry))
    }

    /// Where a path really is or would be; none in a loop of links.
    pub(crate) fn real_path(&self, path: &[u8]) -> Option<Vec<u8>> {
        let mut todo: Vec<Vec<u8>> = segments(path).rev().map(<[u8]>::to_vec).collect();
        let (mut at, mut hops) = (Vec::new(), 0);
        while let Some(segment) = todo.pop() {
            if segment == b".." {
                let cut = at.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
                at.truncate(cut);
                continue;
            }
            let mut next = at.clone();
            if !next.is_empty() {
                next.push(b'/');
            }
            next.extend_from_slice(&segment);
            if let Some(Kind::Link(target)) = self.entries.get(&next).map(|entry| &entry.kind) {
                hops += 1;
                if hops > HOPS {
                    return None;
                }
                if target.first() == Some(&b'/') {
                    at.clear();
                }
                todo.extend(segments(target).rev().map(<[u8]>::to_vec));
            } else {
                at = next;
            }
        }
        Some(at)
    }
}

fn segments(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
        .filter(|segment| !segment.is_empty() && *segment != b".")
}
