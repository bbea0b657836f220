//! Runs phases as processes and sets their figures side by side.

use std::fmt::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use crate::args::Args;
use crate::phase::Phase;

/// What a phase came to. Its text is what a child tells its parent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) peak: f64,
    pub(crate) bytes: u64,
    pub(crate) findings: usize,
    pub(crate) unknown: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cpu, wall, peak, ..
        } = self;
        let Self {
            bytes,
            findings,
            unknown,
            ..
        } = self;
        write!(f, "{cpu} {wall} {peak} {bytes} {findings} {unknown}")
    }
}

impl FromStr for Figures {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let read = || -> Option<Self> {
            Some(Self {
                cpu: word(0).parse().ok()?,
                wall: word(1).parse().ok()?,
                peak: word(2).parse().ok()?,
                bytes: word(3).parse().ok()?,
                findings: word(4).parse().ok()?,
                unknown: word(5).parse().ok()?,
            })
        };
        read().ok_or_else(|| format!("a phase ended without figures: {text}"))
    }
}

/// Measures every phase in turn, several times over: what disturbs one run disturbs its neighbours too.
pub(crate) fn measure(args: &Args) -> Result<Vec<(Phase, Figures)>, Box<dyn std::error::Error>> {
    let mut runs: Vec<(Phase, Vec<Figures>)> = Phase::ALL.map(|phase| (phase, Vec::new())).into();
    for _ in 0..args.runs.max(1) {
        for (phase, figures) in &mut runs {
            figures.push(run(*phase, &args.image)?);
        }
    }
    Ok(runs
        .into_iter()
        .map(|(phase, figures)| (phase, median(figures)))
        .collect())
}

fn run(phase: Phase, image: &Path) -> Result<Figures, Box<dyn std::error::Error>> {
    let child = Command::new(std::env::current_exe()?)
        .args(["--phase", phase.name(), "--image"])
        .arg(image)
        .output()?;
    if !child.status.success() {
        let told = String::from_utf8_lossy(&child.stderr).into_owned();
        return Err(format!("{}: {told}", phase.name()).into());
    }
    Ok(String::from_utf8_lossy(&child.stdout).parse()?)
}

/// The run in the middle by processor time; the most memory of all.
fn median(mut runs: Vec<Figures>) -> Figures {
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let peak = runs.iter().map(|run| run.peak).fold(0.0, f64::max);
    let middle = runs.get(runs.len() / 2).copied().unwrap_or_default();
    Figures { peak, ..middle }
}

/// The figures as a table, with the ratio to the first phase.
pub(crate) fn table(image: &Path, measured: &[(Phase, Figures)]) -> String {
    let base = measured
        .first()
        .map(|(_, figures)| *figures)
        .unwrap_or_default();
    let mut table = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(
        table,
        "{}: {:.1} MB decompressed\n{:<24} {:>7} {:>7} {:>7} {:>9} {:>9} {:>8}",
        image.display(),
        megabytes(base.bytes),
        "phase",
        "cpu s",
        "ratio",
        "wall s",
        "peak MiB",
        "findings",
        "unknown"
    );
    for (phase, figures) in measured {
        let Figures {
            cpu,
            wall,
            peak,
            findings,
            unknown,
            ..
        } = figures;
        let ratio = cpu / base.cpu.max(0.01);
        let name = phase.name();
        let _ = writeln!(
            table,
            "{name:<24} {cpu:>7.2} {ratio:>7.2} {wall:>7.2} {peak:>9.1} {findings:>9} {unknown:>8}"
        );
    }
    table
}

#[expect(clippy::cast_precision_loss, reason = "for show")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
