//! JSON: everything, as one object.
//!
//! ```text
//! {"schema": "stance-report/1", "at": …, "source": …, "lang": …, "summary": {…}, "coverage": […], "results": […]}
//! ```
//!
//! Results are written one after another as they stand in the report. Texts are those of the report's language.

use std::io::Write;

use serde::Serialize;
use stance_model::evidence::FactLine;
use stance_model::view::{BaselineView, EvidenceValue, Report, ResultReason, ResultView, Summary};
use stance_model::{
    AssetType, CheckId, CheckStatus, Coverage, FINDINGS, Findings, Lang, Provider, RiskLevel,
};

use crate::error::ReportError;
use crate::seq::Seq;
use crate::text;

/// Names this shape of document; another shape will have another name.
const SCHEMA: &str = "stance-report/1";

#[derive(Serialize)]
struct Document<'a, C, R> {
    schema: &'static str,
    at: &'a str,
    source: &'a str,
    lang: Lang,
    summary: &'a Summary,
    coverage: C,
    results: R,
}

#[derive(Serialize)]
struct CoverageRow<'a> {
    provider: Provider,
    account: &'a str,
    region: &'a str,
    asset_type: &'a AssetType,
    status: &'static str,
    reason: Option<String>,
    reason_kind: Option<&'static str>,
    code: Option<&'a str>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct ResultRow<'a> {
    id: i64,
    check: &'a str,
    check_id: CheckId,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline<'a>>,
    risk_level: RiskLevel,
    status: CheckStatus,
    reason: Option<String>,
    reason_kind: Option<&'static str>,
    provider: Provider,
    account: &'a str,
    account_name: &'a str,
    region: &'a str,
    asset_type: &'a AssetType,
    asset_id: &'a str,
    asset_name: &'a str,
    evidence: Evidence<'a>,
    solution: &'a str,
    help: &'a str,
    first_time: String,
    last_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// The baseline that an item belongs to.
#[derive(Serialize)]
struct Baseline<'a> {
    class: &'a str,
    name: &'a str,
    class_title: &'a str,
    name_title: &'a str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    summary: &'a str,
    items: Vec<Item<'a>>,
    facts: &'a [FactLine],
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'a Findings>,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    title: &'a str,
    value: &'a str,
}

/// Writes the report as JSON.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let lang = report.lang;
    let document = Document {
        schema: SCHEMA,
        at: &report.at,
        source: &report.source,
        lang,
        summary: &report.summary,
        coverage: Seq {
            items: &report.coverage,
            map: |c| coverage(c, lang),
        },
        results: Seq {
            items: &report.results,
            map: |r| result(r, lang),
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn coverage(coverage: &Coverage, lang: Lang) -> CoverageRow<'_> {
    let reason = coverage.reason.as_ref();
    CoverageRow {
        provider: coverage.provider,
        account: &coverage.account,
        region: &coverage.region,
        asset_type: &coverage.asset_type,
        status: coverage.status.key(),
        reason: reason.map(|r| r.show(lang)),
        reason_kind: reason.map(|r| r.kind.wire()),
        code: reason.and_then(|r| r.code.as_deref()),
        request_id: reason.and_then(|r| r.request_id.as_deref()),
    }
}

fn result(result: &ResultView, lang: Lang) -> ResultRow<'_> {
    ResultRow {
        id: result.id,
        check: &result.check,
        check_id: result.check_id,
        title: result.title.get(lang),
        baseline: result.baseline.as_ref().map(|view| baseline(view, lang)),
        risk_level: result.risk_level,
        status: result.status,
        reason: result.reason.as_ref().map(|r| r.show(lang)),
        reason_kind: result.reason.as_ref().map(reason_kind),
        provider: result.provider,
        account: &result.account,
        account_name: &result.account_name,
        region: &result.region,
        asset_type: &result.asset_type,
        asset_id: &result.asset_id,
        asset_name: &result.asset_name,
        evidence: evidence(result, lang),
        solution: result.solution.get(lang),
        help: result.help.get(lang),
        first_time: text::time(result.first_ms),
        last_time: text::time(result.last_ms),
        file: result.file.as_deref(),
        line: result.line,
    }
}

fn baseline(baseline: &BaselineView, lang: Lang) -> Baseline<'_> {
    Baseline {
        class: &baseline.class,
        name: &baseline.name,
        class_title: baseline.class_title.get(lang),
        name_title: baseline.name_title.get(lang),
    }
}

fn evidence(result: &ResultView, lang: Lang) -> Evidence<'_> {
    let evidence = &result.evidence;
    Evidence {
        summary: evidence.summary.get(lang),
        items: evidence
            .items
            .iter()
            .filter(|value| value.name != FINDINGS || evidence.findings.is_empty())
            .map(|value| item(value, lang))
            .collect(),
        facts: &evidence.facts,
        findings: Some(&evidence.findings).filter(|findings| !findings.is_empty()),
    }
}

fn item(value: &EvidenceValue, lang: Lang) -> Item<'_> {
    Item {
        name: &value.name,
        title: value.title.get(lang),
        value: &value.value,
    }
}

/// The kind of a reason, for programs.
pub(crate) fn reason_kind(reason: &ResultReason) -> &'static str {
    match reason {
        ResultReason::Unread(reason) => reason.kind.wire(),
        ResultReason::NotApplicable(_) => "NOT_APPLICABLE",
        ResultReason::Excepted(_) => "EXCEPTED",
    }
}
