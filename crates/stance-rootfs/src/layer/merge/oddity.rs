//! Odd things that are put right on the way, counted.

use std::collections::BTreeMap;

/// Something odd in an image that does not keep it from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Oddity {
    /// A name began with a slash.
    AbsoluteName,
    /// A name went up with `..`.
    UpwardName,
    /// A device, a pipe or a socket.
    Device,
    /// The same path more than once in a layer; the last one counts.
    Duplicate,
    /// A hard link to nothing.
    DanglingHardLink,
    /// A type that no runtime unpacks.
    UnknownType,
    /// Something after the end of an archive.
    TrailingData,
    /// A whiteout of nothing, of its own folder or of the one above.
    InvalidWhiteout,
    /// A name longer than Linux takes.
    LongName,
    /// More files with unusual modes or owners than are kept.
    UnusualNotKept,
}

impl Oddity {
    /// Its name in facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AbsoluteName => "absolute_names",
            Self::UpwardName => "upward_names",
            Self::Device => "devices",
            Self::Duplicate => "duplicates",
            Self::DanglingHardLink => "dangling_hard_links",
            Self::UnknownType => "unknown_types",
            Self::TrailingData => "trailing_data",
            Self::InvalidWhiteout => "invalid_whiteouts",
            Self::LongName => "long_names",
            Self::UnusualNotKept => "unusual_not_kept",
        }
    }
}

/// How often each was met.
pub(crate) type Oddities = BTreeMap<Oddity, u64>;
