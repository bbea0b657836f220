//! One scan: a reference in, an asset document out.

mod secrets;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value, json};
use stance_model::{Asset, AssetType, Origin, Provider, Reason};

use crate::cache::{ChainId, LayerCache, chain_ids};
use crate::container::{self, ContainerPaths};
use crate::error::{ScanError, ScanErrorKind};
use crate::image;
use crate::layer::{Merged, Reading, nothing_yet, read_layers};
use crate::limits::Limits;
use crate::password::PasswordOptions;
use crate::read::{ReadContext, read_all};
use crate::reference::{ImageRef, image_uuid};
use crate::registry::{RegistryOptions, RegistrySource};
use crate::secret::SecretScanner;
use crate::source::archive::Archive;
use crate::source::folder::FolderSource;
use crate::source::layout::Layout;
use crate::source::oci::Wanted;
use crate::source::{ImageKind, ImageMeta, LayerSource, Source};

/// A state is kept in the cache when at least this many bytes were read for it since the last one.
const WORTH_KEEPING: u64 = 1 << 20;

/// How an image is scanned.
pub struct Options<'a> {
    /// How much of anything is taken.
    pub limits: Limits,
    /// Whether decompressed layers are held against the configuration's diff ids also where the blob's own digest was
    /// checked, which proves as much.
    pub verify_diff_ids: bool,
    /// The platform, `os/architecture[/variant]`; none: this host's, or the only one.
    pub platform: Option<String>,
    /// Finds secrets.
    pub scanner: Arc<SecretScanner>,
    /// How passwords are guessed.
    pub guesser: PasswordOptions,
    /// How registries are spoken to.
    pub registry: RegistryOptions,
    /// Set by whoever no longer wants the result.
    pub cancel: &'a AtomicBool,
    /// Hears how far the scan is.
    pub progress: &'a dyn LayerProgress,
}

/// Hears how far a scan is; from two threads at once.
pub trait LayerProgress: Sync {
    /// There are so many layers, of so many bytes as they are stored where that is known.
    fn begin(&self, layers: usize, bytes: Option<u64>);
    /// A layer begins, from 0.
    fn layer(&self, index: usize, digest: &str, size: Option<u64>);
    /// So many bytes more were read, as they are stored, or need not be.
    fn advance(&self, compressed_bytes: u64);
}

/// Hears nothing.
impl LayerProgress for () {
    fn begin(&self, _: usize, _: Option<u64>) {}
    fn layer(&self, _: usize, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}

/// Scans an image, a container or a folder.
///
/// # Errors
/// Nothing can be said of it: it is not there, may not be read, is no image. A layer that cannot be read is no error: the
/// facts that it keeps from being known are among the asset's unknown ones.
pub fn scan(
    reference: &ImageRef,
    options: &Options<'_>,
    cache: &LayerCache,
) -> Result<Asset, ScanError> {
    let source = open(reference, options)?;
    let merged = layers(source.as_ref(), options, cache);
    if options.cancel.load(Ordering::Relaxed) {
        let message = format!("the scan of `{reference}` was cancelled");
        return Err(ScanError::new(ScanErrorKind::Cancelled, message));
    }
    asset(
        source.as_ref(),
        &merged,
        options,
        &tracked(reference, source.image()),
    )
}

fn open<'a>(
    reference: &ImageRef,
    options: &'a Options<'_>,
) -> Result<Box<dyn Source + 'a>, ScanError> {
    let platform = options.platform.as_deref();
    let wanted = |name| Wanted {
        name,
        platform,
        limits: &options.limits,
    };
    Ok(match reference {
        ImageRef::Layout { path, name } => Box::new(Layout::open(path, wanted(name.as_deref()))?),
        ImageRef::Archive { path, name } => Box::new(Archive::open(path, wanted(name.as_deref()))?),
        ImageRef::Folder { path } => Box::new(FolderSource::open(path)?),
        ImageRef::Registry(reference) => Box::new(RegistrySource::open(
            reference,
            platform,
            &options.registry,
            &options.limits,
            options.cancel,
        )?),
        ImageRef::Container { runtime, id } => {
            Box::new(container::open(*runtime, id, &ContainerPaths::default())?)
        }
    })
}

/// What the history of the asset follows: the name without a digest where it has a tag; a container's id.
fn tracked(reference: &ImageRef, meta: &ImageMeta) -> String {
    match (reference, &meta.container) {
        (ImageRef::Registry(reference), _) => reference.tracked(),
        (_, Some(container)) => container.id.clone(),
        _ => meta.reference.clone(),
    }
}

