//! Manifests, indexes and configurations: the documents that say what an image is made of. Sources that have them
//! (layouts, archives, registries) share this.

use serde::Deserialize;
use serde_json::Value;
use stance_model::Reason;

use super::{LayerForm, LayerSource, Platform};
use crate::error::{ScanError, ScanErrorKind};

/// A pointer to a blob.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Descriptor {
    /// What it holds.
    pub(crate) media_type: String,
    /// Its digest.
    pub(crate) digest: String,
    /// Its size, bytes.
    pub(crate) size: Option<u64>,
    /// What it runs on, in an index.
    pub(crate) platform: Option<PlatformDocument>,
    /// Notes; `org.opencontainers.image.ref.name` is its tag in a layout.
    pub(crate) annotations: std::collections::BTreeMap<String, String>,
    /// Where it can be had instead: the mark of a layer that may not be distributed.
    pub(crate) urls: Vec<String>,
}

/// A platform as documents write it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlatformDocument {
    /// `linux`, …
    pub(crate) os: String,
    /// `amd64`, …
    pub(crate) architecture: String,
    /// `v7`, …
    pub(crate) variant: String,
}

/// An index or a manifest: what it is shows in what it has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Document {
    /// 2 for all that are read; 1 is Docker's dead first schema.
    pub(crate) schema_version: u64,
    /// What it says it is; OCI lets it be left out.
    pub(crate) media_type: String,
    /// Of an artifact, its type.
    pub(crate) artifact_type: String,
    /// The manifests of an index.
    pub(crate) manifests: Option<Vec<Descriptor>>,
    /// The configuration of a manifest.
    pub(crate) config: Option<Descriptor>,
    /// The layers of a manifest.
    pub(crate) layers: Option<Vec<Descriptor>>,
}

/// Reads an index or a manifest; `from` names it in an error.
///
/// # Errors
/// It is no JSON document of this form.
pub(crate) fn parse(bytes: &[u8], from: &str) -> Result<Document, ScanError> {
    serde_json::from_slice(bytes).map_err(|e| {
        ScanError::new(
            ScanErrorKind::NotAnImage,
            format!("{from} is no image manifest or index: {e}"),
        )
    })
}

/// Reads a configuration; `from` names it in an error.
///
/// # Errors
/// It is no JSON object.
pub(crate) fn parse_config(bytes: &[u8], from: &str) -> Result<Value, ScanError> {
    let value: Result<Value, _> = serde_json::from_slice(bytes);
    match value {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(no_config(from, "it is no object")),
        Err(e) => Err(no_config(from, &e.to_string())),
    }
}

/// A configuration that was read, or why it was not: the layers can be read without it.
pub(crate) struct ReadConfig {
    /// The document.
    pub(crate) document: Option<Value>,
    /// Why there is none.
    pub(crate) unread: Option<Reason>,
}

impl ReadConfig {
    /// What came of reading it; `media_type` is what the manifest says of it.
    ///
    /// # Errors
    /// It cannot be read, and nothing says that it is an image's.
    pub(crate) fn of(read: Result<Value, ScanError>, media_type: &str) -> Result<Self, ScanError> {
        match read {
            Ok(document) => Ok(Self {
                document: Some(document),
                unread: None,
            }),
            Err(error) if media_type.is_empty() || CONFIGS.contains(&media_type) => Ok(Self {
                document: None,
                unread: Some(Reason::new(error.reason(), error.message)),
            }),
            Err(error) => Err(error),
        }
    }

    /// What it says that the image runs on.
    pub(crate) fn platform(&self) -> Platform {
        let platform = self.document.as_ref().map(Platform::of_config);
        platform.unwrap_or_default()
    }
}

/// The media types of images' configurations.
const CONFIGS: [&str; 2] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];

fn no_config(from: &str, why: &str) -> ScanError {
    let message = format!("{from} is no image configuration: {why}");
    ScanError::new(ScanErrorKind::NotAnImage, message)
}

/// The manifest of an index that runs on `wanted` (`os/architecture[/variant]`); this host's where none is asked for,
/// and the only one where there is one. Attestations (platform `unknown/unknown`) are no images.
///
/// # Errors
/// None fits, with those that are there.
pub(crate) fn choose<'d>(
    manifests: &'d [Descriptor],
    wanted: Option<&str>,
    from: &str,
) -> Result<&'d Descriptor, ScanError> {
    let images: Vec<&Descriptor> = manifests.iter().filter(|d| !is_attestation(d)).collect();
    let fitting = |platform: &Platform| {
        images
            .iter()
            .copied()
            .find(|descriptor| fits(descriptor, platform))
    };
    let found = match wanted {
        Some(text) => {
            let platform = Platform::parse(text)?;
            let unsaid = images
                .as_slice()
                .first()
                .filter(|d| images.len() == 1 && d.platform.is_none());
            fitting(&platform).or(unsaid.copied())
        }
        None => match images.as_slice() {
            [only] => Some(*only),
            _ => fitting(&Platform::host()),
        },
    };
    found.ok_or_else(|| no_platform(&images, wanted, from))
}

