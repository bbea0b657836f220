//! Progress on a terminal; silence elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use stance_service::{NoProgress, Phase, Progress};

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
