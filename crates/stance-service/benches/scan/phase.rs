//! The phases that are measured.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use stance_catalog::{Catalog, Check};
use stance_collect::snapshot::{Limits, Line, RawLine, Reader, parse_line};
use stance_engine::{Context, Document, RelatedIndex};
use stance_model::{AssetType, Outcome};

use crate::args::Args;
use crate::estate::TYPES;
use crate::machine::{self, Meter};
use crate::report::Figures;

/// The time that checks see.
const NOW: &str = "2026-06-01T00:00:00Z";

/// How many lines are handed to the cores at a time.
const LINES: usize = 2_048;

/// What is done with each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing.
    Read,
    /// Parsed, nothing else.
    Parse,
    /// Parsed and checked as the snapshot reader does.
    Line,
    /// That, and judged by the checks.
    Judge,
    /// That, and explained where it does not pass.
    Explain,
    /// Judged by 200 checks each.
    Grid,
    /// Nothing is read: the catalogue is loaded.
    Load,
}

/// What one line came to.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    lines: u64,
    evaluations: u64,
    fails: u64,
    unknown: u64,
    /// So that nothing is optimised away.
    evidence: u64,
}

type Checks = BTreeMap<AssetType, Vec<Arc<Check>>>;

impl Phase {
    /// All that are measured one after the other.
    pub(crate) const EACH: &'static [Self] = &[
        Self::Read,
        Self::Parse,
        Self::Line,
        Self::Judge,
        Self::Explain,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Line => "line",
            Self::Judge => "judge",
            Self::Explain => "explain",
            Self::Grid => "grid",
            Self::Load => "load",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let all = Self::EACH.iter().chain(&[Self::Grid, Self::Load]);
        all.copied()
            .find(|phase| phase.name() == name)
            .ok_or_else(|| format!("`{name}` is no phase"))
    }

    /// Goes over the file.
    pub(crate) fn run(self, args: &Args) -> Result<Figures, Box<dyn std::error::Error>> {
        if self == Self::Load {
            return load();
        }
        if args.threads > 0 {
            rayon::ThreadPoolBuilder::new()
                .num_threads(args.threads)
                .build_global()?;
        }
        let checks = self.checks(args)?;
        let meter = Meter::start();
        let tally = self.file(args, &checks)?;
        let spent = meter.stop();
        Ok(Figures {
            cpu: spent.cpu,
            wall: spent.wall,
            peak: machine::peak_memory_mib(),
            lines: tally.lines,
            evaluations: tally.evaluations,
            fails: tally.fails,
            unknown: tally.unknown,
        })
    }

    fn checks(self, args: &Args) -> Result<Checks, Box<dyn std::error::Error>> {
        if !matches!(self, Self::Judge | Self::Explain | Self::Grid) {
            return Ok(Checks::new());
        }
        let catalog = Catalog::builtin().map_err(|report| report.to_string())?;
        let mut checks = Checks::new();
        let alone = catalog
            .checks()
            .iter()
            .filter(|c| TYPES.contains(&c.asset_type.as_str()) && c.rule.lookups().is_empty());
        for check in alone.take(args.checks) {
            checks
                .entry(check.asset_type.clone())
                .or_default()
                .push(Arc::clone(check));
        }
        if self == Self::Grid {
            for own in checks.values_mut() {
                *own = own.iter().cycle().take(200).cloned().collect();
            }
        }
        Ok(checks)
    }

    fn file(self, args: &Args, checks: &Checks) -> Result<Tally, Box<dyn std::error::Error>> {
        let limits = Limits::default();
        let related = RelatedIndex::default();
        let context = Context {
            now: NOW.parse()?,
            related: &related,
        };
        let mut reader = Reader::open(&args.file, limits)?;
        let mut total = Tally::default();
        let until = if self == Self::Grid {
            args.assets as u64 / 4
        } else {
            u64::MAX
        };
        while let Some(batch) = reader.next_batch(LINES)? {
            let one = |raw: &RawLine| self.line(raw, &limits, checks, &context);
            let tally = if args.threads == 1 {
                batch.iter().map(one).reduce(Tally::plus)
            } else {
                batch.par_iter().map(one).reduce_with(Tally::plus)
            };
            total = total.plus(tally.unwrap_or_default());
            if total.lines >= until {
                break;
            }
        }
        Ok(total)
    }

    fn line(self, raw: &RawLine, limits: &Limits, checks: &Checks, context: &Context<'_>) -> Tally {
        let mut tally = Tally {
            lines: 1,
            ..Tally::default()
        };
        match self {
            Self::Read | Self::Load => {}
            Self::Parse => {
                let value: Option<sonic_rs::Value> = sonic_rs::from_slice(&raw.bytes).ok();
                tally.evidence = u64::from(value.is_some());
            }
            Self::Line => tally.evidence = u64::from(parse_line(raw, limits).is_ok()),
            Self::Judge | Self::Explain | Self::Grid => {
                if let Ok(Line::Asset(asset)) = parse_line(raw, limits) {
                    let document = Document::of(&asset.value);
                    for check in checks.get(&asset.asset_type).into_iter().flatten() {
                        tally.judge(check, &document, context, self == Self::Explain);
                    }
                }
            }
        }
        tally
    }
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            evaluations: self.evaluations + other.evaluations,
            fails: self.fails + other.fails,
            unknown: self.unknown + other.unknown,
            evidence: self.evidence + other.evidence,
        }
    }

    fn judge(&mut self, check: &Check, asset: &Document<'_>, context: &Context<'_>, explain: bool) {
        let outcome = check.rule.evaluate(asset, context);
        self.evaluations += 1;
        self.fails += u64::from(outcome == Outcome::Fail);
        self.unknown += u64::from(matches!(outcome, Outcome::Unknown(_)));
        if explain && matches!(outcome, Outcome::Fail | Outcome::Unknown(_)) {
            let evidence = check.rule.explain(asset, context);
            self.evidence += evidence.facts.len() as u64;
        }
    }
}