fn no_platform(images: &[&Descriptor], wanted: Option<&str>, from: &str) -> ScanError {
    let there: Vec<String> = images.iter().take(20).map(|d| shown_platform(d)).collect();
    let wanted = wanted.map_or_else(|| Platform::host().to_string(), str::to_owned);
    let message = format!(
        "{from} has no image for `{wanted}`; there are: {}; choose one of them as the platform",
        there.join(", ")
    );
    ScanError::new(ScanErrorKind::NotFound, message)
}

fn is_attestation(descriptor: &Descriptor) -> bool {
    let platform = descriptor.platform.as_ref();
    platform.is_some_and(|p| p.os == "unknown" && p.architecture == "unknown")
        || descriptor
            .annotations
            .contains_key("vnd.docker.reference.type")
}

fn fits(descriptor: &Descriptor, wanted: &Platform) -> bool {
    descriptor.platform.as_ref().is_some_and(|has| {
        has.os == wanted.os
            && has.architecture == wanted.architecture
            && (wanted.variant.is_empty() || has.variant == wanted.variant)
    })
}

fn shown_platform(descriptor: &Descriptor) -> String {
    match &descriptor.platform {
        None => "one without a platform".to_owned(),
        Some(p) => Platform {
            os: p.os.clone(),
            architecture: p.architecture.clone(),
            variant: p.variant.clone(),
        }
        .to_string(),
    }
}

/// Holds the platform that an image says against the one that is asked for.
///
/// # Errors
/// It is another one.
pub(crate) fn check_platform(
    has: &Platform,
    wanted: Option<&str>,
    from: &str,
) -> Result<(), ScanError> {
    let Some(text) = wanted else { return Ok(()) };
    let wanted = Platform::parse(text)?;
    let same = has.os == wanted.os && has.architecture == wanted.architecture;
    if same || has.architecture.is_empty() {
        return Ok(());
    }
    Err(ScanError::new(
        ScanErrorKind::NotFound,
        format!("{from} is for `{has}`, not for `{text}`"),
    ))
}

/// The configuration and the layers of a manifest that is an image's.
///
/// # Errors
/// It is an artifact, of Docker's first schema, or has no configuration or layers; or it has more layers than allowed.
pub(crate) fn image_parts<'d>(
    document: &'d Document,
    most_layers: usize,
    from: &str,
) -> Result<(&'d Descriptor, &'d [Descriptor]), ScanError> {
    let not = |why: String| ScanError::new(ScanErrorKind::NotAnImage, format!("{from} {why}"));
    if document.schema_version == 1 {
        return Err(not(
            "is of Docker's first manifest schema, which is no longer in use; push it anew".into(),
        ));
    }
    let (Some(config), Some(layers)) = (&document.config, &document.layers) else {
        return Err(not(
            "is no image: it has no configuration or no layers".into()
        ));
    };
    if !document.artifact_type.is_empty() || config.media_type == EMPTY {
        let of = [&document.artifact_type, &config.media_type];
        let of = of.into_iter().find(|t| !t.is_empty());
        return Err(not(format!(
            "is an artifact of type `{}`, no image",
            of.map_or("unknown", String::as_str)
        )));
    }
    if layers.len() > most_layers {
        return Err(ScanError::new(
            ScanErrorKind::Limit,
            format!(
                "{from} has {} layers, more than {most_layers}",
                layers.len()
            ),
        ));
    }
    Ok((config, layers))
}

const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// The layers of a manifest, each with its diff id and its line of history from the configuration, as far as that could
/// be read.
///
/// # Errors
/// The configuration is that of an artifact: it knows no layers, but the manifest has some.
pub(crate) fn layer_sources(
    layers: &[Descriptor],
    config: Option<&Value>,
    from: &str,
) -> Result<Vec<LayerSource>, ScanError> {
    if config.is_some_and(|config| config.get("rootfs").is_none()) && !layers.is_empty() {
        return Err(ScanError::new(
            ScanErrorKind::NotAnImage,
            format!("{from} is an artifact, no image: its configuration names no layers"),
        ));
    }
    let instructions = config.map(|config| crate::image::instructions(config, layers.len()));
    let instructions = instructions.unwrap_or_default();
    let diff_ids = config.map(diff_ids).unwrap_or_default();
    let layers = layers
        .iter()
        .enumerate()
        .map(|(index, descriptor)| LayerSource {
            digest: Some(descriptor.digest.clone()),
            diff_id: diff_ids.get(index).cloned(),
            size: descriptor.size,
            media_type: descriptor.media_type.clone(),
            instruction: instructions.get(index).cloned().unwrap_or_default(),
            form: LayerForm::Archive,
        });
    Ok(layers.collect())
}

/// The digests of the uncompressed layers, as the configuration says.
pub(crate) fn diff_ids(config: &Value) -> Vec<String> {
    let ids = config.pointer("/rootfs/diff_ids").and_then(Value::as_array);
    let text = |id: &Value| id.as_str().unwrap_or_default().to_owned();
    ids.into_iter().flatten().map(text).collect()
}
