//! The table: a summary and the findings, for a terminal.
//!
//! Passes and results that do not apply are counted, not listed, unless the report holds nothing else.

use std::io::Write;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};
use stance_model::view::{Report, ResultView, Summary};
use stance_model::{Coverage, CoverageStatus, Lang, RiskLevel, Text};

use crate::Options;
use crate::baseline;
use crate::coverage;
use crate::error::ReportError;
use crate::text::{self, bold, plain, shortened};
use crate::verdict::Verdict;

/// The longest explanation of a row, in characters.
const EXPLANATION: usize = 400;

/// The most coverage records listed.
const COVERAGE: usize = 20;

/// Writes the report as a table.
pub(crate) fn write(
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    summary(report, options, out)?;
    gaps(report, options, out)?;
    findings(report, options, out)
}

fn summary(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let title = format!("Stance  {}  {}", plain(&report.at), plain(&report.source));
    writeln!(out, "{}", bold(&title, options))?;
    writeln!(out, "{}", scope(&report.summary, report.lang))?;
    writeln!(out, "{}", counts(&report.summary, report.lang))?;
    Ok(())
}

/// What was looked at.
fn scope(summary: &Summary, lang: Lang) -> String {
    let Summary {
        assets,
        accounts,
        checks,
        ..
    } = summary;
    match lang {
        Lang::Zh => format!("{accounts} 个账号，{assets} 个资产，{checks} 个检查项"),
        Lang::En => format!("{assets} assets, {accounts} accounts, {checks} checks"),
    }
}

/// How it falls.
fn counts(summary: &Summary, lang: Lang) -> String {
    let Summary {
        counts,
        high,
        medium,
        low,
        ..
    } = summary;
    let show = |verdict: Verdict, count| format!("{} {count}", verdict.show(lang));
    let risk = |level, count| format!("{} {count}", text::risk(level, lang));
    let risks = [
        risk(RiskLevel::High, high),
        risk(RiskLevel::Medium, medium),
        risk(RiskLevel::Low, low),
    ]
    .join(", ");
    [
        format!("{} ({risks})", show(Verdict::Fail, counts.fail)),
        show(Verdict::Unknown, counts.unknown),
        show(Verdict::Excepted, counts.excepted),
        show(Verdict::Pass, counts.pass),
        show(Verdict::NotApplicable, counts.not_applicable),
    ]
    .join(" · ")
}

/// What could not be read, the failures first, and how much has nothing to read.
fn gaps(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut gaps: Vec<&Coverage> = coverage::gaps(report).collect();
    gaps.sort_by_key(|c| c.status != CoverageStatus::Failed);
    if !gaps.is_empty() {
        let heading = Text::pick(
            report.lang,
            "以下范围未能完整读取：",
            "Not everything could be read:",
        );
        writeln!(out, "\n{}", bold(heading, options))?;
    }
    for record in gaps.iter().take(COVERAGE) {
        writeln!(
            out,
            "  {}",
            shortened(&coverage::sentence(record, report.lang), EXPLANATION)
        )?;
    }
    if gaps.len() > COVERAGE {
        writeln!(out, "  {}", and_more(gaps.len() - COVERAGE, report.lang))?;
    }
    match coverage::absences(report).count() {
        0 => Ok(()),
        count => Ok(writeln!(out, "{}", nothing_to_read(count, report.lang))?),
    }
}

fn nothing_to_read(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("另有 {count} 处产品未开通或地域不提供，无需读取"),
        Lang::En => format!(
            "In {count} places the product is not activated or not offered: nothing to read there."
        ),
    }
}

fn findings(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let shown = worth_listing(&report.results);
    let limit = options.limit.unwrap_or(usize::MAX);
    let (items, rows): (Vec<_>, Vec<_>) = shown.into_iter().partition(|r| r.baseline.is_some());
    let left_out = baseline::write(&items, limit, options, report.lang, out)?;
    if !rows.is_empty() {
        write_rows(&rows, limit, options, report.lang, out)?;
    }
    let left_out = left_out + rows.len().saturating_sub(limit);
    if left_out > 0 {
        writeln!(out, "{}", and_more(left_out, report.lang))?;
    }
    Ok(())
}

fn write_rows(
    rows: &[&ResultView],
    limit: usize,
    options: &Options,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let mut table = empty(options, lang);
    for result in rows.iter().take(limit) {
        table.add_row(row(result, lang));
    }
    writeln!(out)?;
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The findings; all results when none is a finding.
fn worth_listing(results: &[ResultView]) -> Vec<&ResultView> {
    let findings: Vec<&ResultView> = results
        .iter()
        .filter(|r| Verdict::of(r).is_finding())
        .collect();
    if findings.is_empty() {
        results.iter().collect()
    } else {
        findings
    }
}

/// The table without rows.
fn empty(options: &Options, lang: Lang) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).force_no_tty();
    if let Some(width) = options.width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    if options.colour {
        table.enforce_styling();
    }
    let header = match lang {
        Lang::Zh => ["风险", "结果", "检查项", "资产", "依据"],
        Lang::En => ["Risk", "Result", "Check", "Asset", "Why"],
    };
    table.set_header(header.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    table
}

fn row(result: &ResultView, lang: Lang) -> [Cell; 5] {
    let verdict = Verdict::of(result);
    let check = format!(
        "{}\n{}",
        plain(result.title.get(lang)),
        plain(&result.check)
    );
    let place = format!("{} {} {}", result.asset_type, result.account, result.region);
    let asset = format!("{}\n{}", plain(&text::name(result)), plain(&place));
    let declared = declared(result)
        .map(|d| format!("\n{d}"))
        .unwrap_or_default();
    [
        Cell::new(text::risk(result.risk_level, lang)).fg(risk_colour(result.risk_level)),
        Cell::new(verdict.show(lang)).fg(verdict_colour(verdict)),
        Cell::new(check),
        Cell::new(asset + &declared),
        Cell::new(shortened(
            &plain(&text::explanation(result, lang)),
            EXPLANATION,
        )),
    ]
}

/// The file and line that declare the asset.
fn declared(result: &ResultView) -> Option<String> {
    let file = plain(result.file.as_deref()?);
    Some(
        result
            .line
            .map_or_else(|| file.clone(), |line| format!("{file}:{line}")),
    )
}

fn and_more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("另有 {count} 条未列出"),
        Lang::En => format!("and {count} more"),
    }
}

fn risk_colour(level: RiskLevel) -> Color {
    match level {
        RiskLevel::High => Color::Red,
        RiskLevel::Medium => Color::Yellow,
        RiskLevel::Low => Color::Blue,
    }
}

fn verdict_colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Fail => Color::Red,
        Verdict::Unknown => Color::Magenta,
        Verdict::Excepted | Verdict::NotApplicable => Color::DarkGrey,
        Verdict::Pass => Color::Green,
    }
}
