//! How images are read: the options that commands share, and what the server scans with.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, anyhow};
use stance_catalog::Catalog;
use stance_model::{Asset, bounded};
use stance_rootfs::{
    ImageRef, LayerCache, LayerProgress, Limits, Options, PasswordOptions, RegistryOptions,
    ScanError, SecretScanner,
};
use stance_service::ImageScanner;

/// The most bytes of a list of words.
const MAX_WORDS_BYTES: u64 = 16 << 20;

/// How images are read, and how much of them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArgs {
    /// Which of the images of a multi-platform one, as os/arch[/variant]. Default: linux and this machine's.
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
    /// Also check that each layer unpacks to the digest that the configuration names.
    #[arg(long)]
    verify_content: bool,
    /// The most mebibytes of all layers together, unpacked.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().total_bytes >> 20)]
    max_size: u64,
    /// The most files and folders of all layers together.
    #[arg(long, value_name = "N", default_value_t = Limits::default().entries)]
    max_entries: u64,
    /// The most times that a layer may grow when it is unpacked.
    #[arg(long, value_name = "N", default_value_t = Limits::default().ratio)]
    max_ratio: u64,
    /// The largest configuration file that is read, in KiB.
    #[arg(long, value_name = "KIB", default_value_t = Limits::default().file_bytes >> 10)]
    max_file: u64,
    /// The most findings of one item that are kept for an image; the rest is counted.
    #[arg(long, value_name = "N", default_value_t = Limits::default().findings)]
    max_findings: usize,
    /// Seconds of processor time for guessing weak passwords, for each image; 0: none is guessed.
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    password_seconds: u64,
    /// More passwords to try, one in a line.
    #[arg(long, value_name = "FILE")]
    passwords: Option<PathBuf>,
}

/// How registries are reached.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Registries")]
pub(crate) struct RegistryArgs {
    /// Speak plain HTTP with the registry. One on this machine needs no such word.
    #[arg(long)]
    plain_http: bool,
    /// Trust this authority for the registry's certificate, too (PEM).
    #[arg(long, value_name = "FILE")]
    registry_ca: Option<PathBuf>,
}

/// How all images of a command are read.
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) verify_diff_ids: bool,
    pub(crate) platform: Option<String>,
    pub(crate) scanner: Arc<SecretScanner>,
    pub(crate) passwords: PasswordOptions,
    pub(crate) registry: RegistryOptions,
}

impl Settings {
    pub(crate) fn new(
        reading: &ReadingArgs,
        registry: &RegistryArgs,
        catalog: &Catalog,
    ) -> anyhow::Result<Self> {
        let scanner = SecretScanner::new(catalog.secret_rules()).map_err(|error| anyhow!(error))?;
        Ok(Self {
            limits: limits(reading),
            verify_diff_ids: reading.verify_content,
            platform: reading.platform.clone(),
            scanner: Arc::new(scanner),
            passwords: PasswordOptions {
                budget: Duration::from_secs(reading.password_seconds),
                words: words(reading)?,
            },
            registry: RegistryOptions {
                plain_http: registry.plain_http,
                ca_file: registry.registry_ca.clone(),
                ..RegistryOptions::default()
            },
        })
    }

    /// Reads one image.
    pub(crate) fn scan(
        &self,
        reference: &ImageRef,
        cache: &LayerCache,
        cancel: &AtomicBool,
        progress: &dyn LayerProgress,
    ) -> Result<Asset, ScanError> {
        let options = Options {
            limits: self.limits,
            verify_diff_ids: self.verify_diff_ids,
            platform: self.platform.clone(),
            scanner: Arc::clone(&self.scanner),
            guesser: self.passwords.clone(),
            registry: self.registry.clone(),
            cancel,
            progress,
        };
        stance_rootfs::scan(reference, &options, cache)
    }
}

fn limits(reading: &ReadingArgs) -> Limits {
    Limits {
        total_bytes: reading.max_size.saturating_mul(1 << 20),
        ratio: reading.max_ratio,
        entries: reading.max_entries,
        file_bytes: reading.max_file.saturating_mul(1 << 10),
        findings: reading.max_findings,
        ..Limits::default()
    }
}

fn words(reading: &ReadingArgs) -> anyhow::Result<Vec<String>> {
    let Some(file) = &reading.passwords else {
        return Ok(Vec::new());
    };
    let text = bounded::read_text(file, MAX_WORDS_BYTES)
        .with_context(|| format!("reading the passwords in `{}`", file.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Scans what requests name, from registries that the operator allows.
pub(crate) struct ServedScanner {
    settings: Settings,
    registries: Vec<String>,
    cache: LayerCache,
}

impl ServedScanner {
    pub(crate) fn new(settings: Settings, registries: Vec<String>) -> Self {
        Self {
            settings,
            registries,
            cache: LayerCache::default(),
        }
    }
}

impl ImageScanner for ServedScanner {
    fn scan(&self, reference: &str, cancel: &AtomicBool) -> Result<Asset, String> {
        // Whatever it looks like, it is a reference to a registry: a request must not name files of this host.
        let reference: ImageRef = format!("docker://{reference}")
            .parse()
            .map_err(|error| format!("{error}"))?;
        self.settings
            .scan(&reference, &self.cache, cancel, &Silent)
            .map_err(|error| error.to_string())
    }

    fn registries(&self) -> &[String] {
        &self.registries
    }
}

/// Hears nothing.
struct Silent;

impl LayerProgress for Silent {
    fn begin(&self, _: usize, _: Option<u64>) {}
    fn layer(&self, _: usize, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}
