//! What the machine spent.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use stance_model::bounded::read_text;

/// Measures time and processor time, of this process and of any PostgreSQL server on the machine.
pub(crate) struct Meter {
    begun: Instant,
    cpu: f64,
    server: f64,
}

/// What was spent.
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) cpu: f64,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            begun: Instant::now(),
            cpu: own_cpu(),
            server: server_cpu(),
        }
    }

    pub(crate) fn stop(self) -> Spent {
        let cpu = own_cpu() - self.cpu + server_cpu() - self.server;
        Spent {
            wall: self.begun.elapsed(),
            cpu,
        }
    }
}

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CPU {:7.2} s, wall {:7.2} s",
            self.cpu,
            self.wall.as_secs_f64()
        )
    }
}

/// The most memory that this process had, in MiB.
pub(crate) fn peak_memory_mib() -> u64 {
    let status = read_text(Path::new("/proc/self/status"), 65_536).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or_default()
        / 1_024
}

/// The size of the files in a folder, in MiB.
pub(crate) fn size_mib(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|f| f.metadata().ok())
        .map(|m| m.len())
        .sum::<u64>()
        >> 20
}

fn own_cpu() -> f64 {
    cpu_of(Path::new("/proc/self/stat"), |_| true, 2)
}

/// Of all servers that run; ended sessions are in the account of their parents.
fn server_cpu() -> f64 {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .map(|p| cpu_of(&p.path().join("stat"), |name| name == "postgres", 4))
        .sum()
}

/// The first `fields` of: user, system, ended children's user, ended children's system; in seconds.
fn cpu_of(stat: &Path, wanted: impl Fn(&str) -> bool, fields: usize) -> f64 {
    const TICKS: f64 = 100.0;
    let Ok(text) = read_text(stat, 4_096) else {
        return 0.0;
    };
    let Some((head, tail)) = text.rsplit_once(')') else {
        return 0.0;
    };
    if !wanted(head.split_once('(').map_or("", |(_, name)| name)) {
        return 0.0;
    }
    let ticks = tail
        .split_whitespace()
        .skip(11)
        .take(fields)
        .filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}
