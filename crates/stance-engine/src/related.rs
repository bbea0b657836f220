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
    /// What stands on the way.
    pub(crate) route: Route,
}

/// What stands on the way of a path, as the schema has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Route {
    /// One for each segment; of a path that the engine knows by itself there are none.
    pub(crate) steps: Vec<Step>,
    /// Whether texts stand at its end, and nothing else.
    pub(crate) texts: bool,
}

/// What a segment of a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Something that must be there.
    Required,
    /// Something that may be absent or null, which means that there is none.
    Optional,
    /// Perhaps something, of something that may be anything.
    Free,
}

/// Assets that others relate to, and how completely they were read.
///
/// Holds only the types that the lookups name. Everything is scoped to one account: an asset never relates to one of
/// another account.
#[derive(Debug, Default)]
pub struct RelatedIndex {
    types: HashMap<AssetType, OfType>,
    assume_complete: bool,
}

#[derive(Debug, Default)]
struct OfType {
    /// The paths by which assets are looked up.
    paths: BTreeMap<String, Route>,
    accounts: HashMap<String, OfAccount>,
    assets: Vec<Indexed>,
}

#[derive(Debug)]
struct Indexed {
    asset: Value,
    region: String,
    /// It was listed twice with different facts. Which are right is not known.
    contradicted: bool,
}

#[derive(Debug, Default)]
struct OfAccount {
    /// All assets.
    numbers: Vec<usize>,
    /// By region and id.
    places: HashMap<(String, String), usize>,
    /// By path and key.
    keyed: BTreeMap<String, HashMap<String, Vec<usize>>>,
    /// The regions with assets whose value at a path could not be read, by path.
    unkeyed: BTreeMap<String, BTreeSet<String>>,
    coverage: Vec<Coverage>,
}

/// What a lookup found.
pub(crate) struct Found<'a> {
    pub(crate) assets: Vec<&'a Value>,
    /// Why there may be more.
    pub(crate) incomplete: Option<Reason>,
    /// How much was looked at.
    pub(crate) looked_at: u64,
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
            let of_type = index.types.entry(lookup.asset_type.clone()).or_default();
            if let Some(path) = &lookup.path {
                let route = of_type.paths.entry(path.clone()).or_default();
                if route.steps.is_empty() {
                    *route = lookup.route.clone();
                }
            }
        }
        index
    }

    /// Whether assets of this type are needed.
    #[must_use]
    pub fn wants(&self, asset_type: &AssetType) -> bool {
        self.types.contains_key(asset_type)
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
        if let Some(of_type) = self.types.get_mut(&asset_type) {
            let (account, region) = (text("account"), text("region"));
            of_type.insert(asset, account, region);
        }
    }

    /// Notes how completely a type was read.
    pub fn cover(&mut self, coverage: &Coverage) {
        if let Some(of_type) = self.types.get_mut(&coverage.asset_type) {
            let account = of_type
                .accounts
                .entry(coverage.account.clone())
                .or_default();
            account.coverage.push(coverage.clone());
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
        let of_type = self.types.get(&lookup.asset_type);
        let account = of_type.and_then(|of_type| of_type.accounts.get(around.account));
        let numbers = account.map_or(&[][..], |account| account.numbers(lookup, key));
        let found = numbers
            .iter()
            .filter_map(|number| of_type?.assets.get(*number))
            .filter(|indexed| around.admits(&indexed.region));
        let (contradicted, sound): (Vec<&Indexed>, Vec<&Indexed>) =
            found.partition(|indexed| indexed.contradicted);
        let assets: Vec<&Value> = sound.iter().map(|indexed| &indexed.asset).collect();
        // An id is unique: once found, there is no other.
        let settled = lookup.path.as_deref() == Some("id") && key.is_some() && !assets.is_empty();
        let incomplete = if !contradicted.is_empty() {
            let about = format!("{} listed twice with different facts", lookup.asset_type);
            Some(Reason::new(ReasonKind::BadResponse, about))
        } else if settled {
            None
        } else {
            let unkeyed = || account.filter(|_| key.is_some())?.unkeyed(lookup, around);
            self.gap(account, lookup, around).or_else(unkeyed)
        };
        Found {
            incomplete,
            looked_at: numbers.len() as u64,
            assets,
        }
    }

    /// Why the type may have more assets there than were read.
    fn gap(
        &self,
        account: Option<&OfAccount>,
        lookup: &Lookup,
        around: &Around<'_>,
    ) -> Option<Reason> {
        let records = account.map_or(&[][..], |account| &account.coverage);
        let mut near = records
            .iter()
            .filter(|c| around.admits(&c.region))
            .peekable();
        let known = self.assume_complete || near.peek().is_some();
        match near.find(|coverage| !coverage.status.is_complete()) {
            Some(coverage) => coverage.problem(),
            None if known => None,
            None => Some(Reason::new(
                ReasonKind::NotCollected,
                lookup.asset_type.as_str(),
            )),
        }
    }
}

