//! Progress on a terminal; silence elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use stance_collect::live::Watch;
use stance_model::AssetType;
use stance_rootfs::LayerProgress;
use stance_service::{NoProgress, Phase, Progress};

use crate::output::plain;

/// A bar on standard error, one phase after the other.
struct Bar(Mutex<ProgressBar>);

/// A bar where standard error is a terminal.
pub(crate) fn progress() -> Arc<dyn Progress> {
    if stderr().is_terminal() {
        Arc::new(Bar(Mutex::new(ProgressBar::hidden())))
    } else {
        Arc::new(NoProgress)
    }
}

impl Progress for Bar {
    fn begin(&self, phase: Phase, total: Option<u64>) {
        let (name, unit) = match phase {
            Phase::Reading => ("reading and checking", "assets"),
            Phase::Relating => ("checking related", "assets"),
            Phase::Storing => ("storing", "accounts"),
        };
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let counted = if total.is_some() {
            "{bar:30} {pos}/{len}"
        } else {
            "{spinner} {pos}"
        };
        let template = format!("{name}: {counted} {unit} {{elapsed}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.finish_and_clear();
        *current = bar;
    }

    fn advance(&self, count: u64) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .inc(count);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .finish_and_clear();
    }
}

/// A bar on standard error for the layers of one image, counted in bytes as they are stored.
pub(crate) struct LayerBar {
    bar: ProgressBar,
    layers: AtomicUsize,
}

impl LayerBar {
    /// A bar where standard error is a terminal; `name` is what people call the image.
    pub(crate) fn new(name: &str) -> Self {
        let bar = if stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.set_prefix(plain(name));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            layers: AtomicUsize::new(0),
        }
    }
}

impl LayerProgress for LayerBar {
    fn begin(&self, layers: usize, bytes: Option<u64>) {
        self.layers.store(layers, Ordering::Relaxed);
        let counted = if bytes.is_some() {
            "{bar:30} {bytes}/{total_bytes}"
        } else {
            "{spinner} {bytes}"
        };
        if let Some(bytes) = bytes {
            self.bar.set_length(bytes);
        }
        let template = format!("{{prefix}}: {counted} {{msg}} {{elapsed}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.bar.set_style(style);
        }
    }

    fn layer(&self, index: usize, digest: &str, _size: Option<u64>) {
        let layers = self.layers.load(Ordering::Relaxed);
        let digest: String = digest
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .chars()
            .take(12)
            .collect();
        self.bar
            .set_message(format!("layer {}/{layers} {digest}", index + 1));
    }

    fn advance(&self, compressed_bytes: u64) {
        self.bar.inc(compressed_bytes);
    }
}

impl Drop for LayerBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar on standard error for the types and regions of one account.
pub(crate) struct TypeBar(ProgressBar);

impl TypeBar {
    /// A bar where standard error is a terminal; `account` is the account's id.
    pub(crate) fn new(account: &str) -> Self {
        let bar = if stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{prefix}: {bar:30} {pos}/{len} {msg} {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_prefix(plain(account));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Watch for TypeBar {
    fn begin(&self, jobs: usize) {
        self.0.set_length(jobs as u64);
    }

    fn done(&self, asset_type: &AssetType, region: &str) {
        self.0
            .set_message(format!("{asset_type} {}", plain(region)));
        self.0.inc(1);
    }
}

impl Drop for TypeBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
