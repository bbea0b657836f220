//! From a reference to the manifest, the configuration and the list of layers.

use stance_model::ReasonKind;

use super::failure::{Failure, FailureKind};
use super::session::Session;
use crate::error::{ScanError, ScanErrorKind};
use crate::limits::Limits;
use crate::reference::Reference;
use crate::source::digest::Digest;
use crate::source::manifest::{self, Descriptor, Document, ReadConfig};
use crate::source::{ImageKind, ImageMeta, LayerSource, Platform};

/// The forms of manifests that are read, the wanted ones first.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                      application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.docker.distribution.manifest.v2+json";
/// How deep indexes may be nested.
const DEPTH: usize = 3;
/// The most commas and colons of a document: bounds the memory that it takes once parsed.
const PARTS: usize = 250_000;

/// An image that was found.
pub(super) struct Pulled {
    pub(super) meta: ImageMeta,
    pub(super) layers: Vec<LayerSource>,
}

/// Why none was found.
pub(super) enum Error {
    /// The registry failed.
    Registry(Failure),
    /// What it gave is no image for us.
    Image(ScanError),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Registry(failure)
    }
}

impl From<ScanError> for Error {
    fn from(error: ScanError) -> Self {
        Self::Image(error)
    }
}

/// Finds the image.
pub(super) fn pull(
    session: &Session<'_>,
    reference: &Reference,
    platform: Option<&str>,
    limits: &Limits,
) -> Result<Pulled, Error> {
    let name = reference.to_string();
    let found = image_manifest(session, reference, platform, limits, &name)?;
    let (config, layers) = manifest::image_parts(&found.document, limits.layers, &name)?;
    let read = configuration(session, config, limits.document_bytes, &name)?;
    let layers = manifest::layer_sources(layers, read.document.as_ref(), &name)?;
    check_platform(platform, &read.platform(), &name)?;
    Ok(Pulled {
        meta: meta(reference, &found, config, read, platform),
        layers,
    })
}

/// The configuration. One that is missing, too large or not as its digest says keeps nobody from reading the layers; a
/// registry that cannot be spoken to does.
fn configuration(
    session: &Session<'_>,
    descriptor: &Descriptor,
    limit: u64,
    name: &str,
) -> Result<ReadConfig, Error> {
    let read = match blob(session, descriptor, limit) {
        Ok(bytes) => manifest::parse_config(&bytes, name),
        Err(Error::Registry(failure)) if !failure.of_content() => {
            return Err(Error::Registry(failure));
        }
        Err(Error::Registry(failure)) => {
            let reason = failure.reason(session.host(), "the configuration");
            let kind = match reason.kind {
                ReasonKind::NotFound => ScanErrorKind::NotFound,
                ReasonKind::Budget => ScanErrorKind::Limit,
                _ => ScanErrorKind::NotAnImage,
            };
            Err(ScanError::new(kind, reason.message.unwrap_or_default()))
        }
        Err(Error::Image(error)) => Err(error),
    };
    Ok(ReadConfig::of(read, &descriptor.media_type)?)
}

/// An image that is there for one platform only is not taken for another one that was asked for.
fn check_platform(wanted: Option<&str>, has: &Platform, name: &str) -> Result<(), ScanError> {
    let Some(wanted) = wanted.map(Platform::parse).transpose()? else {
        return Ok(());
    };
    if has.os.is_empty() || (wanted.os == has.os && wanted.architecture == has.architecture) {
        return Ok(());
    }
    let message = format!("{name} is there for `{has}` only, not for `{wanted}`");
    Err(ScanError::new(ScanErrorKind::NotFound, message))
}

