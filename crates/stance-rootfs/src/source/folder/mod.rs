//! A folder of this host that holds a root file system: walked beneath an open handle, read-only, never outside.

mod dir;
mod file;
mod ids;
mod open;
mod walk;

pub(crate) use ids::IdMap;
pub(crate) use walk::walk;

use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use stance_model::{Reason, ReasonKind};

use super::{ImageKind, ImageMeta, LayerForm, LayerSource, Platform, Source, TreeSink};
use crate::error::ScanError;
use crate::image::LOCAL;

/// A folder that holds a root file system.
#[derive(Debug)]
pub(crate) struct FolderSource {
    meta: ImageMeta,
    layers: [LayerSource; 1],
    root: OwnedFd,
    ids: IdMap,
}

impl FolderSource {
    /// Opens the folder; links on the way to it are followed, none below it is.
    ///
    /// # Errors
    /// It is not there, no folder, or may not be read.
    pub(crate) fn open(path: &Path) -> Result<Self, ScanError> {
        let real = path.canonicalize().map_err(|e| ScanError::io(path, &e))?;
        let meta = ImageMeta {
            account: LOCAL.to_owned(),
            reference: real.display().to_string(),
            kind: ImageKind::Rootfs,
            manifest_digest: None,
            manifest_type: String::new(),
            config_digest: None,
            config: None,
            platform: Platform::default(),
            config_unread: None,
            container: None,
        };
        Self::with(&real, meta, IdMap::default())
    }

    /// Opens a folder that something else describes: a container. `ids` says how its owners are counted.
    ///
    /// # Errors
    /// As [`FolderSource::open`].
    pub(crate) fn with(path: &Path, meta: ImageMeta, ids: IdMap) -> Result<Self, ScanError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::open(path, flags, Mode::empty());
        let root = root.map_err(|e| ScanError::io(path, &e.into()))?;
        let layer = LayerSource {
            form: LayerForm::Folder,
            ..LayerSource::default()
        };
        Ok(Self {
            meta,
            layers: [layer],
            root,
            ids,
        })
    }
}

impl Source for FolderSource {
    fn image(&self) -> &ImageMeta {
        &self.meta
    }

    fn layers(&self) -> &[LayerSource] {
        &self.layers
    }

    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason> {
        let message = format!("layer {layer} is a folder, no archive");
        Err(Reason::new(ReasonKind::TypeMismatch, message))
    }

    fn walk(&self, _layer: usize, sink: &mut dyn TreeSink) -> Result<(), Reason> {
        walk(&self.root, &self.ids, sink)
    }
}

#[cfg(test)]
mod tests;
