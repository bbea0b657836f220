//! Related assets: an index by which the engine finds assets that others point to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};
use stance_model::{AssetType, Coverage, Reason, ReasonKind};

/// A way to look assets up: those of a type by the value at a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lookup {
    /// The type that is looked for.
    pub asset_type: AssetType,
    /// `id`, `name` or a path below `facts`; none: all of the type.
    pub path: Option<String>,
}

/// Assets that others relate to, and how completely they were read.
///
/// Holds only the types that the lookups name. Everything is scoped to one account: an asset never relates to one of
/// another account.
#[derive(Debug, Default)]
pub struct RelatedIndex {
    paths: HashMap<AssetType, BTreeSet<String>>,
    types: HashMap<AssetType, OfType>,
    coverage: HashMap<AssetType, Vec<Coverage>>,
    assume_complete: bool,
}

#[derive(Debug, Default)]
struct OfType {
    assets: Vec<Value>,
    by_account: HashMap<String, Vec<usize>>,
    by_path: BTreeMap<String, HashMap<(String, String), Vec<usize>>>,
    /// Assets whose value at a path could not be read, by path and account.
    unkeyed: BTreeMap<String, Vec<(String, String)>>,
}

/// What a lookup found.
pub(crate) struct Found<'a> {
    pub(crate) assets: Vec<&'a Value>,
    /// Why there may be more.
    pub(crate) incomplete: Option<Reason>,
}

/// Whose neighbours are looked for.
pub(crate) struct Around<'a> {
    pub(crate) account: &'a str,
    /// None: the whole account.
    pub(crate) region: Option<&'a str>,
}

impl RelatedIndex {
    /// An empty index for these lookups.
    pub fn new<'l>(lookups: impl IntoIterator<Item = &'l Lookup>) -> Self {
        let mut index = Self::default();
        for lookup in lookups {
            let paths = index.paths.entry(lookup.asset_type.clone()).or_default();
            paths.extend(lookup.path.clone());
        }
        index
    }

    /// Whether assets of this type are needed.
    #[must_use]
    pub fn wants(&self, asset_type: &AssetType) -> bool {
        self.paths.contains_key(asset_type)
    }

    /// Adds an asset document; one of a type that nobody wants is dropped.
    pub fn insert(&mut self, asset: Value) {
        let text = |key: &str| {
            asset
                .get(key)
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default()
        };
        let Ok(asset_type) = text("type").parse::<AssetType>() else {
            return;
        };
        let Some(paths) = self.paths.get(&asset_type) else {
            return;
        };
        let (account, region) = (text("account"), text("region"));
        let of_type = self.types.entry(asset_type).or_default();
        let number = of_type.assets.len();
        of_type
            .by_account
            .entry(account.clone())
            .or_default()
            .push(number);
        for path in paths {
            match keys_at(&asset, path) {
                Some(keys) => {
                    let by_key = of_type.by_path.entry(path.clone()).or_default();
                    for key in keys {
                        by_key
                            .entry((account.clone(), key))
                            .or_default()
                            .push(number);
                    }
                }
                None => {
                    of_type
                        .unkeyed
                        .entry(path.clone())
                        .or_default()
                        .push((account.clone(), region.clone()));
                }
            }
        }
        of_type.assets.push(asset);
    }

    /// Notes how completely a type was read.
    pub fn cover(&mut self, coverage: &Coverage) {
        if self.wants(&coverage.asset_type) {
            self.coverage
                .entry(coverage.asset_type.clone())
                .or_default()
                .push(coverage.clone());
        }
    }

    /// From now on a type without any coverage record counts as read completely. For examples, which name only what
    /// is not.
    pub fn assume_complete(&mut self) {
        self.assume_complete = true;
    }

    /// The assets of a type around an asset, by the value at the path; all of them without a key.
    pub(crate) fn find(
        &self,
        lookup: &Lookup,
        key: Option<&str>,
        around: &Around<'_>,
    ) -> Found<'_> {
        let incomplete = self.gap(&lookup.asset_type, around);
        let Some(of_type) = self.types.get(&lookup.asset_type) else {
            return Found {
                assets: Vec::new(),
                incomplete,
            };
        };
        let numbers = match (&lookup.path, key) {
            (Some(path), Some(key)) => of_type
                .by_path
                .get(path)
                .and_then(|by_key| by_key.get(&(around.account.to_owned(), key.to_owned()))),
            _ => of_type.by_account.get(around.account),
        };
        let assets: Vec<&Value> = numbers
            .into_iter()
            .flatten()
            .filter_map(|number| of_type.assets.get(*number))
            .filter(|asset| around.admits(asset.get("region").and_then(|r| r.as_str())))
            .collect();
        // An id is unique: once found, there is no other.
        let settled = lookup.path.as_deref() == Some("id") && key.is_some() && !assets.is_empty();
        let incomplete = if settled {
            None
        } else {
            incomplete.or_else(|| key.and_then(|_| of_type.unkeyed(lookup, around)))
        };
        Found { assets, incomplete }
    }

    /// Why the type may have more assets there than were read.
    fn gap(&self, asset_type: &AssetType, around: &Around<'_>) -> Option<Reason> {
        let mut known = false;
        for coverage in self.coverage.get(asset_type).into_iter().flatten() {
            if coverage.account == around.account && around.admits(Some(&coverage.region)) {
                known = true;
                if !coverage.status.is_complete() {
                    return coverage.problem();
                }
            }
        }
        (!known && !self.assume_complete)
            .then(|| Reason::new(ReasonKind::NotCollected, asset_type.as_str()))
    }
}

impl OfType {
    fn unkeyed(&self, lookup: &Lookup, around: &Around<'_>) -> Option<Reason> {
        let path = lookup.path.as_deref()?;
        let met = self
            .unkeyed
            .get(path)?
            .iter()
            .any(|(account, region)| account == around.account && around.admits(Some(region)));
        met.then(|| {
            Reason::new(
                ReasonKind::MissingFact,
                format!("{} {path}", lookup.asset_type),
            )
        })
    }
}

impl Around<'_> {
    /// Whether something of that region is near: the same region, or one of the two has none.
    fn admits(&self, region: Option<&str>) -> bool {
        match (self.region, region) {
            (None | Some("global"), _) | (_, None | Some("global")) => true,
            (Some(here), Some(there)) => here == there,
        }
    }
}

/// The texts at a path; a list on the way contributes each of its elements. `None`: the facts on the way could not
/// be read.
fn keys_at(asset: &Value, path: &str) -> Option<Vec<String>> {
    let mut nodes = vec![asset];
    let mut segments = path.split('.').peekable();
    if segments.peek() == Some(&"facts") {
        let call = segments.clone().nth(1)?;
        if asset
            .get("unknown")
            .is_some_and(|unknown| unknown.get(call).is_some())
        {
            return None;
        }
        asset.get("facts")?.get(call)?;
    }
    for segment in segments {
        nodes = nodes
            .into_iter()
            .flat_map(spread)
            .filter_map(|node| node.get(segment))
            .collect();
    }
    Some(
        nodes
            .into_iter()
            .flat_map(spread)
            .filter_map(|node| node.as_str().map(str::to_owned))
            .collect(),
    )
}

fn spread(node: &Value) -> Vec<&Value> {
    node.as_array()
        .map_or_else(|| vec![node], |list| list.iter().collect())
}
