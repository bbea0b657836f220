//! Images in the form of an OCI layout, in a folder or in an archive: index, manifest, configuration, layers.

use super::digest::Digest;
use super::manifest::{self, Descriptor, Document, ReadConfig};
use super::{ImageKind, ImageMeta, LayerSource};
use crate::Limits;
use crate::error::{ScanError, ScanErrorKind};
use crate::image::LOCAL;

/// How deep an index may lie in another one.
const NESTED: usize = 4;
/// How many names an error lists.
const LISTED: usize = 20;
/// The tag of an image in a layout.
const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// The whole name, as containerd and Docker write it.
const IMAGE_NAME: &str = "io.containerd.image.name";

/// Where the parts of a layout are.
pub(super) trait Parts {
    /// A small part; none: it is not there.
    ///
    /// # Errors
    /// It cannot be read, or is larger than `limit`.
    fn document(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ScanError>;

    /// What people call it.
    fn shown(&self) -> String;
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'w> {
    /// The name or the digest; none: the only one.
    pub(crate) name: Option<&'w str>,
    /// The platform; none: this host's, or the only one.
    pub(crate) platform: Option<&'w str>,
    /// The limits.
    pub(crate) limits: &'w Limits,
}

/// Where a blob is in a layout.
pub(super) fn blob_path(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm(), digest.hex())
}

/// Finds the image and its layers.
///
/// # Errors
/// There is none of this name or platform; it is no image; a document is missing or has another digest.
pub(super) fn image(
    parts: &dyn Parts,
    wanted: Wanted<'_>,
) -> Result<(ImageMeta, Vec<LayerSource>), ScanError> {
    let from = parts.shown();
    let bytes = parts.document("index.json", wanted.limits.document_bytes)?;
    let bytes = bytes.ok_or_else(|| {
        let message = format!("{from} has no index.json: it is no OCI layout");
        ScanError::new(ScanErrorKind::NotAnImage, message)
    })?;
    let index = manifest::parse(&bytes, &format!("index.json of {from}"))?;
    let named = named(&index, wanted.name, &from)?;
    let reference = reference(&from, &named, wanted.name);
    let (digest, document) = manifest_of(parts, &named, wanted)?;
    let from = format!("manifest {digest} of {from}");
    let (config, layers) = manifest::image_parts(&document, wanted.limits.layers, &from)?;
    let read = blob(parts, config, wanted.limits)
        .and_then(|bytes| manifest::parse_config(&bytes, &config.digest));
    let read = ReadConfig::of(read, &config.media_type)?;
    let layers = manifest::layer_sources(layers, read.document.as_ref(), &from)?;
    let platform = read.platform();
    manifest::check_platform(&platform, wanted.platform, &from)?;
    let meta = ImageMeta {
        account: LOCAL.into(),
        reference,
        kind: ImageKind::Image,
        manifest_digest: Some(digest),
        manifest_type: document.media_type.clone(),
        config_digest: Some(config.digest.clone()),
        platform,
        config: read.document,
        config_unread: read.unread,
        container: None,
    };
    Ok((meta, layers))
}

/// The entries of the index that have the name: several where each is for another platform.
fn named(index: &Document, name: Option<&str>, from: &str) -> Result<Vec<Descriptor>, ScanError> {
    let all = index.manifests.as_deref().unwrap_or_default();
    let found: Vec<Descriptor> = match name {
        Some(name) => all.iter().filter(|d| has_name(d, name)).cloned().collect(),
        None => all.to_vec(),
    };
    let mut names: Vec<&str> = found.iter().filter_map(tag).collect();
    names.sort_unstable();
    names.dedup();
    if !found.is_empty() && names.len() < 2 {
        return Ok(found);
    }
    let there: Vec<&str> = all.iter().filter_map(tag).take(LISTED).collect();
    let there = match there.as_slice() {
        [] => "there are none with a name".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    };
    let what = match name {
        Some(name) => format!("has no image `{name}`"),
        None if all.is_empty() => "has no image".to_owned(),
        None => "has several images; name one of them after a colon".to_owned(),
    };
    let message = format!("{from} {what}; {there}");
    Err(ScanError::new(ScanErrorKind::NotFound, message))
}

fn tag(descriptor: &Descriptor) -> Option<&str> {
    let note = |key| descriptor.annotations.get(key).map(String::as_str);
    note(IMAGE_NAME).or_else(|| note(REF_NAME))
}

fn has_name(descriptor: &Descriptor, name: &str) -> bool {
    let note = |key| descriptor.annotations.get(key).map(String::as_str);
    descriptor.digest == name || note(REF_NAME) == Some(name) || note(IMAGE_NAME) == Some(name)
}

/// The reference: the whole name where the layout has it, else the layout's path with the tag.
fn reference(from: &str, named: &[Descriptor], asked: Option<&str>) -> String {
    let tag = named.first().and_then(tag).or(asked);
    match tag {
        None => from.to_owned(),
        Some(tag) if tag.contains(['/', ':']) && !tag.starts_with("sha256:") => tag.to_owned(),
        Some(tag) => format!("{from}:{tag}"),
    }
}

/// The manifest, through indexes within indexes, and its digest.
fn manifest_of(
    parts: &dyn Parts,
    named: &[Descriptor],
    wanted: Wanted<'_>,
) -> Result<(String, Document), ScanError> {
    let from = parts.shown();
    let mut candidates = named.to_vec();
    for _ in 0..NESTED {
        let chosen = manifest::choose(&candidates, wanted.platform, &from)?;
        let bytes = blob(parts, chosen, wanted.limits)?;
        let document = manifest::parse(&bytes, &chosen.digest)?;
        match document.manifests {
            None => {
                let mut document = document;
                if document.media_type.is_empty() {
                    document.media_type.clone_from(&chosen.media_type);
                }
                return Ok((chosen.digest.clone(), document));
            }
            Some(manifests) => candidates = manifests,
        }
    }
    let message = format!("{from} has indexes within indexes, more than {NESTED} deep");
    Err(ScanError::new(ScanErrorKind::Limit, message))
}

/// A document that is named by its digest.
fn blob(parts: &dyn Parts, descriptor: &Descriptor, limits: &Limits) -> Result<Vec<u8>, ScanError> {
    let from = parts.shown();
    let bad = |why: &str| {
        let message = format!("{from}: blob `{}` {why}", shorten(&descriptor.digest));
        ScanError::new(ScanErrorKind::NotAnImage, message)
    };
    let digest = Digest::parse(&descriptor.digest)
        .ok_or_else(|| bad("has no digest of SHA-256 or SHA-512"))?;
    let bytes = parts.document(&blob_path(&digest), limits.document_bytes)?;
    let bytes = bytes.ok_or_else(|| bad("is missing"))?;
    if !digest.is_of(&bytes) {
        return Err(bad(
            "has other bytes than its digest says; copy the image anew",
        ));
    }
    Ok(bytes)
}

fn shorten(text: &str) -> String {
    text.chars()
        .take(140)
        .flat_map(char::escape_default)
        .collect()
}
