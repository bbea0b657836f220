//! Judging one asset by all checks of its type.

use stance_catalog::{Catalog, Check};
use stance_collect::snapshot::AssetDoc;
use stance_engine::{Context, Document};
use stance_model::{CheckId, Evidence, Outcome, Reason, ResultStatus};

/// The most bytes of evidence or reason that are kept.
const KEPT_BYTES: usize = 8 * 1024;

/// What a check says of an asset, as it is stored.
pub(super) struct Verdict {
    pub(super) check_id: CheckId,
    pub(super) status: ResultStatus,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
}

/// The verdicts of all checks of the asset's type.
pub(super) fn judge(catalog: &Catalog, asset: &AssetDoc, context: &Context<'_>) -> Vec<Verdict> {
    let document = Document::of(&asset.value);
    catalog
        .for_type(&asset.asset_type)
        .iter()
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

/// The evidence as JSON, without the last facts and items where it would be too long.
fn kept(mut evidence: Evidence) -> Option<String> {
    loop {
        let json = serde_json::to_string(&evidence).ok()?;
        if json.len() <= KEPT_BYTES {
            return Some(json);
        }
        if evidence.facts.pop().is_none() && evidence.items.pop().is_none() {
            return None;
        }
    }
}
