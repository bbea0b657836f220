//! Judging one asset by the checks of its type.

use std::collections::BTreeSet;

use stance_catalog::{Catalog, Check};
use stance_collect::snapshot::AssetDoc;
use stance_engine::{Context, Document};
use stance_model::{CheckId, Evidence, FINDINGS, Outcome, Reason, ResultStatus};

use super::findings;

/// The most bytes of evidence or reason that are kept.
pub(super) const KEPT_BYTES: usize = 8 * 1024;

/// What a check says of an asset, as it is stored.
pub(super) struct Verdict {
    pub(super) check_id: CheckId,
    pub(super) status: ResultStatus,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
}

/// The verdicts of the checks of the asset's type: of all, or of those in `only`.
pub(super) fn judge(
    catalog: &Catalog,
    only: Option<&BTreeSet<CheckId>>,
    asset: &AssetDoc,
    context: &Context<'_>,
) -> Vec<Verdict> {
    let document = Document::of(&asset.value);
    let checks = catalog.for_type(&asset.asset_type).iter();
    checks
        .filter(|check| only.is_none_or(|only| only.contains(&check.id)))
        .map(|check| one(check, &document, context))
        .collect()
}

fn one(check: &Check, asset: &Document<'_>, context: &Context<'_>) -> Verdict {
    let outcome = check.rule.evaluate(asset, context);
    let reason = match &outcome {
        Outcome::NotApplicable(text) => serde_json::to_string(text).ok(),
        Outcome::Unknown(reason) => kept_reason(reason.clone()),
        Outcome::Pass | Outcome::Fail => None,
    };
    let evidence = match outcome {
        Outcome::Fail | Outcome::Unknown(_) => kept(check.rule.explain(asset, context)),
        Outcome::Pass | Outcome::NotApplicable(_) => None,
    };
    Verdict {
        check_id: check.id,
        status: outcome.status(),
        reason,
        evidence,
    }
}

/// The reason as JSON, its sentence shortened where it would be too long. Kind and code always stay.
fn kept_reason(mut reason: Reason) -> Option<String> {
    let json = serde_json::to_string(&reason).ok()?;
    if json.len() <= KEPT_BYTES {
        return Some(json);
    }
    reason.message = reason.message.map(|text| text.chars().take(200).collect());
    serde_json::to_string(&reason).ok()
}

/// The evidence as JSON. Where it would be too long, the last facts go first, then the last places of a list of
/// findings, then whole items from the end.
fn kept(mut evidence: Evidence) -> Option<String> {
    loop {
        let json = serde_json::to_string(&evidence).ok()?;
        if json.len() <= KEPT_BYTES {
            return Some(json);
        }
        let over = json.len() - KEPT_BYTES;
        if evidence.facts.pop().is_some() || shorten_findings(&mut evidence, over) {
            continue;
        }
        evidence.items.pop()?;
    }
}

/// Takes places from the end of the findings, at least `over` bytes of them; false where there are none to take.
fn shorten_findings(evidence: &mut Evidence, over: usize) -> bool {
    let item = evidence.items.iter_mut().find(|item| item.name == FINDINGS);
    let Some(item) = item else { return false };
    match findings::shortened(&item.value, over) {
        Some(value) => {
            item.value = value;
            true
        }
        None => false,
    }
}