impl OfType {
    fn insert(&mut self, asset: Value, account: String, region: String) {
        let number = self.assets.len();
        let of_account = self.accounts.entry(account).or_default();
        let id = asset
            .get("id")
            .and_then(|id| id.as_str())
            .unwrap_or_default();
        let place = (region.clone(), id.to_owned());
        let earlier = *of_account.places.entry(place).or_insert(number);
        if let Some(earlier) = self.assets.get_mut(earlier) {
            earlier.contradicted |= earlier.asset != asset;
            return;
        }
        of_account.numbers.push(number);
        for (path, route) in &self.paths {
            match keys_at(&asset, path, route) {
                Some(keys) => {
                    let by_key = of_account.keyed.entry(path.clone()).or_default();
                    for key in keys {
                        by_key.entry(key).or_default().push(number);
                    }
                }
                None => {
                    let regions = of_account.unkeyed.entry(path.clone()).or_default();
                    regions.insert(region.clone());
                }
            }
        }
        self.assets.push(Indexed {
            asset,
            region,
            contradicted: false,
        });
    }
}

impl OfAccount {
    fn numbers(&self, lookup: &Lookup, key: Option<&str>) -> &[usize] {
        match (&lookup.path, key) {
            (Some(path), Some(key)) => {
                let by_key = self.keyed.get(path);
                by_key
                    .and_then(|by_key| by_key.get(key))
                    .map_or(&[], Vec::as_slice)
            }
            _ => &self.numbers,
        }
    }

    /// Why one of the assets may be one that is looked for.
    fn unkeyed(&self, lookup: &Lookup, around: &Around<'_>) -> Option<Reason> {
        let path = lookup.path.as_deref()?;
        let mut regions = self.unkeyed.get(path)?.iter();
        regions.any(|region| around.admits(region)).then(|| {
            Reason::new(
                ReasonKind::MissingFact,
                format!("{} {path}", lookup.asset_type),
            )
        })
    }
}

impl Around<'_> {
    /// Whether something of that region is near: the same region, or one of the two has none.
    fn admits(&self, region: &str) -> bool {
        match (self.region, region) {
            (None | Some("global" | ""), _) | (_, "global" | "") => true,
            (Some(here), there) => here == there,
        }
    }
}

/// The texts at a path; a list on the way contributes each of its elements. `None`: what stands on the way could not be
/// read, or is not what must be there.
fn keys_at(asset: &Value, path: &str, route: &Route) -> Option<Vec<String>> {
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
    for (number, segment) in segments.enumerate() {
        let step = route.steps.get(number).copied().unwrap_or(Step::Free);
        let found: Option<Vec<Option<&Value>>> = nodes
            .into_iter()
            .flat_map(spread)
            .map(|node| at(node, segment, step))
            .collect();
        nodes = found?.into_iter().flatten().collect();
    }
    let ends = nodes.into_iter().flat_map(spread);
    let keys: Option<Vec<Option<String>>> = ends
        .map(|end| match end.as_str() {
            Some(text) => Some(Some(text.to_owned())),
            None => (!route.texts).then_some(None),
        })
        .collect();
    Some(keys?.into_iter().flatten().collect())
}

/// What a segment leads to; nothing where that is allowed. `None`: it is not allowed.
fn at<'a>(node: &'a Value, segment: &str, step: Step) -> Option<Option<&'a Value>> {
    let found = node.get(segment).filter(|value| !value.is_null());
    let allowed = match step {
        Step::Required => found.is_some(),
        Step::Optional => node.is_object(),
        Step::Free => true,
    };
    allowed.then_some(found)
}

fn spread(node: &Value) -> Vec<&Value> {
    node.as_array()
        .map_or_else(|| vec![node], |list| list.iter().flat_map(spread).collect())
}
