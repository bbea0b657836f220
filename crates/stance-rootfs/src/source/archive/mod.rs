//! Archives of images: what `docker save`, skopeo and OCI tools write, plain or compressed as a whole.
//!
//! One pass finds where every part begins; a plain archive is then read by offset, in any order. A compressed one has no
//! offsets: each layer is another pass up to it, within the limit of bytes, and nothing is written or held instead.

mod docker;
mod index;
mod legacy;

use std::fs::File;
use std::io::{BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use stance_model::{Reason, ReasonKind};

use self::index::{Index, Slot};
use super::digest::Digest;
use super::oci::{self, Parts, Wanted, blob_path};
use super::{ImageMeta, LayerSource, Source};
use crate::error::{ScanError, ScanErrorKind};
use crate::layer::{Decoder, copy_away};

/// An archive.
#[derive(Debug)]
pub(crate) struct Archive {
    store: Store,
    image: ImageMeta,
    layers: Vec<LayerSource>,
    /// The member of each layer; none where it is found by digest.
    members: Vec<Option<String>>,
}

/// The file with what is in it.
#[derive(Debug)]
struct Store {
    file: File,
    path: PathBuf,
    index: Index,
    window_bytes: u64,
}

/// An image of an archive: what it is, its layers, and the member that each of them is.
struct Contents {
    image: ImageMeta,
    layers: Vec<LayerSource>,
    members: Vec<Option<String>>,
}

impl Archive {
    /// Opens an archive and finds the image.
    ///
    /// # Errors
    /// There is no such file or image, or it is none.
    pub(crate) fn open(path: &Path, wanted: Wanted<'_>) -> Result<Self, ScanError> {
        let file = File::open(path).map_err(|e| ScanError::io(path, &e))?;
        let store = Store {
            index: Index::read(&file, path, wanted.limits)?,
            file,
            path: path.canonicalize().map_err(|e| ScanError::io(path, &e))?,
            window_bytes: wanted.limits.window_bytes,
        };
        let contents = store.contents(wanted)?;
        store.affordable(contents.layers.len(), wanted)?;
        Ok(Self {
            store,
            image: contents.image,
            layers: contents.layers,
            members: contents.members,
        })
    }
}

impl Store {
    /// Finds the image: by the OCI index, which names everything by digest, or by Docker's manifest, or as Docker wrote
    /// archives before it had one.
    fn contents(&self, wanted: Wanted<'_>) -> Result<Contents, ScanError> {
        let has = |name: &str| self.index.find(name).is_some();
        let docker = has("manifest.json");
        if has("index.json") && has("oci-layout") {
            return match oci::image(self, wanted) {
                // Docker's manifest may know the image by a name that the index has not.
                Err(e) if docker && e.kind == ScanErrorKind::NotFound => {
                    docker::image(self, wanted)
                }
                Err(e) => Err(e),
                Ok((image, layers)) => Ok(Contents {
                    image,
                    members: vec![None; layers.len()],
                    layers,
                }),
            };
        }
        if docker {
            return docker::image(self, wanted);
        }
        if has("repositories") {
            return legacy::image(self, wanted);
        }
        let message = format!(
            "`{}` is no archive of an image: it has neither index.json nor manifest.json{}",
            self.path.display(),
            self.index
                .broken()
                .map_or(String::new(), |why| format!("; {why}")),
        );
        Err(ScanError::new(ScanErrorKind::NotAnImage, message))
    }

    /// Whether a compressed archive can be gone over once for each layer.
    fn affordable(&self, layers: usize, wanted: Wanted<'_>) -> Result<(), ScanError> {
        let passes = (layers as u64).saturating_mul(self.index.bytes());
        if !self.index.compressed() || passes <= wanted.limits.total_bytes {
            return Ok(());
        }
        let message = format!(
            "`{}` is compressed as a whole and has {layers} layers: to read them, {passes} bytes would have to be decompressed, more than the limit; decompress the file first",
            self.path.display()
        );
        Err(ScanError::new(ScanErrorKind::Limit, message))
    }

    /// The content of a member.
    fn member(&self, slot: Slot) -> Result<Box<dyn Read + Send + '_>, std::io::Error> {
        if !self.index.compressed() {
            return Ok(Box::new(Section {
                file: &self.file,
                at: slot.offset,
                end: slot.offset.saturating_add(slot.size),
            }));
        }
        let start = Section {
            file: &self.file,
            at: 0,
            end: u64::MAX,
        };
        let mut decoder =
            Decoder::open(BufReader::with_capacity(64 << 10, start), self.window_bytes)?;
        copy_away(&mut decoder, slot.offset)?;
        Ok(Box::new(decoder.take(slot.size)))
    }

    fn missing(&self, what: &str) -> String {
        match self.index.broken() {
            None => format!("{what} is missing"),
            Some(why) => format!("{what} is missing; the archive cannot be read to its end: {why}"),
        }
    }

    /// A document that must be there.
    fn required(&self, name: &str, limit: u64) -> Result<Vec<u8>, ScanError> {
        let found = self.document(name, limit)?;
        found.ok_or_else(|| {
            let what = self.missing(&format!("`{}`", name.escape_debug()));
            let message = format!("{}: {what}", self.path.display());
            ScanError::new(ScanErrorKind::NotAnImage, message)
        })
    }
}

impl Parts for Store {
    fn document(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ScanError> {
        if let Some(kept) = self.index.kept(path) {
            return Ok(Some(kept.to_vec()));
        }
        let Some(slot) = self.index.find(path) else {
            return Ok(None);
        };
        let bytes = self
            .member(slot)
            .and_then(|member| super::read_small(member, limit));
        let bytes = bytes.map_err(|e| {
            let mut error = ScanError::io(&self.path, &e);
            error.message = format!("{}: `{}`: {e}", self.path.display(), path.escape_debug());
            error
        })?;
        Ok(Some(bytes))
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

impl Source for Archive {
    fn image(&self) -> &ImageMeta {
        &self.image
    }

    fn layers(&self) -> &[LayerSource] {
        &self.layers
    }

    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason> {
        let source = self.layers.get(layer);
        let member = self.members.get(layer).cloned().flatten();
        let digest = source
            .and_then(|layer| layer.digest.as_deref())
            .and_then(Digest::parse);
        let name = member
            .or_else(|| digest.as_ref().map(blob_path))
            .unwrap_or_default();
        let Some(slot) = self.store.index.find(&name) else {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            let mut reason =
                super::unopened(source.map_or("", |layer| &layer.media_type), &missing);
            if let Some(broken) = self.store.index.broken() {
                reason = Reason::new(
                    ReasonKind::Truncated,
                    format!("its blob is missing; the archive cannot be read to its end: {broken}"),
                );
            }
            return Err(reason);
        };
        self.store.member(slot).map_err(|e| super::unopened("", &e))
    }
}

/// A part of the file. Several may be read at once.
struct Section<'f> {
    file: &'f File,
    at: u64,
    end: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = out.len().min(left);
        let got = self
            .file
            .read_at(out.get_mut(..most).unwrap_or_default(), self.at)?;
        self.at += got as u64;
        Ok(got)
    }
}
