//! A result of a check as a SARIF result.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use stance_model::view::{ResultReason, ResultView};
use stance_model::{Finding, Lang};

use super::message;
use super::rules::{Rules, level};
use crate::fingerprint;
use crate::place;
use crate::prune::pruned;
use crate::text::{self, plain};
use crate::verdict::Verdict;

/// What of a path is not itself in an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn result(result: &ResultView, rules: &Rules<'_>, lang: Lang) -> Value {
    let verdict = Verdict::of(result);
    pruned(json!({
        "ruleId": result.check,
        "ruleIndex": rules.index(&result.check),
        "kind": kind(verdict),
        "level": if kind(verdict) == "fail" { level(result.risk_level) } else { "none" },
        "message": message(&text::sentence(result, lang)),
        "locations": locations(result, lang),
        "partialFingerprints": { "stanceResult/v1": fingerprint::of(result) },
        "suppressions": suppressions(result),
        "properties": {
            "status": result.status,
            "risk_level": result.risk_level,
            "provider": result.provider,
            "account": result.account,
            "region": result.region,
            "asset_type": result.asset_type,
            "asset_id": result.asset_id,
            "first_time": text::time(result.first_ms),
            "last_time": text::time(result.last_ms),
            "evidence": evidence(result),
        },
    }))
}

fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail | Verdict::Excepted => "fail",
        Verdict::Unknown => "open",
        Verdict::NotApplicable => "notApplicable",
        Verdict::Pass => "pass",
    }
}

/// Every place where an item of a baseline found something; else the file that declares the asset.
fn locations(result: &ResultView, lang: Lang) -> Vec<Value> {
    let places = &result.evidence.findings.places;
    if places.is_empty() {
        return vec![json!({
            "physicalLocation": file(result),
            "logicalLocations": [logical(result)],
        })];
    }
    let location = |place| {
        json!({
            "physicalLocation": inside(place),
            "logicalLocations": [logical(result)],
            "message": message(&place::show(place, lang)),
        })
    };
    places.iter().map(location).collect()
}

/// A place inside an image, below the image's own root.
fn inside(place: &Finding) -> Value {
    let path = utf8_percent_encode(place.path.trim_start_matches('/'), PATH).to_string();
    let region = place.line.map(|line| json!({ "startLine": line }));
    json!({ "artifactLocation": { "uri": path, "uriBaseId": "%IMAGEROOT%" }, "region": region })
}

/// The place in the file that declares the asset.
fn file(result: &ResultView) -> Option<Value> {
    let file = result.file.as_deref()?.replace('\\', "/");
    let path = utf8_percent_encode(&file, PATH).to_string();
    let artifact = if path.starts_with('/') {
        json!({ "uri": format!("file://{path}") })
    } else {
        json!({ "uri": path, "uriBaseId": "%SRCROOT%" })
    };
    let region = result.line.map(|line| json!({ "startLine": line }));
    Some(json!({ "artifactLocation": artifact, "region": region }))
}

/// The place in the estate.
fn logical(result: &ResultView) -> Value {
    let ResultView {
        account,
        region,
        asset_type,
        asset_id,
        ..
    } = result;
    json!({
        "name": plain(&text::name(result)),
        "fullyQualifiedName": plain(&format!("{account}/{region}/{asset_type}/{asset_id}")),
        "kind": "resource",
    })
}

fn suppressions(result: &ResultView) -> Option<Value> {
    let words = match &result.reason {
        Some(ResultReason::Excepted(words)) => plain(words),
        _ => String::new(),
    };
    (Verdict::of(result) == Verdict::Excepted)
        .then(|| json!([{ "kind": "external", "status": "accepted", "justification": words }]))
}

fn evidence(result: &ResultView) -> Map<String, Value> {
    result
        .evidence
        .items
        .iter()
        .map(|i| (i.name.clone(), json!(i.value)))
        .collect()
}
