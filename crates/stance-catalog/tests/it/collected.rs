//! No check guesses over what the collector writes: whichever call of a live account fails, and in whichever way, the
//! verdict stays or becomes unknown.

use stance_catalog::{Catalog, Check, Example};
use stance_model::{Asset, Reason, ReasonKind};

use crate::honesty::{Cut, compare};

/// Ways in which a call can end without an answer: those that read most like an answer, and one of the others.
const ENDS: [(ReasonKind, &str); 6] = [
    (ReasonKind::Throttled, "Throttling.User"),
    (ReasonKind::NoPermission, "Forbidden.RAM"),
    (ReasonKind::NotFound, "InvalidInstanceId.NotFound"),
    (ReasonKind::NotActivated, "NotActivated"),
    (ReasonKind::NotOffered, "InvalidRegionId"),
    (ReasonKind::NotCollected, "Cancelled"),
];

#[test]
fn a_call_that_fails_never_turns_a_verdict() {
    let catalog = Catalog::builtin().unwrap();
    let (mut count, mut turned) = (0, Vec::new());
    for check in live(&catalog) {
        for example in &check.examples {
            let cuts = cuts(&catalog, check, example);
            count += cuts.len();
            turned.extend(compare(&catalog, check, example, cuts));
        }
    }
    assert!(turned.is_empty(), "{}", turned.join("\n"));
    assert!(count > 10_000, "{count}");
}

/// The checks of live accounts.
fn live(catalog: &Catalog) -> impl Iterator<Item = &Check> {
    let checks = catalog.checks().iter().map(AsRef::as_ref);
    checks.filter(|check: &&Check| catalog.provider_calls(check.provider).is_some())
}

fn cuts(catalog: &Catalog, check: &Check, example: &Example) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (kind, code) in ENDS {
        let reason = reason(kind, code);
        for call in check.rule.calls() {
            let mut less = example.clone();
            fail(&mut less.asset, call, &reason);
            less.incomplete
                .insert(check.asset_type.clone(), reason.clone());
            cuts.push((less, format!("`{call}` ({kind:?})")));
        }
        cuts.extend(neighbours(catalog, check, example, &reason));
    }
    cuts
}

/// The same of the assets that a check looks up: each of their calls fails for all of them, or their listing ends
/// before any one of them.
fn neighbours(catalog: &Catalog, check: &Check, example: &Example, reason: &Reason) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for asset_type in check.rule.related_types() {
        let info = catalog.asset_type(&asset_type);
        let calls = info.into_iter().flat_map(|info| &info.calls);
        // The first call is the listing.
        for call in calls.skip(1) {
            let mut less = example.clone();
            let of_type = less.related.iter_mut();
            of_type
                .filter(|asset| asset.asset_type == asset_type)
                .for_each(|asset| fail(asset, &call.name, reason));
            less.incomplete.insert(asset_type.clone(), reason.clone());
            cuts.push((less, format!("`{}` of {asset_type}", call.name)));
        }
        for end in 0..example.related.len() {
            let mut less = example.clone();
            less.related.truncate(end);
            less.incomplete.insert(asset_type.clone(), reason.clone());
            for other in check.rule.related_types() {
                less.incomplete.insert(other, reason.clone());
            }
            cuts.push((less, format!("all but {end} neighbours")));
        }
    }
    cuts
}

/// What the collector writes of a call that failed: nothing among the facts, and the reason.
fn fail(asset: &mut Asset, call: &str, reason: &Reason) {
    asset.facts.remove(call);
    asset.unknown.insert(call.to_owned(), reason.clone());
}

fn reason(kind: ReasonKind, code: &str) -> Reason {
    let mut reason = Reason::new(kind, "the call failed");
    reason.code = Some(code.to_owned()).filter(|code| !code.is_empty());
    reason
}
