//! What the tree knows of a path.

use std::sync::Arc;

use stance_model::Reason;

/// One path of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The permission bits with set-id and sticky: `0o7777` at most.
    pub mode: u32,
    /// The owner.
    pub uid: u64,
    /// The group.
    pub gid: u64,
    /// Its size, bytes.
    pub size: u64,
    /// Whether it carries file capabilities (`security.capability`).
    pub capabilities: bool,
    /// The layer that brought it, as its place in [`Root::layers`](crate::Root::layers); 0 for a folder.
    pub layer: u32,
    /// What was kept of a regular file.
    pub content: Content,
}

/// What a path is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link and where it points, as written.
    Link(Vec<u8>),
    /// A device, a pipe or a socket; never opened.
    Special,
}

/// What was kept of a regular file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing: no reader asks for it, or it is no regular file.
    NotKept,
    /// All of it.
    Bytes(Arc<[u8]>),
    /// It was asked for and could not be kept or read: too large, the budget was used up, no permission.
    Unread(Reason),
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layer {
    /// Its digest, `sha256:…`; the diff id where the source gives no other.
    pub digest: String,
    /// The line of the build history that made it; empty where the image has none.
    pub instruction: String,
}
