//! The findings in images and containers, for a terminal: by asset, then by baseline, then by item with its places.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Write;

use stance_model::view::{BaselineView, ResultView};
use stance_model::{Finding, Lang, RiskLevel, Text};

use crate::Options;
use crate::error::ReportError;
use crate::place;
use crate::text::{self, bold, plain, shortened};
use crate::verdict::Verdict;

/// The most places listed under one item.
const PLACES: usize = 8;

/// The longest line, in characters.
const LINE: usize = 240;

/// A result of an item with the baseline that it belongs to.
type Item<'r> = (&'r BaselineView, &'r ResultView);

/// How bad a result is, the worst first.
type Rank = (Verdict, Reverse<RiskLevel>, i64);

/// Writes the findings among `results` that belong to baselines, at most `limit` of them. Answers how many it left out.
pub(crate) fn write(
    results: &[&ResultView],
    limit: usize,
    options: &Options,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<usize, ReportError> {
    let mut items: Vec<Item<'_>> = results
        .iter()
        .filter_map(|result| Some((result.baseline.as_ref()?, *result)))
        .collect();
    let left_out = items.len().saturating_sub(limit);
    items.truncate(limit);
    items.sort_by(|a, b| asset(a.1).cmp(&asset(b.1)));
    for image in items.chunk_by(|a, b| asset(a.1) == asset(b.1)) {
        write_image(image, options, lang, out)?;
    }
    Ok(left_out)
}

fn asset(result: &ResultView) -> (&str, &str) {
    (&result.asset_name, &result.asset_id)
}

fn write_image(
    items: &[Item<'_>],
    options: &Options,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let Some((_, first)) = items.first() else {
        return Ok(());
    };
    let name = format!("{}  {}", plain(&first.asset_name), plain(&first.asset_id));
    writeln!(out, "\n{}", bold(&name, options))?;
    let mut worst: BTreeMap<(&str, &str), Rank> = BTreeMap::new();
    for (baseline, result) in items {
        let rank = rank(result);
        let known = worst.entry(key(baseline)).or_insert(rank);
        *known = rank.min(*known);
    }
    let mut sorted = items.to_vec();
    sorted.sort_by_key(|(baseline, result)| {
        let key = key(baseline);
        (worst.get(&key).copied(), key, rank(result))
    });
    for baseline in sorted.chunk_by(|a, b| key(a.0) == key(b.0)) {
        write_baseline(baseline, options, lang, out)?;
    }
    Ok(())
}

fn key(baseline: &BaselineView) -> (&str, &str) {
    (&baseline.class, &baseline.name)
}

fn rank(result: &ResultView) -> Rank {
    let level = Reverse(result.risk_level);
    (Verdict::of(result), level, result.check_id.get())
}

fn write_baseline(
    items: &[Item<'_>],
    options: &Options,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    if let Some((baseline, _)) = items.first() {
        let class = plain(baseline.class_title.get(lang));
        let name = plain(baseline.name_title.get(lang));
        let title = if class == name {
            class
        } else {
            format!("{class} › {name}")
        };
        writeln!(out, "\n  {}", bold(&title, options))?;
    }
    for (_, result) in items {
        write_item(result, options, lang, out)?;
    }
    Ok(())
}

fn write_item(
    result: &ResultView,
    options: &Options,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let verdict = Verdict::of(result);
    let word = match verdict {
        Verdict::Fail => text::risk(result.risk_level, lang),
        other => other.show(lang),
    };
    let title = plain(result.title.get(lang));
    let head = format!("{}  {title}  [{}]", padded(word), plain(&result.check));
    writeln!(out, "    {}", coloured(&head, result, verdict, options))?;
    if let Some(reason) = &result.reason {
        let reason = shortened(&plain(&reason.show(lang)), LINE);
        writeln!(out, "            {reason}")?;
    }
    let places = &result.evidence.findings.places;
    for place in places.iter().take(PLACES) {
        write_place(place, lang, out)?;
    }
    let shown = places.len().min(PLACES);
    if let Some(more) = place::more(&result.evidence, shown, lang) {
        writeln!(out, "            {more}")?;
    }
    Ok(())
}

fn write_place(place: &Finding, lang: Lang, out: &mut dyn Write) -> Result<(), ReportError> {
    let what = shortened(&plain(&place.what), LINE / 2);
    let gap = if what.is_empty() { "" } else { "  " };
    writeln!(
        out,
        "            {}{gap}{what}",
        shortened(&plain(&place.at()), LINE)
    )?;
    let origin = place::origin(place, lang);
    if !origin.is_empty() {
        let origin = shortened(&plain(&origin), LINE / 2);
        writeln!(
            out,
            "              {} {origin}",
            Text::pick(lang, "来自", "from")
        )?;
    }
    Ok(())
}

/// A word in a column of its own.
fn padded(word: &str) -> String {
    format!("{word:<6}")
}

fn coloured(text: &str, result: &ResultView, verdict: Verdict, options: &Options) -> String {
    let code = match (verdict, result.risk_level) {
        (Verdict::Fail, RiskLevel::High) => 31,
        (Verdict::Fail, RiskLevel::Medium) => 33,
        (Verdict::Fail, RiskLevel::Low) => 34,
        (Verdict::Unknown, _) => 35,
        _ => 90,
    };
    if options.colour {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
