//! The phases that are measured.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use stance_model::bounded::read_text;
use stance_rootfs::{
    ImageRef, LayerCache, Limits, Options, PasswordOptions, RegistryOptions, SecretScanner, scan,
};

use crate::figures::Figures;
use crate::machine::{Meter, peak_memory_mib};
use crate::rules;

type Measured = Result<Figures, Box<dyn std::error::Error>>;

/// One way to go over the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Decompresses the layers and computes the digests of their blobs, one layer after the other, one thread.
    Baseline,
    /// Scans without rules for secrets.
    Readers,
    /// Scans.
    Scan,
    /// Scans once more, with what the cache kept.
    Again,
}

impl Phase {
    /// All of them; the first is what the others are held against.
    pub(crate) const ALL: [Self; 4] = [Self::Baseline, Self::Readers, Self::Scan, Self::Again];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Baseline => "decompress-and-digest",
            Self::Readers => "scan-without-rules",
            Self::Scan => "scan",
            Self::Again => "scan-shared-layers",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let found = Self::ALL.into_iter().find(|phase| phase.name() == name);
        found.ok_or_else(|| format!("no phase `{name}`").into())
    }

    pub(crate) fn run(self, image: &Path) -> Measured {
        match self {
            Self::Baseline => baseline(image),
            Self::Readers => scanned(image, SecretScanner::new(Vec::new())?, false),
            Self::Scan => scanned(image, SecretScanner::new(rules::all()?)?, false),
            Self::Again => scanned(image, SecretScanner::new(rules::all()?)?, true),
        }
    }
}

fn scanned(image: &Path, scanner: SecretScanner, again: bool) -> Measured {
    let cancel = AtomicBool::new(false);
    let options = Options {
        limits: Limits::default(),
        verify_diff_ids: false,
        platform: None,
        scanner: Arc::new(scanner),
        guesser: PasswordOptions {
            budget: Duration::ZERO,
            ..PasswordOptions::default()
        },
        registry: RegistryOptions::default(),
        cancel: &cancel,
        progress: &(),
    };
    let reference = ImageRef::Layout {
        path: image.to_owned(),
        name: None,
    };
    let cache = LayerCache::new(if again { 64 << 20 } else { 0 });
    if again {
        scan(&reference, &options, &cache)?;
    }
    let meter = Meter::start();
    let asset = scan(&reference, &options, &cache)?;
    let spent = meter.stop();
    let findings = asset
        .facts
        .get("secrets")
        .and_then(|secrets| secrets.get("findings"));
    Ok(Figures {
        cpu: spent.cpu,
        wall: spent.wall,
        peak: peak_memory_mib(),
        bytes: 0,
        findings: findings.and_then(Value::as_array).map_or(0, Vec::len),
        unknown: asset.unknown.len(),
    })
}

fn baseline(image: &Path) -> Measured {
    let layers = layers(image)?;
    let meter = Meter::start();
    let mut bytes = 0;
    for layer in layers {
        bytes += decompress(&layer)?;
    }
    let spent = meter.stop();
    Ok(Figures {
        cpu: spent.cpu,
        wall: spent.wall,
        peak: peak_memory_mib(),
        bytes,
        findings: 0,
        unknown: 0,
    })
}

/// The blobs of the layers, through as many indexes as there are.
fn layers(image: &Path) -> Result<Vec<PathBuf>, Box<dyn std::error::Error>> {
    let mut document = json(&image.join("index.json"))?;
    while let Some(next) = document.pointer("/manifests/0/digest") {
        document = json(&blob(image, next))?;
    }
    let layers = document.get("layers").and_then(Value::as_array);
    let digests = layers.into_iter().flatten().filter_map(|l| l.get("digest"));
    Ok(digests.map(|digest| blob(image, digest)).collect())
}

fn json(path: &Path) -> Result<Value, Box<dyn std::error::Error>> {
    Ok(serde_json::from_str(&read_text(path, 4 << 20)?)?)
}

fn blob(image: &Path, digest: &Value) -> PathBuf {
    let digest = digest.as_str().unwrap_or_default();
    image.join("blobs").join(digest.replace(':', "/"))
}

/// A reader that computes the digest of what goes through it.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let got = self.inner.read(out)?;
        self.hash.update(out.get(..got).unwrap_or_default());
        Ok(got)
    }
}

fn decompress(path: &Path) -> Result<u64, Box<dyn std::error::Error>> {
    let mut magic = [0; 4];
    File::open(path)?.read_exact(&mut magic)?;
    let mut hashed = Hashed {
        inner: File::open(path)?,
        hash: Sha256::new(),
    };
    let input = BufReader::with_capacity(64 << 10, &mut hashed);
    let bytes = match magic {
        [0x1f, 0x8b, ..] => drain(flate2::bufread::MultiGzDecoder::new(input))?,
        [0x28, 0xb5, 0x2f, 0xfd] => drain(zstd::stream::read::Decoder::with_buffer(input)?)?,
        _ => drain(input)?,
    };
    let digest = hex::encode(hashed.hash.finalize());
    let named = path.file_name().and_then(|name| name.to_str());
    if named != Some(&digest) {
        return Err(format!("`{}` has the digest {digest}", path.display()).into());
    }
    Ok(bytes)
}

fn drain(mut input: impl Read) -> std::io::Result<u64> {
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0;
    loop {
        match input.read(&mut buffer)? {
            0 => return Ok(bytes),
            got => bytes += got as u64,
        }
    }
}
