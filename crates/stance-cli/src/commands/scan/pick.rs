//! Which items of the catalogue a person means.

use std::collections::BTreeSet;

use anyhow::bail;
use stance_catalog::Catalog;
use stance_model::CheckId;

/// The items that `baseline` names and `skip` does not; each word is the key of a class, a name or an item. No word in
/// `baseline`: all.
pub(super) fn items(
    catalog: &Catalog,
    baseline: &[String],
    skip: &[String],
) -> anyhow::Result<BTreeSet<CheckId>> {
    let mut picked = if baseline.is_empty() {
        named(catalog, |_, _, _| true)
    } else {
        union(catalog, baseline)?
    };
    for id in union(catalog, skip)? {
        picked.remove(&id);
    }
    if picked.is_empty() {
        bail!("nothing is left to check: `--skip` takes away all that `--baseline` names");
    }
    Ok(picked)
}

fn union(catalog: &Catalog, words: &[String]) -> anyhow::Result<BTreeSet<CheckId>> {
    let mut all = BTreeSet::new();
    for word in words {
        let found = named(catalog, |class, name, item| {
            [class, name, item].contains(&word.as_str())
        });
        if found.is_empty() {
            bail!(
                "there is no baseline class, name or item `{word}`; `stance catalog items` lists them"
            );
        }
        all.extend(found);
    }
    Ok(all)
}

fn named(catalog: &Catalog, wanted: impl Fn(&str, &str, &str) -> bool) -> BTreeSet<CheckId> {
    let mut found = BTreeSet::new();
    for class in catalog.baselines() {
        for name in &class.names {
            let items = name.items.iter();
            let items = items.filter(|item| wanted(&class.key, &name.key, &item.key));
            found.extend(items.map(|item| item.id));
        }
    }
    found
}
