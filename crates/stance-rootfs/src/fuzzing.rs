//! Doors for the fuzz targets in `fuzz/`; no part of the interface.

use std::io::Read;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use stance_model::{Reason, ReasonKind};

use crate::Limits;
use crate::image;
use crate::layer::{Reading, nothing_yet, read_layers};
use crate::secret::SecretScanner;
use crate::source::manifest::{image_parts, layer_sources, parse, parse_config};
use crate::source::{ImageKind, ImageMeta, LayerSource, Platform, Source};

/// Parts what one input has several of.
const BORDER: u8 = 0xff;

/// A scanner without rules: the search has a target of its own.
static NO_RULES: LazyLock<Option<SecretScanner>> =
    LazyLock::new(|| SecretScanner::new(Vec::new()).ok());

/// Layers in memory.
struct Memory<'d> {
    image: ImageMeta,
    layers: Vec<LayerSource>,
    blobs: Vec<&'d [u8]>,
}

impl<'d> Memory<'d> {
    fn new(blobs: Vec<&'d [u8]>) -> Self {
        Self {
            image: meta(),
            layers: blobs.iter().map(|_| LayerSource::default()).collect(),
            blobs,
        }
    }
}

impl Source for Memory<'_> {
    fn image(&self) -> &ImageMeta {
        &self.image
    }

    fn layers(&self) -> &[LayerSource] {
        &self.layers
    }

    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason> {
        match self.blobs.get(layer) {
            Some(blob) => Ok(Box::new(*blob)),
            None => Err(Reason::new(ReasonKind::NotFound, "there is no such layer")),
        }
    }
}

fn meta() -> ImageMeta {
    ImageMeta {
        account: image::LOCAL.to_owned(),
        reference: "fuzz:v1".to_owned(),
        kind: ImageKind::Image,
        manifest_digest: None,
        manifest_type: String::new(),
        config_digest: None,
        config: None,
        platform: Platform::default(),
        config_unread: None,
        container: None,
    }
}

/// Reads one layer, or the same bytes as two when the first is odd; the rest is the layer as it is stored.
pub fn layers(data: &[u8]) {
    let (Some((first, blob)), Some(scanner)) = (data.split_first(), NO_RULES.as_ref()) else {
        return;
    };
    let (low, high) = blob.split_at(blob.len() / 2 / 512 * 512);
    let blobs = if first % 2 == 1 {
        vec![low, high]
    } else {
        vec![blob]
    };
    let limits = limits();
    let cancel = AtomicBool::new(false);
    let reading = Reading {
        limits: &limits,
        scanner,
        verify_diff_ids: false,
        cancel: &cancel,
        begin: &|_| {},
        advance: &|_| {},
    };
    let merged = read_layers(
        &Memory::new(blobs),
        &reading,
        0,
        nothing_yet(),
        |_, _, _| {},
    );
    assert!(
        merged.bytes() <= 2 * (limits.tree_bytes + limits.kept_bytes),
        "the tree outgrew its limits"
    );
}

/// Small limits, so that each of them is met.
fn limits() -> Limits {
    Limits {
        total_bytes: 4 << 20,
        entries: 200,
        header_bytes: 8 << 10,
        file_bytes: 4 << 10,
        kept_bytes: 64 << 10,
        tree_bytes: 64 << 10,
        ..Limits::default()
    }
}

/// Reads a manifest and a configuration, parted by 0xFF, and says what the image says of itself.
pub fn config(data: &[u8]) {
    let mut parts = data.split(|byte| *byte == BORDER);
    let (manifest, config) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let Ok(config) = parse_config(config, "the configuration") else {
        return;
    };
    let layers = match parse(manifest, "the manifest") {
        Ok(document) => image_parts(&document, 512, "the manifest")
            .and_then(|(_, layers)| layer_sources(layers, Some(&config), "the manifest"))
            .unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let image = ImageMeta {
        platform: Platform::of_config(&config),
        config: Some(config),
        ..meta()
    };
    let (facts, unknown) = image::facts(&image, &layers);
    assert!(facts.len() + unknown.len() >= 3, "every fact is said");
}
