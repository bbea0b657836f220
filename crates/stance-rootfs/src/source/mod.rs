//! Where images come from. A source says what the image is and gives its layers; it judges nothing.

pub(crate) mod archive;
pub(crate) mod digest;
pub(crate) mod folder;
pub(crate) mod layout;
pub(crate) mod manifest;
pub(crate) mod oci;
mod platform;

use std::io::{self, Read};
use std::ops::ControlFlow;

use serde_json::Value;
use stance_model::{Reason, ReasonKind};

/// An image, a container or a folder that can be read.
pub(crate) trait Source: Sync {
    /// What it is.
    fn image(&self) -> &ImageMeta;

    /// Its layers, from the lowest. A folder and a container's root are one layer of [`LayerForm::Folder`].
    fn layers(&self) -> &[LayerSource];

    /// The blob of a layer as it is stored, usually compressed; from its beginning, and each time again. Whoever reads
    /// it checks the digest.
    ///
    /// # Errors
    /// The reason: missing, no permission, no connection.
    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason>;

    /// Goes over a layer of [`LayerForm::Folder`], directories before what is in them.
    ///
    /// # Errors
    /// Why the walk ended early, also when the sink said so.
    fn walk(&self, layer: usize, sink: &mut dyn TreeSink) -> Result<(), Reason> {
        let _ = sink;
        Err(Reason::new(
            ReasonKind::TypeMismatch,
            format!("layer {layer} is no folder"),
        ))
    }
}

/// What the image is.
#[derive(Debug, Clone)]
pub(crate) struct ImageMeta {
    /// The registry's host with its port, or `local`.
    pub(crate) account: String,
    /// The reference as people write it: `debian:12`, `127.0.0.1:5000/shop/web:v1`; of what has no name, its path.
    pub(crate) reference: String,
    /// What kind of thing.
    pub(crate) kind: ImageKind,
    /// The digest of the manifest that was chosen; none for a folder and for Docker's own archives.
    pub(crate) manifest_digest: Option<String>,
    /// The media type of the manifest; empty where it says none.
    pub(crate) manifest_type: String,
    /// The digest of the configuration, which is the image's id.
    pub(crate) config_digest: Option<String>,
    /// The configuration document; none for a folder, and where it could not be read.
    pub(crate) config: Option<Value>,
    /// Why the configuration could not be read.
    pub(crate) config_unread: Option<Reason>,
    /// What it runs on.
    pub(crate) platform: Platform,
    /// The container, where it is one.
    pub(crate) container: Option<ContainerMeta>,
}

/// What kind of thing is scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageKind {
    /// An image.
    Image,
    /// A container on this host.
    Container,
    /// A folder that holds a root file system.
    Rootfs,
}

/// What an image runs on; each is empty where the image does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Platform {
    /// `linux`, …
    pub(crate) os: String,
    /// `amd64`, `arm64`, …
    pub(crate) architecture: String,
    /// `v7`, `v8`, …
    pub(crate) variant: String,
}

/// A container on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainerMeta {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// `docker`, `podman` or `containerd`.
    pub(crate) runtime: String,
    /// The image that it was made from, as its runtime calls it.
    pub(crate) image: String,
}

/// One layer of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LayerSource {
    /// The digest of the blob as it is stored, as the manifest says; none where nothing names it by digest.
    pub(crate) digest: Option<String>,
    /// The digest of the layer uncompressed, as the configuration says.
    pub(crate) diff_id: Option<String>,
    /// The size of the blob in bytes, as the manifest says.
    pub(crate) size: Option<u64>,
    /// Its media type; empty where nothing says one. Only a hint: the bytes decide.
    pub(crate) media_type: String,
    /// The line of the build history that made it, secrets masked; empty where the image has none.
    pub(crate) instruction: String,
    /// How it is read.
    pub(crate) form: LayerForm,
}

impl LayerSource {
    /// The digest that it is shown by: of the blob, else the diff id; empty where there is neither.
    pub(crate) fn shown_digest(&self) -> &str {
        let shown = self.digest.as_deref().or(self.diff_id.as_deref());
        shown.unwrap_or_default()
    }
}

/// How a layer is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LayerForm {
    /// A tar, compressed or not, by [`Source::open`].
    #[default]
    Archive,
    /// A folder of this host, by [`Source::walk`].
    Folder,
}

/// One entry as a layer or a folder has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    /// Its path without a leading slash, without `.`, `..` and empty segments; the root itself is the empty path.
    pub(crate) path: &'a [u8],
    /// What it is.
    pub(crate) kind: FoundKind<'a>,
    /// The permission bits with set-id and sticky.
    pub(crate) mode: u32,
    /// The owner.
    pub(crate) uid: u64,
    /// The group.
    pub(crate) gid: u64,
    /// The size of its content as announced, bytes; what really comes counts.
    pub(crate) size: u64,
    /// Whether it carries file capabilities.
    pub(crate) capabilities: bool,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundKind<'a> {
    /// A regular file; its content follows.
    File,
    /// Another name of the file at this path (normalised as [`Found::path`]).
    HardLink(&'a [u8]),
    /// A symbolic link and where it points, as written.
    Link(&'a [u8]),
    /// A directory.
    Dir,
    /// A device, a pipe or a socket.
    Special,
}

/// Takes what a walk finds. Each call may end the walk with the reason (a budget, a cancelled scan).
pub(crate) trait TreeSink {
    /// An entry begins. For a regular file the walk gives its content to [`TreeSink::data`] and then calls
    /// [`TreeSink::end`]; for anything else neither.
    fn begin(&mut self, found: &Found<'_>) -> ControlFlow<Reason>;

    /// A piece of the file's content, of any size; in order.
    fn data(&mut self, chunk: &[u8]) -> ControlFlow<Reason>;

    /// The file's content is over; or it could not be read to its end, for this reason.
    fn end(&mut self, outcome: Result<(), Reason>) -> ControlFlow<Reason>;

    /// Something of the tree could not be read: a directory without permission. The walk goes on.
    fn unread(&mut self, path: &[u8], reason: Reason) -> ControlFlow<Reason>;
}

/// Reads all of something small.
///
/// # Errors
/// It cannot be read, or is larger than `limit` (`FileTooLarge`).
pub(crate) fn read_small(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(limit.saturating_add(1));
    io::copy(&mut reader, &mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("it is larger than {limit} bytes, which is the limit");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// Why the blob of a layer cannot be opened. A layer that may not be distributed is often left out.
pub(crate) fn unopened(media_type: &str, error: &io::Error) -> Reason {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => ReasonKind::NotFound,
        io::ErrorKind::PermissionDenied => ReasonKind::NoPermission,
        _ => ReasonKind::BadResponse,
    };
    let foreign = media_type.contains("nondistributable") || media_type.contains("foreign");
    if kind == ReasonKind::NotFound && foreign {
        return Reason::new(
            kind,
            "its blob is missing: it may not be distributed with the image",
        );
    }
    let why = match kind {
        ReasonKind::NotFound => "its blob is missing".to_owned(),
        _ => format!("its blob cannot be opened: {error}"),
    };
    Reason::new(kind, why)
}
