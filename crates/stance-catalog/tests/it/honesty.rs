//! No check guesses: whatever is taken away from what an example knows, its verdict stays or becomes unknown.

use stance_catalog::{Catalog, Check, Example, RootReader, run_examples};
use stance_model::{Asset, Reason, ReasonKind, ResultStatus};

use crate::readers::Readers;

/// An example of which less is known, and what was taken away.
pub(crate) type Cut = (Example, String);

#[test]
fn a_verdict_never_turns_when_less_is_known() {
    let catalog = Catalog::builtin().unwrap();
    let mut count = 0;
    let mut turned = Vec::new();
    for check in catalog.checks() {
        for example in &check.examples {
            let example = &read(check, example);
            let cuts = cuts(check, example);
            count += cuts.len();
            turned.extend(compare(&catalog, check, example, cuts));
        }
    }
    assert!(turned.is_empty(), "{}", turned.join("\n"));
    assert!(count > 5_000, "{count}");
}

/// The example with the facts that readers make of its files.
fn read(check: &Check, example: &Example) -> Example {
    let mut example = example.clone();
    if let Some(files) = example.files.take() {
        let (facts, unknown) = Readers.facts(&files, check.secret.as_slice());
        let read = facts.into_iter();
        let read = read.filter(|(call, _)| check.rule.calls().contains(call));
        example.asset.facts = read.collect();
        example.asset.unknown.extend(unknown);
    }
    example
}

/// What is wrong with the outcomes of examples of which less is known.
pub(crate) fn compare(
    catalog: &Catalog,
    check: &Check,
    example: &Example,
    cuts: Vec<Cut>,
) -> Vec<String> {
    let (less, whats): (Vec<Example>, Vec<String>) = cuts.into_iter().unzip();
    let examples = std::iter::once(example.clone()).chain(less).collect();
    let check = Check {
        examples,
        ..check.clone()
    };
    let runs = run_examples(&check, catalog.types(), None);
    let outcomes: Vec<ResultStatus> = runs.iter().map(|run| run.got.status()).collect();
    let (before, after) = outcomes.split_first().unwrap();
    let dishonest = whats
        .into_iter()
        .zip(after)
        .filter(|(_, after)| *after != before && **after != ResultStatus::Unknown);
    dishonest
        .map(|(what, after)| {
            format!(
                "{}, `{}`: {before:?} becomes {after:?} without {what}",
                check.key, example.name
            )
        })
        .collect()
}

fn cuts(check: &Check, example: &Example) -> Vec<Cut> {
    let mut cuts = own_calls(example);
    cuts.extend(neighbours(example));
    for asset_type in check.rule.related_types() {
        let mut less = example.clone();
        less.incomplete.insert(asset_type.clone(), reason());
        cuts.push((less, format!("all of {asset_type}")));
    }
    cuts
}

/// Without each of its calls, in the three ways in which a call can be missing; and without all of them.
fn own_calls(example: &Example) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    for call in example.asset.facts.keys() {
        for (asset, how) in without(&example.asset, call) {
            cuts.push((
                Example {
                    asset,
                    ..example.clone()
                },
                format!("`{call}` ({how})"),
            ));
        }
    }
    let mut less = example.clone();
    less.asset.unknown = example
        .asset
        .facts
        .keys()
        .map(|call| (call.clone(), reason()))
        .collect();
    cuts.push((less, "any call".to_owned()));
    cuts
}

/// Without each neighbour, and without each of its calls.
fn neighbours(example: &Example) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    for (at, neighbour) in example.related.iter().enumerate() {
        for call in neighbour.facts.keys() {
            for (asset, how) in without(neighbour, call) {
                let mut less = example.clone();
                less.related[at] = asset;
                cuts.push((less, format!("`{call}` of {} ({how})", neighbour.id)));
            }
        }
        let mut less = example.clone();
        less.related.remove(at);
        less.incomplete
            .insert(neighbour.asset_type.clone(), reason());
        cuts.push((less, neighbour.id.clone()));
    }
    cuts
}

/// An asset without what a call answered.
fn without(asset: &Asset, call: &str) -> [(Asset, &'static str); 3] {
    let (mut denied, mut lost, mut never) = (asset.clone(), asset.clone(), asset.clone());
    denied.unknown.insert(call.to_owned(), reason());
    lost.unknown.insert(call.to_owned(), reason());
    lost.facts.remove(call);
    never.facts.remove(call);
    [(denied, "denied"), (lost, "lost"), (never, "never asked")]
}

fn reason() -> Reason {
    Reason::new(ReasonKind::NoPermission, "taken away")
}