/// The checks that take longest, with the mean nanoseconds of one evaluation.
pub(crate) fn slowest(args: &Args) -> Result<String, Box<dyn std::error::Error>> {
    const SHOWN: usize = 10;
    const ASSETS: usize = 10_000;
    let checks = Phase::Judge.checks(args)?;
    let related = RelatedIndex::default();
    let context = Context {
        now: NOW.parse()?,
        related: &related,
    };
    let mut reader = Reader::open(&args.file, Limits::default())?;
    let mut times: BTreeMap<&str, (u128, u128)> = BTreeMap::new();
    for raw in reader.next_batch(ASSETS)?.into_iter().flatten() {
        let Ok(Line::Asset(asset)) = parse_line(&raw, &Limits::default()) else {
            continue;
        };
        let document = Document::of(&asset.value);
        for check in checks.get(&asset.asset_type).into_iter().flatten() {
            let begun = Instant::now();
            std::hint::black_box(check.rule.evaluate(&document, &context));
            let (count, nanos) = times.entry(&check.key).or_default();
            *count += 1;
            *nanos += begun.elapsed().as_nanos();
        }
    }
    let mut means: Vec<(u128, &str)> = times
        .iter()
        .map(|(key, (count, nanos))| (nanos / count, *key))
        .collect();
    means.sort_unstable();
    let shown = means
        .iter()
        .rev()
        .take(SHOWN)
        .map(|(nanos, key)| format!("{nanos:6} ns {key}"));
    Ok(shown.collect::<Vec<_>>().join("\n"))
}

fn load() -> Result<Figures, Box<dyn std::error::Error>> {
    let meter = Meter::start();
    let catalog = Catalog::builtin().map_err(|report| report.to_string())?;
    let spent = meter.stop();
    Ok(Figures {
        cpu: spent.cpu,
        wall: spent.wall,
        peak: machine::peak_memory_mib(),
        lines: catalog.checks().len() as u64,
        ..Figures::default()
    })
}
