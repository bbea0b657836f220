//! The merged file tree of a root file system.
//!
//! It keeps what readers may ask for, not everything: the entries and, within [`Limits`](crate::Limits), the contents
//! of configuration files, all directories and links on the way, and files with unusual modes.

mod build;
mod entry;
mod glob;
mod look;
mod place;
mod unkept;
mod wants;

pub use build::RootBuilder;
pub use entry::{Content, Entry, Kind, Layer};
pub use look::{FileRef, Lookup};
pub use place::Place;
pub(crate) use unkept::Unkept;
pub(crate) use wants::{Lead, LeadPlace, Wants};

use std::collections::BTreeMap;

use stance_model::Reason;

/// A merged file tree. Paths are bytes without a leading slash; the root itself is the empty path.
#[derive(Debug, Clone, Default)]
pub struct Root {
    pub(crate) entries: BTreeMap<Vec<u8>, Entry>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) incomplete: Option<Reason>,
    pub(crate) unkept: Unkept,
}

impl Root {
    /// Why something of the tree could not be read, so that what is not found may be there all the same, and what is
    /// found may be out of date. None: all was read.
    #[must_use]
    pub fn incomplete(&self) -> Option<&Reason> {
        self.incomplete.as_ref()
    }

    /// The layers, from the lowest; empty for a folder.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }
}
