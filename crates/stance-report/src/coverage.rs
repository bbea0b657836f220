//! What could not be read: every format shows it, since a result that is missing must not look like one that passes.

use stance_model::view::Report;
use stance_model::{Coverage, CoverageStatus, Lang, Text};

use crate::text::plain;

/// The records that tell of missing results: read partly or not at all.
pub(crate) fn gaps(report: &Report) -> impl Iterator<Item = &Coverage> {
    report.coverage.iter().filter(|c| !c.status.is_complete())
}

/// The records that say that there is nothing to read.
pub(crate) fn absences(report: &Report) -> impl Iterator<Item = &Coverage> {
    report.coverage.iter().filter(|c| {
        matches!(
            c.status,
            CoverageStatus::NotActivated | CoverageStatus::NotOffered
        )
    })
}

/// How completely it was read, in words.
pub(crate) fn status(coverage: &Coverage, lang: Lang) -> &'static str {
    let (zh, en) = match coverage.status {
        CoverageStatus::Ok => ("已完整读取", "read completely"),
        CoverageStatus::Partial => ("仅部分读取", "read in part"),
        CoverageStatus::Failed => ("读取失败", "not read"),
        CoverageStatus::NotActivated => ("产品未开通", "not activated"),
        CoverageStatus::NotOffered => ("地域不提供", "not offered"),
    };
    Text::pick(lang, zh, en)
}

/// Why, in words; empty when nothing more is known than the status.
pub(crate) fn reason(coverage: &Coverage, lang: Lang) -> String {
    coverage
        .reason
        .as_ref()
        .map(|r| plain(&r.show(lang)))
        .unwrap_or_default()
}

/// Where: provider, account, region, type.
pub(crate) fn place(coverage: &Coverage) -> String {
    let Coverage {
        account,
        region,
        asset_type,
        ..
    } = coverage;
    plain(&format!("{asset_type} {account} {region}"))
}

/// The record as a sentence.
pub(crate) fn sentence(coverage: &Coverage, lang: Lang) -> String {
    let colon = Text::pick(lang, "：", ": ");
    let head = format!("{}{colon}{}", place(coverage), status(coverage, lang));
    let reason = reason(coverage, lang);
    if reason.is_empty() {
        head
    } else {
        format!("{head} — {reason}")
    }
}
