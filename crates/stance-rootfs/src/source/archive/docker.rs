//! Docker's own form: `manifest.json` names the configuration and the layers by their members.

use serde::Deserialize;
use serde_json::Value;

use super::{Contents, Store};
use crate::error::{ScanError, ScanErrorKind};
use crate::image::LOCAL;
use crate::source::digest::Digest;
use crate::source::manifest::{self, Descriptor, ReadConfig};
use crate::source::oci::{Parts as _, Wanted};
use crate::source::{ImageKind, ImageMeta, LayerSource};

/// The media type of what Docker keeps.
const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// One image of `manifest.json`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Saved {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

/// Finds the image.
pub(super) fn image(store: &Store, wanted: Wanted<'_>) -> Result<Contents, ScanError> {
    let from = store.shown();
    let bytes = store.required("manifest.json", wanted.limits.document_bytes)?;
    let images: Vec<Saved> = serde_json::from_slice(&bytes).map_err(|e| {
        let message = format!("manifest.json of {from} is none of Docker's: {e}");
        ScanError::new(ScanErrorKind::NotAnImage, message)
    })?;
    let saved = chosen(&images, wanted.name, &from)?;
    let bytes = store.required(&clean(&saved.config), wanted.limits.document_bytes);
    let digest = bytes
        .as_deref()
        .ok()
        .map(Digest::of)
        .or_else(|| named_digest(saved));
    let read = bytes.and_then(|bytes| configuration(saved, &bytes, &from));
    let read = ReadConfig::of(read, "")?;
    let platform = read.platform();
    manifest::check_platform(&platform, wanted.platform, &from)?;
    let layers = layers(store, saved, read.document.as_ref(), wanted, &from)?;
    let tag = saved.repo_tags.iter().flatten().next();
    let named = wanted
        .name
        .filter(|name| saved.repo_tags.iter().flatten().any(|tag| tag == name));
    let image = ImageMeta {
        account: LOCAL.into(),
        reference: named
            .map(str::to_owned)
            .or_else(|| tag.cloned())
            .unwrap_or(from),
        kind: ImageKind::Image,
        manifest_digest: None,
        manifest_type: DOCKER.into(),
        config_digest: digest.map(|digest| digest.to_string()),
        platform,
        config: read.document,
        config_unread: read.unread,
        container: None,
    };
    Ok(Contents {
        image,
        members: saved.layers.iter().map(|name| Some(clean(name))).collect(),
        layers,
    })
}

/// The image of this name; the only one where none is asked for.
fn chosen<'s>(images: &'s [Saved], name: Option<&str>, from: &str) -> Result<&'s Saved, ScanError> {
    let tags = |saved: &'s Saved| saved.repo_tags.iter().flatten();
    let found = match (name, images) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(name), _) => images.iter().find(|saved| {
            saved.config.contains(name) && name.len() >= 12
                || tags(saved)
                    .any(|tag| tag == name || tag.rsplit_once(':').is_some_and(|(_, t)| t == name))
        }),
    };
    found.ok_or_else(|| {
        let there: Vec<&str> = images
            .iter()
            .flat_map(tags)
            .map(String::as_str)
            .take(20)
            .collect();
        let message = match name {
            Some(name) => format!(
                "{from} has no image `{name}`; there are: {}",
                there.join(", ")
            ),
            None => format!(
                "{from} has {} images; name one of them after a colon: {}",
                images.len(),
                there.join(", ")
            ),
        };
        ScanError::new(ScanErrorKind::NotFound, message)
    })
}

/// The digest of the configuration as its member's name says it.
fn named_digest(saved: &Saved) -> Option<Digest> {
    let name = saved.config.rsplit('/').next().unwrap_or_default();
    Digest::parse(&format!("sha256:{}", name.trim_end_matches(".json")))
}

/// The configuration, held against the digest that its member's name may say.
fn configuration(saved: &Saved, bytes: &[u8], from: &str) -> Result<Value, ScanError> {
    if named_digest(saved).is_some_and(|named| named != Digest::of(bytes)) {
        let message = format!(
            "the configuration of {from} has other bytes than its name says; save the image anew"
        );
        return Err(ScanError::new(ScanErrorKind::NotAnImage, message));
    }
    manifest::parse_config(bytes, &format!("configuration of {from}"))
}

fn layers(
    store: &Store,
    saved: &Saved,
    config: Option<&Value>,
    wanted: Wanted<'_>,
    from: &str,
) -> Result<Vec<LayerSource>, ScanError> {
    if saved.layers.len() > wanted.limits.layers {
        let message = format!(
            "{from} has {} layers, more than {}",
            saved.layers.len(),
            wanted.limits.layers
        );
        return Err(ScanError::new(ScanErrorKind::Limit, message));
    }
    let named: Vec<Descriptor> = saved.layers.iter().map(|name| descriptor(name)).collect();
    let mut layers = manifest::layer_sources(&named, config, from)?;
    for (layer, name) in layers.iter_mut().zip(&saved.layers) {
        layer.digest = layer.digest.take().filter(|digest| !digest.is_empty());
        layer.size = store.index.find(&clean(name)).map(|slot| slot.size);
    }
    Ok(layers)
}

/// A layer is named by digest only as a blob of a layout; elsewhere the name is that of the uncompressed bytes or none.
fn descriptor(name: &str) -> Descriptor {
    let name = clean(name);
    let digest = name
        .strip_prefix("blobs/")
        .map(|rest| rest.replacen('/', ":", 1));
    let digest = digest.filter(|digest| Digest::parse(digest).is_some());
    Descriptor {
        digest: digest.unwrap_or_default(),
        ..Descriptor::default()
    }
}

fn clean(name: &str) -> String {
    let inside = crate::layer::name_inside(name.as_bytes());
    String::from_utf8_lossy(&inside).into_owned()
}
