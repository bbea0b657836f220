//! OCSF 1.5 Compliance Findings (class 2003): one array, an event a result, as other posture tools write it.
//!
//! The verdict is `compliance.status_id`: pass 1, fail 3, could not be checked 0, does not apply 99. `status_id` is
//! the life of the finding: new, suppressed by an exception, resolved. What could not be read is an event too, about
//! the account rather than a resource.

use std::io::Write;

use serde_json::{Value, json};
use stance_model::view::{CheckView, Report, ResultReason, ResultView};
use stance_model::{Coverage, Lang, Provider, RiskLevel, Text};

use crate::error::ReportError;
use crate::fingerprint;
use crate::prune::pruned;
use crate::text::{self, plain, web_address};
use crate::verdict::Verdict;

const VERSION: &str = "1.5.0";

/// Writes the report as an array of OCSF events, an event a line.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let results = report.results.iter().map(|result| finding(result, report));
    let gaps = crate::coverage::gaps(report).map(|gap| coverage(gap, report));
    let mut before = "";
    out.write_all(b"[")?;
    for event in results.chain(gaps) {
        writeln!(out, "{before}")?;
        serde_json::to_writer(&mut *out, &pruned(event))?;
        before = ",";
    }
    out.write_all(b"\n]\n")?;
    Ok(())
}

fn finding(result: &ResultView, report: &Report) -> Value {
    let lang = report.lang;
    let verdict = Verdict::of(result);
    let check = report.checks.iter().find(|c| c.id == result.check_id);
    let why = plain(&text::explanation(result, lang));
    // Seen once: the finding is created; seen again: it is updated.
    let activity = if result.first_ms == result.last_ms {
        1
    } else {
        2
    };
    let (severity_id, severity) = severity(verdict, result.risk_level);
    let (status_id, status) = life(verdict);
    json!({
        "activity_id": activity,
        "activity_name": if activity == 1 { "Create" } else { "Update" },
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_300 + activity,
        "time": result.last_ms,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_code": verdict.key().to_uppercase(),
        "status_detail": why,
        "message": plain(&text::sentence(result, lang)),
        "comment": exception(result),
        "metadata": metadata(result.provider, &result.check, lang),
        "cloud": cloud(result.provider, &result.account, &result.account_name, &result.region),
        "finding_info": {
            "uid": fingerprint::of(result),
            "title": plain(result.title.get(lang)),
            "desc": check.map(|c| c.description.get(lang)),
            "types": ["Misconfiguration"],
            "created_time": result.first_ms,
            "first_seen_time": result.first_ms,
            "last_seen_time": result.last_ms,
            "modified_time": result.last_ms,
            "analytic": {
                "type_id": 1, "type": "Rule", "uid": result.check_id.to_string(), "name": &result.check,
            },
        },
        "compliance": compliance(result, verdict, check, lang),
        "resources": [resource(result)],
        "evidences": [evidence(result)],
        "remediation": remediation(result, lang),
        "unmapped": { "risk": check.map(|c| c.risk.get(lang)), "result_id": result.id },
    })
}

fn metadata(provider: Provider, code: &str, lang: Lang) -> Value {
    json!({
        "version": VERSION,
        "event_code": code,
        "profiles": if is_cloud(provider) { vec!["cloud"] } else { vec![] },
        "product": {
            "name": "Stance",
            "vendor_name": "Stance",
            "uid": "stance",
            "version": env!("CARGO_PKG_VERSION"),
            "lang": Text::pick(lang, "zh", "en"),
        },
    })
}

fn compliance(
    result: &ResultView,
    verdict: Verdict,
    check: Option<&CheckView>,
    lang: Lang,
) -> Value {
    let (status_id, status) = match verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::Fail | Verdict::Excepted => (3, "Fail"),
        Verdict::Unknown => (0, "Unknown"),
        Verdict::NotApplicable => (99, "Not Applicable"),
    };
    let policies = check.map(|c| c.policies.as_slice()).unwrap_or_default();
    let mut standards: Vec<&str> = policies.iter().map(|p| p.standard.get(lang)).collect();
    standards.dedup();
    let requirements: Vec<&str> = policies.iter().map(|p| p.section.get(lang)).collect();
    json!({
        "status_id": status_id,
        "status": status,
        "control": &result.check,
        "desc": result.title.get(lang),
        "standards": standards,
        "requirements": requirements,
        "status_details": result.reason.iter().map(|r| plain(&r.show(lang))).collect::<Vec<_>>(),
    })
}

