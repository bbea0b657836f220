//! Reading tar archives entry by entry: ustar, old V7, GNU (long names, sparse files, base-256 numbers) and PAX.
//!
//! Two readers that disagree on where an entry begins let one of them be fooled. This one takes every decision as the
//! reader of the container runtimes does (Go's `archive/tar`): what a runtime would see is seen here, and where it would
//! refuse the archive, reading ends with an error. Nothing is allocated by what a header announces.

mod header;
mod maps;
mod number;
mod pax;
mod reader;
mod sparse;

pub(crate) use reader::{Piece, TarReader};

/// One entry, all extensions applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name as written.
    pub(crate) name: Vec<u8>,
    /// Where a link points, as written.
    pub(crate) link: Vec<u8>,
    /// What it is.
    pub(crate) kind: MemberKind,
    /// The mode as written.
    pub(crate) mode: u32,
    /// The owner.
    pub(crate) uid: u64,
    /// The group.
    pub(crate) gid: u64,
    /// The size of the file, with the holes of a sparse one.
    pub(crate) size: u64,
    /// Whether it carries file capabilities.
    pub(crate) capabilities: bool,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum MemberKind {
    /// A regular file.
    #[default]
    File,
    /// Another name of a file.
    HardLink,
    /// A symbolic link.
    Link,
    /// A directory.
    Dir,
    /// A device or a pipe.
    Special,
    /// A type that no runtime unpacks; it may have content.
    Other,
    /// A global extended header: no file. Runtimes pass it over.
    Global {
        /// Whether it sets names, sizes or maps, which other readers would apply to what follows.
        changes_entries: bool,
    },
}

/// Why an archive cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TarError {
    /// It ends in the middle of an entry.
    #[error("it ends in the middle of an entry")]
    Truncated,
    /// It is not what the format says.
    #[error("{0}")]
    Corrupt(&'static str),
    /// It is larger than allowed.
    #[error("{0}")]
    Limit(&'static str),
    /// The bytes could not be had.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
