//! Runs phases as processes and sets their figures side by side.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use crate::args::Args;
use crate::phase::Phase;

/// How often each phase runs; the median counts.
const RUNS: usize = 3;

/// What a phase came to. Its text is what a child tells its parent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) peak: f64,
    pub(crate) lines: u64,
    pub(crate) evaluations: u64,
    pub(crate) fails: u64,
    pub(crate) unknown: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cpu,
            wall,
            peak,
            lines,
            evaluations,
            fails,
            unknown,
        } = self;
        write!(
            f,
            "{cpu} {wall} {peak} {lines} {evaluations} {fails} {unknown}"
        )
    }
}

impl FromStr for Figures {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let real = |at: usize| words.get(at).and_then(|w| w.parse().ok());
        let count = |at: usize| words.get(at).and_then(|w| w.parse().ok());
        let read = || {
            Some(Self {
                cpu: real(0)?,
                wall: real(1)?,
                peak: real(2)?,
                lines: count(3)?,
                evaluations: count(4)?,
                fails: count(5)?,
                unknown: count(6)?,
            })
        };
        read().ok_or_else(|| format!("a phase ended without figures: {text}"))
    }
}

/// Measures phases, the median of several runs of each. `threads` 0: all cores.
pub(crate) fn measure(
    args: &Args,
    file: &Path,
    phases: &[Phase],
    threads: usize,
) -> Result<Vec<(Phase, Figures)>, Box<dyn std::error::Error>> {
    phases
        .iter()
        .map(|phase| Ok((*phase, median(runs(args, file, *phase, threads, RUNS)?))))
        .collect()
}

/// How long the catalogue takes to load, in milliseconds.
pub(crate) fn loading(args: &Args, file: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let runs = runs(args, file, Phase::Load, 0, 5)?;
    let each: Vec<String> = runs
        .iter()
        .map(|r| format!("{:.1} ms (CPU {:.0} ms)", r.wall * 1e3, r.cpu * 1e3))
        .collect();
    let checks = runs.first().map_or(0, |r| r.lines);
    Ok(format!("{checks} checks: {}", each.join(", ")))
}

fn runs(
    args: &Args,
    file: &Path,
    phase: Phase,
    threads: usize,
    times: usize,
) -> Result<Vec<Figures>, Box<dyn std::error::Error>> {
    (0..times)
        .map(|_| {
            let output = Command::new(std::env::current_exe()?)
                .args(["--phase", phase.name(), "--file"])
                .arg(file)
                .args(["--threads", &threads.to_string()])
                .args(["--checks", &args.checks.to_string()])
                .args(["--assets", &args.assets.to_string()])
                .output()?;
            let figures = String::from_utf8_lossy(&output.stdout).parse();
            figures.map_err(|e: String| {
                format!("{e}{}", String::from_utf8_lossy(&output.stderr)).into()
            })
        })
        .collect()
}

fn median(mut runs: Vec<Figures>) -> Figures {
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    runs.get(runs.len() / 2).copied().unwrap_or_default()
}

/// The figures as a table, with the ratio to parsing alone.
pub(crate) fn table(figures: &[(Phase, Figures)]) -> String {
    let parse = figures
        .iter()
        .find(|(phase, _)| *phase == Phase::Parse)
        .map(|(_, f)| f.cpu);
    let mut text = format!(
        "{:8} {:>8} {:>8} {:>9} {:>9} {:>12} {:>10} {:>9}\n",
        "", "CPU s", "wall s", "peak MiB", "/ parse", "evaluations", "fails", "unknown"
    );
    for (phase, f) in figures {
        let ratio = parse.map_or_else(String::new, |parse| format!("{:.2}", f.cpu / parse));
        text.push_str(&format!(
            "{:8} {:8.2} {:8.2} {:9.1} {ratio:>9} {:12} {:10} {:9}\n",
            phase.name(),
            f.cpu,
            f.wall,
            f.peak,
            f.evaluations,
            f.fails,
            f.unknown
        ));
    }
    text
}