fn meta(
    reference: &Reference,
    found: &Manifest,
    config: &Descriptor,
    read: ReadConfig,
    platform: Option<&str>,
) -> ImageMeta {
    let said = read.platform();
    let wanted = platform.and_then(|text| Platform::parse(text).ok());
    ImageMeta {
        account: reference.registry().to_owned(),
        reference: reference.tracked(),
        kind: ImageKind::Image,
        manifest_digest: Some(found.digest.clone()),
        manifest_type: found.media_type.clone(),
        config_digest: Some(config.digest.clone()),
        platform: if said.os.is_empty() {
            wanted.unwrap_or(said)
        } else {
            said
        },
        config: read.document,
        config_unread: read.unread,
        container: None,
    }
}

/// A manifest as it was verified.
struct Manifest {
    document: Document,
    digest: String,
    media_type: String,
}

/// The manifest of the image itself: of an index, of the image for the platform.
fn image_manifest(
    session: &Session<'_>,
    reference: &Reference,
    platform: Option<&str>,
    limits: &Limits,
    name: &str,
) -> Result<Manifest, Error> {
    let mut found = fetch(session, reference.wanted(), limits.document_bytes, name)?;
    for _ in 0..DEPTH {
        let Some(manifests) = &found.document.manifests else {
            return Ok(found);
        };
        let chosen = manifest::choose(manifests, platform, name)?;
        let digest = Digest::parse(&chosen.digest);
        let digest =
            digest.ok_or_else(|| Failure::bad("the index names a manifest by no digest"))?;
        found = fetch(session, &digest.to_string(), limits.document_bytes, name)?;
    }
    let message = format!("{name} is an index of indexes, nested deeper than {DEPTH}");
    Err(ScanError::new(ScanErrorKind::NotAnImage, message).into())
}

/// A manifest or an index by tag or digest, verified.
fn fetch(session: &Session<'_>, wanted: &str, limit: u64, name: &str) -> Result<Manifest, Error> {
    let answer = session.get("manifests", wanted, ACCEPT, 0)?;
    let content_type = answer.header("content-type").unwrap_or_default();
    let content_type = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned();
    let claimed = answer
        .header("docker-content-digest")
        .and_then(Digest::parse);
    let bytes = session.http().document(answer.body, limit)?;
    let digest = match Digest::parse(wanted).or(claimed) {
        Some(digest) if digest.is_of(&bytes) => digest,
        Some(digest) => {
            let detail = format!(
                "the manifest has not the digest {digest}: it was changed on the way or is broken"
            );
            return Err(Failure::bad(detail).into());
        }
        None => Digest::of(&bytes),
    };
    bounded(&bytes)?;
    let document = manifest::parse(&bytes, name)?;
    if document.manifests.is_some() && (document.layers.is_some() || document.config.is_some()) {
        let message =
            format!("{name} is an index and a manifest at the same time; none of both is trusted");
        return Err(ScanError::new(ScanErrorKind::NotAnImage, message).into());
    }
    let said = document.media_type.clone();
    Ok(Manifest {
        digest: digest.to_string(),
        media_type: if said.is_empty() { content_type } else { said },
        document,
    })
}

/// A small blob, verified.
fn blob(session: &Session<'_>, descriptor: &Descriptor, limit: u64) -> Result<Vec<u8>, Error> {
    let digest = Digest::parse(&descriptor.digest);
    let digest =
        digest.ok_or_else(|| Failure::bad("the manifest names its configuration by no digest"))?;
    let answer = session.get("blobs", &digest.to_string(), "*/*", 0)?;
    let bytes = session.http().document(answer.body, limit)?;
    if !digest.is_of(&bytes) {
        let detail = format!(
            "the configuration has not the digest {digest}: it was changed on the way or is broken"
        );
        return Err(Failure::bad(detail).into());
    }
    bounded(&bytes)?;
    Ok(bytes)
}

fn bounded(document: &[u8]) -> Result<(), Failure> {
    let parts = memchr::memchr3_iter(b',', b':', b'[', document).count();
    if parts > PARTS {
        let detail = format!("a document has more than {PARTS} parts");
        return Err(Failure::new(FailureKind::Limit, detail));
    }
    Ok(())
}
