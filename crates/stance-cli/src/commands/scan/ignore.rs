//! The ignore file: findings that somebody has looked at and accepts, with the reason and until when.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use stance_model::view::{Report, ResultReason, ResultView};
use stance_model::{CheckStatus, RiskLevel, bounded};

/// The most bytes of the file.
const MAX_BYTES: u64 = 1 << 20;

/// The most entries.
const MAX_ENTRIES: usize = 10_000;

/// What is accepted.
#[derive(Debug)]
pub(crate) struct Ignore {
    entries: Vec<Entry>,
    today: Date,
}

#[derive(Debug)]
struct Entry {
    item: String,
    path: Option<GlobMatcher>,
    image: Option<GlobMatcher>,
    reason: String,
    expires: Option<Date>,
}

/// An entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The item's key.
    item: String,
    /// Only findings at these paths, as a shell pattern; `**` stands for any folders.
    path: Option<String>,
    /// Only in these images, as a shell pattern over the name.
    image: Option<String>,
    /// Why it is accepted.
    reason: String,
    /// The last day on which it is.
    expires: Option<String>,
}

impl Ignore {
    /// Reads the file. `known` says whether there is an item of that key.
    pub(crate) fn read(
        file: &Path,
        known: impl Fn(&str) -> bool,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let reading = || format!("reading the ignore file `{}`", file.display());
        let text = bounded::read_text(file, MAX_BYTES).with_context(reading)?;
        let written: Vec<Written> = serde_saphyr::from_str(&text)
            .map_err(|error| anyhow!("{error}"))
            .with_context(reading)?;
        if written.len() > MAX_ENTRIES {
            bail!("{}: more than {MAX_ENTRIES} entries", reading());
        }
        let mut entries = Vec::with_capacity(written.len());
        for (number, written) in (1..).zip(written) {
            let entry = entry(written, &known).with_context(|| format!("entry {number}"));
            entries.push(entry.with_context(reading)?);
        }
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(Self { entries, today })
    }

    /// A sentence for every entry whose time is over.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let over = self.entries.iter().filter(|entry| !self.holds(entry));
        over.map(|entry| match entry.expires {
            Some(date) => format!(
                "the ignore entry for `{}` ended on {date} and is no longer applied",
                entry.item
            ),
            None => String::new(),
        })
        .collect()
    }

    fn holds(&self, entry: &Entry) -> bool {
        entry.expires.is_none_or(|last| self.today <= last)
    }

    /// Takes out of the report what is accepted. A result of which nothing is left becomes excepted, with the reason.
    pub(crate) fn apply(&self, report: &mut Report) {
        let mut by_item: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| self.holds(entry)) {
            by_item.entry(&entry.item).or_default().push(entry);
        }
        let mut accepted = Vec::new();
        for result in &mut report.results {
            let failing = result.status == CheckStatus::NotPass && result.baseline.is_some();
            let entries = by_item.get(result.check.as_str()).filter(|_| failing);
            if let Some(reason) = entries.and_then(|entries| accept(entries, result)) {
                result.status = CheckStatus::Whitelist;
                result.reason = Some(ResultReason::Excepted(reason));
                accepted.push(result.risk_level);
            }
        }
        let summary = &mut report.summary;
        for level in accepted {
            summary.counts.fail -= 1;
            summary.counts.excepted += 1;
            match level {
                RiskLevel::High => summary.high -= 1,
                RiskLevel::Medium => summary.medium -= 1,
                RiskLevel::Low => summary.low -= 1,
            }
        }
    }
}

/// Takes the accepted places out of a result; the reason when none is left.
fn accept(entries: &[&Entry], result: &mut ResultView) -> Option<String> {
    let mut reason = None;
    for entry in entries {
        let here = |image: &GlobMatcher| image.is_match(&result.asset_name);
        if !entry.image.as_ref().is_none_or(here) {
            continue;
        }
        let Some(path) = &entry.path else {
            return Some(entry.reason.clone());
        };
        let places = &mut result.evidence.findings.places;
        let before = places.len();
        places.retain(|place| !path.is_match(place.path.trim_start_matches('/')));
        if places.len() < before {
            reason = Some(entry.reason.clone());
        }
    }
    reason.filter(|_| result.evidence.findings.is_empty())
}

fn entry(written: Written, known: &impl Fn(&str) -> bool) -> anyhow::Result<Entry> {
    let Written {
        item,
        path,
        image,
        reason,
        expires,
    } = written;
    if !known(&item) {
        bail!("there is no item `{item}`; `stance catalog items` lists them");
    }
    if reason.trim().is_empty() {
        bail!("`reason` is empty; say why the finding is accepted");
    }
    let date = |text: String| {
        text.parse::<Date>()
            .map_err(|_| anyhow!("`expires: {text}` is no date; write it like 2027-01-31"))
    };
    Ok(Entry {
        item,
        path: path
            .map(|path| glob(path.trim_start_matches('/'), true))
            .transpose()?,
        // A star stands for any part of a name, slashes too.
        image: image.map(|image| glob(&image, false)).transpose()?,
        reason,
        expires: expires.map(date).transpose()?,
    })
}

fn glob(pattern: &str, by_folder: bool) -> anyhow::Result<GlobMatcher> {
    let glob = GlobBuilder::new(pattern)
        .literal_separator(by_folder)
        .build();
    Ok(glob
        .map_err(|error| anyhow!("`{pattern}` is no pattern: {error}"))?
        .compile_matcher())
}
