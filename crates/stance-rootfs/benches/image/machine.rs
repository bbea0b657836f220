//! What the machine spent.

use std::path::Path;
use std::time::Instant;

use stance_model::bounded::read_text;

/// Measures time and processor time of this process.
pub(crate) struct Meter {
    begun: Instant,
    cpu: f64,
}

/// What was spent, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            begun: Instant::now(),
            cpu: cpu_seconds(),
        }
    }

    pub(crate) fn stop(self) -> Spent {
        Spent {
            wall: self.begun.elapsed().as_secs_f64(),
            cpu: cpu_seconds() - self.cpu,
        }
    }
}

/// The most memory that this process had, in MiB.
pub(crate) fn peak_memory_mib() -> f64 {
    let status = read_text(Path::new("/proc/self/status"), 65_536).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    let kib: Option<f64> = line
        .split_whitespace()
        .next()
        .and_then(|kib| kib.parse().ok());
    kib.unwrap_or_default() / 1_024.0
}

/// User and system time of all threads of this process.
fn cpu_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = read_text(Path::new("/proc/self/stat"), 4_096).unwrap_or_default();
    let tail = stat.rsplit_once(')').map_or("", |(_, tail)| tail);
    let ticks = tail
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}
