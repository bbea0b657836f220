//! An OCI layout in a folder. Blobs are found by their digest only, inside the folder only: a link is not followed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use stance_model::{Reason, ReasonKind};

use super::digest::Digest;
use super::oci::{self, Parts, Wanted, blob_path};
use super::{ImageMeta, LayerSource, Source};
use crate::error::ScanError;

/// A layout folder.
#[derive(Debug)]
pub(crate) struct Layout {
    folder: Folder,
    image: ImageMeta,
    layers: Vec<LayerSource>,
}

/// The folder, open.
#[derive(Debug)]
struct Folder {
    dir: File,
    path: PathBuf,
}

impl Layout {
    /// Opens a layout and finds the image.
    ///
    /// # Errors
    /// There is no such folder or image, or it is none.
    pub(crate) fn open(path: &Path, wanted: Wanted<'_>) -> Result<Self, ScanError> {
        let dir = File::open(path).map_err(|e| ScanError::io(path, &e))?;
        let folder = Folder {
            dir,
            path: path.canonicalize().map_err(|e| ScanError::io(path, &e))?,
        };
        let (image, layers) = oci::image(&folder, wanted)?;
        Ok(Self {
            folder,
            image,
            layers,
        })
    }
}

impl Folder {
    /// Opens a regular file of the folder.
    fn file(&self, path: &str) -> std::io::Result<File> {
        // A pipe must not hold us up.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let opened = match openat2(&self.dir, path, flags, Mode::empty(), inside) {
            Err(Errno::LOOP | Errno::XDEV) => {
                return Err(std::io::Error::other("it is a link, which is not followed"));
            }
            opened => opened?,
        };
        let file = File::from(opened);
        if !file.metadata()?.is_file() {
            return Err(std::io::Error::other("it is no regular file"));
        }
        Ok(file)
    }
}

impl Parts for Folder {
    fn document(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ScanError> {
        let whole = self.path.join(path);
        let file = match self.file(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|e| ScanError::io(&whole, &e))?,
        };
        super::read_small(file, limit)
            .map(Some)
            .map_err(|e| ScanError::io(&whole, &e))
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

impl Source for Layout {
    fn image(&self) -> &ImageMeta {
        &self.image
    }

    fn layers(&self) -> &[LayerSource] {
        &self.layers
    }

    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason> {
        let layer = self.layers.get(layer);
        let digest = layer
            .and_then(|layer| layer.digest.as_deref())
            .and_then(Digest::parse);
        let digest = digest.ok_or_else(|| {
            Reason::new(
                ReasonKind::BadResponse,
                "its digest is none of SHA-256 or SHA-512",
            )
        })?;
        match self.folder.file(&blob_path(&digest)) {
            Ok(file) => Ok(Box::new(file)),
            Err(e) => Err(super::unopened(
                layer.map_or("", |layer| &layer.media_type),
                &e,
            )),
        }
    }
}
