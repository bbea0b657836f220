//! Making a tree by hand, for examples and tests.

use std::sync::Arc;

use stance_model::Reason;

use super::{Content, Entry, Kind, Layer, Root};

/// Makes a tree from entries that are given one by one; directories on the way come with them.
#[derive(Debug, Default)]
pub struct RootBuilder {
    root: Root,
}

impl RootBuilder {
    /// A regular file of root's with mode 0644.
    #[must_use]
    pub fn file(self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.file_with(path, content, 0o644, 0, 0)
    }

    /// A regular file.
    #[must_use]
    pub fn file_with(
        self,
        path: &str,
        content: impl Into<Vec<u8>>,
        mode: u32,
        uid: u64,
        gid: u64,
    ) -> Self {
        let bytes: Arc<[u8]> = content.into().into();
        let entry = Entry {
            size: bytes.len() as u64,
            content: Content::Bytes(bytes),
            ..entry(Kind::File, mode, uid, gid)
        };
        self.put(path, entry)
    }

    /// A directory.
    #[must_use]
    pub fn dir(self, path: &str, mode: u32, uid: u64, gid: u64) -> Self {
        self.put(path, entry(Kind::Dir, mode, uid, gid))
    }

    /// A symbolic link.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        self.put(path, entry(Kind::Link(target.into()), 0o777, 0, 0))
    }

    /// Any entry.
    #[must_use]
    pub fn put(mut self, path: &str, entry: Entry) -> Self {
        let path = path.trim_matches('/');
        for (at, _) in path.match_indices('/') {
            let dir = path.get(..at).unwrap_or_default();
            self.root
                .entries
                .entry(dir.into())
                .or_insert_with(|| self::entry(Kind::Dir, 0o755, 0, 0));
        }
        self.root.entries.insert(path.into(), entry);
        self
    }

    /// The layers, from the lowest.
    #[must_use]
    pub fn layers(mut self, layers: Vec<Layer>) -> Self {
        self.root.layers = layers;
        self
    }

    /// Says that something of the tree could not be read.
    #[must_use]
    pub fn incomplete(mut self, reason: Reason) -> Self {
        self.root.incomplete = Some(reason);
        self
    }

    /// The tree.
    #[must_use]
    pub fn build(self) -> Root {
        self.root
    }
}

fn entry(kind: Kind, mode: u32, uid: u64, gid: u64) -> Entry {
    Entry {
        kind,
        mode,
        uid,
        gid,
        size: 0,
        capabilities: false,
        layer: 0,
        content: Content::NotKept,
    }
}