fn resource(result: &ResultView) -> Value {
    json!({
        "uid": &result.asset_id,
        "name": if result.asset_name.is_empty() { &result.asset_id } else { &result.asset_name },
        "type": result.asset_type.as_str(),
        "region": &result.region,
    })
}

fn evidence(result: &ResultView) -> Value {
    let items = result
        .evidence
        .items
        .iter()
        .map(|i| (i.name.clone(), json!(i.value)));
    let facts = result
        .evidence
        .facts
        .iter()
        .map(|f| json!({"path": f.path, "value": f.value}));
    json!({ "data": {
        "items": items.collect::<serde_json::Map<_, _>>(),
        "facts": facts.collect::<Vec<_>>(),
        "file": &result.file,
        "line": result.line,
    }})
}

fn remediation(result: &ResultView, lang: Lang) -> Value {
    let solution = result.solution.get(lang);
    let references: Vec<&str> = web_address(result.help.get(lang)).into_iter().collect();
    match (solution.is_empty(), references.is_empty()) {
        (true, true) => Value::Null,
        (true, false) => json!({ "desc": result.title.get(lang), "references": references }),
        (false, _) => json!({ "desc": solution, "references": references }),
    }
}

/// The words of the exception that covers the result.
fn exception(result: &ResultView) -> Option<String> {
    match &result.reason {
        Some(ResultReason::Excepted(words)) => Some(plain(words)),
        _ => None,
    }
}

/// What asks for action has the severity of its check.
fn severity(verdict: Verdict, level: RiskLevel) -> (u8, &'static str) {
    match (verdict, level) {
        (Verdict::Pass | Verdict::NotApplicable, _) => (1, "Informational"),
        (_, RiskLevel::Low) => (2, "Low"),
        (_, RiskLevel::Medium) => (3, "Medium"),
        (_, RiskLevel::High) => (4, "High"),
    }
}

fn life(verdict: Verdict) -> (u8, &'static str) {
    match verdict {
        Verdict::Fail | Verdict::Unknown => (1, "New"),
        Verdict::Excepted => (3, "Suppressed"),
        Verdict::Pass => (4, "Resolved"),
        Verdict::NotApplicable => (99, "Not Applicable"),
    }
}

fn is_cloud(provider: Provider) -> bool {
    !matches!(provider, Provider::Image | Provider::Host)
}

fn cloud(provider: Provider, account: &str, name: &str, region: &str) -> Value {
    if !is_cloud(provider) {
        return Value::Null;
    }
    let (type_id, kind) = match provider {
        Provider::Aws => (10, "AWS Account".to_owned()),
        Provider::Azure => (13, "Azure Subscription".to_owned()),
        other => (99, format!("{} Account", other.show_name(Lang::En))),
    };
    json!({
        "provider": provider.show_name(Lang::En),
        "region": region,
        "account": { "uid": account, "name": name, "type_id": type_id, "type": kind },
    })
}

/// The event of something that could not be read.
fn coverage(gap: &Coverage, report: &Report) -> Value {
    let lang = report.lang;
    let time = report
        .at
        .parse::<jiff::Timestamp>()
        .map_or(0, jiff::Timestamp::as_millisecond);
    let sentence = crate::coverage::sentence(gap, lang);
    let asset_type = gap.asset_type.as_str();
    json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_301,
        "time": time,
        "severity_id": 0,
        "severity": "Unknown",
        "status_id": 1,
        "status": "New",
        "status_code": gap.status.key().to_uppercase(),
        "status_detail": crate::coverage::reason(gap, lang),
        "message": sentence,
        "metadata": metadata(gap.provider, "coverage", lang),
        "cloud": cloud(gap.provider, &gap.account, "", &gap.region),
        "finding_info": {
            "uid": fingerprint::digest(&["coverage", &gap.account, &gap.region, asset_type]),
            "title": Text::pick(lang, "资产未能完整读取", "Assets could not be read completely"),
            "types": ["Coverage"],
        },
        "compliance": { "status_id": 0, "status": "Unknown", "control": "coverage" },
        "resources": [{ "uid": asset_type, "name": asset_type, "type": asset_type, "region": &gap.region }],
    })
}