/// Reads the layers that the cache does not know.
fn layers(source: &dyn Source, options: &Options<'_>, cache: &LayerCache) -> Merged {
    let layers = source.layers();
    let sizes = layers.iter().map(|layer| layer.size);
    let bytes = sizes.sum::<Option<u64>>();
    options.progress.begin(layers.len(), bytes);
    let chain = chain_ids(layers, fingerprint(options).as_bytes());
    let (first, below) = match cache.longest(&chain) {
        Some((first, state)) => (first, Merged::clone(&state)),
        None => (0, nothing_yet()),
    };
    for (index, layer) in layers.iter().enumerate().take(first) {
        begin_layer(options, layers, index);
        options.progress.advance(layer.size.unwrap_or_default());
    }
    let mut fresh = 0;
    let done = |index: usize, merged: &Merged, bytes: u64| {
        fresh += bytes;
        let last = index + 1 == layers.len();
        if fresh < WORTH_KEEPING && !last {
            return;
        }
        if let Some(id) = chain.get(index) {
            let id: ChainId = *id;
            cache.keep(id, merged);
            fresh = 0;
        }
    };
    let reading = Reading {
        limits: &options.limits,
        scanner: &options.scanner,
        verify_diff_ids: options.verify_diff_ids,
        cancel: options.cancel,
        begin: &|index| begin_layer(options, layers, index),
        advance: &|bytes| options.progress.advance(bytes),
    };
    read_layers(source, &reading, first, below, done)
}

fn begin_layer(options: &Options<'_>, layers: &[LayerSource], index: usize) {
    if let Some(layer) = layers.get(index) {
        let digest = layer.shown_digest();
        options.progress.layer(index, digest, layer.size);
    }
}

/// What tells how layers are read from another way of reading them.
fn fingerprint(options: &Options<'_>) -> String {
    let wants = nothing_yet().root.unkept.wants().fingerprint();
    let rules = options.scanner.rules();
    format!(
        "{:?}\n{}\n{rules:?}\n{wants}",
        options.limits, options.verify_diff_ids
    )
}

/// The document of an image.
fn asset(
    source: &dyn Source,
    merged: &Merged,
    options: &Options<'_>,
    tracked: &str,
) -> Result<Asset, ScanError> {
    let meta = source.image();
    let (facts, unknown) = facts(source, merged, options);
    let name = match meta.kind {
        ImageKind::Container => "image/oci/container",
        ImageKind::Image | ImageKind::Rootfs => "image/oci/image",
    };
    let asset_type: Result<AssetType, _> = name.parse();
    Ok(Asset {
        provider: Provider::Image,
        account: meta.account.clone(),
        region: "global".into(),
        asset_type: asset_type
            .map_err(|e| ScanError::new(ScanErrorKind::Unsupported, e.to_string()))?,
        id: image_uuid(meta.kind, &meta.account, tracked),
        name: meta.reference.clone(),
        zone: None,
        tags: BTreeMap::new(),
        facts,
        unknown,
        origin: Some(Origin {
            kind: image::kind_name(meta.kind).into(),
            at: None,
            file: None,
            line: None,
        }),
    })
}

fn facts(
    source: &dyn Source,
    merged: &Merged,
    options: &Options<'_>,
) -> (Map<String, Value>, BTreeMap<String, Reason>) {
    let meta = source.image();
    let (mut facts, mut unknown) = image::facts(meta, source.layers());
    if let Some(image) = facts.get_mut("image").and_then(Value::as_object_mut) {
        let odd = merged.oddities.iter();
        let odd: Map<String, Value> = odd.map(|(odd, n)| (odd.name().into(), json!(n))).collect();
        image.insert("oddities".into(), odd.into());
        if let Some(reason) = &merged.root.incomplete {
            image.insert("incomplete".into(), json!(reason));
        }
    }
    let context = ReadContext {
        passwords: &options.guesser,
        config: meta.config.as_ref(),
        config_unread: meta.config_unread.as_ref(),
    };
    let (read, unread) = read_all(&merged.root, &context);
    facts.extend(read);
    unknown.extend(unread);
    let secrets = secrets::facts(meta, merged, &options.scanner, &options.limits);
    facts.insert("secrets".into(), secrets);
    (facts, unknown)
}
