//! One asset type in one region of one account: its listing, its follow-up calls, its assets and its coverage.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;
use serde_json::{Map, Value};
use stance_model::operation::{Api, CallSpec, Collection, Condition};
use stance_model::{Asset, Coverage, CoverageStatus, Origin, Reason, ReasonKind};

use super::answer::is_xml;
use super::caller::Caller;
use super::failure::Failure;
use super::page::list;
use super::path;
use super::shape::Wire;
use super::template::Vars;

/// Takes what is collected, from several threads.
pub trait Sink: Sync {
    /// An asset.
    fn asset(&self, asset: Asset);
    /// How completely something was read.
    fn coverage(&self, coverage: Coverage);
}

/// A region of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The account.
    pub(crate) account: String,
    /// The region; `global` where there is none.
    pub(crate) region: String,
    /// The project of the region, where the provider has such.
    pub(crate) project: String,
}

/// What is to be collected.
pub(super) struct Job<'j> {
    pub(super) collection: &'j Collection,
    pub(super) place: &'j Place,
    /// The calls that somebody reads, by name; the listing is always made.
    pub(super) wanted: &'j BTreeSet<String>,
    /// The regions that a listing over all regions speaks of.
    pub(super) regions: &'j [String],
}

/// Elements of a listing with those of the listings around.
type Chain = Vec<Value>;

/// What a job has found out so far.
#[derive(Default)]
struct State {
    /// The first failure of each kind of incompleteness.
    failed: Option<Failure>,
    missed: Option<Failure>,
    assets: usize,
    regions: BTreeSet<String>,
}

/// What is looked up once for all assets: elements by what they are joined on.
type Joined<'c> = BTreeMap<&'c str, Result<HashMap<String, Value>, Failure>>;

impl Job<'_> {
    /// Collects it.
    pub(super) fn run(&self, caller: &Caller<'_>, sink: &dyn Sink) {
        let state = Mutex::new(State::default());
        let chains = self.parents(caller, &state);
        let seen = Mutex::new(HashSet::new());
        chains.par_iter().for_each(|chain| {
            self.listing(caller, chain, &state, &seen, sink);
        });
        let state = state
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        self.cover(&state, sink);
    }

    fn vars<'v>(
        &'v self,
        parents: &'v [Value],
        item: Option<&'v Value>,
        region: &'v str,
    ) -> Vars<'v> {
        Vars {
            account: &self.place.account,
            region,
            project: &self.place.project,
            parents,
            item,
        }
    }

    fn api<'a>(&'a self, call: &'a CallSpec) -> &'a Api {
        call.api.as_ref().unwrap_or(&self.collection.api)
    }

    /// The elements of the listings that lead to that of the assets.
    fn parents(&self, caller: &Caller<'_>, state: &Mutex<State>) -> Vec<Chain> {
        let mut chains: Vec<Chain> = vec![Vec::new()];
        for call in &self.collection.parents {
            let mut next = Vec::new();
            for chain in &chains {
                let vars = self.vars(chain, None, &self.place.region);
                let listed = list(caller, call, self.api(call), &vars);
                note(state, listed.failure, false);
                next.extend(listed.items.into_iter().map(|item| {
                    let mut longer = chain.clone();
                    longer.push(item);
                    longer
                }));
            }
            chains = next;
        }
        chains
    }

    fn listing(
        &self,
        caller: &Caller<'_>,
        chain: &Chain,
        state: &Mutex<State>,
        seen: &Mutex<HashSet<String>>,
        sink: &dyn Sink,
    ) {
        let Some((listing, follow)) = self.collection.calls.split_first() else {
            return;
        };
        let vars = self.vars(chain, None, &self.place.region);
        let listed = list(caller, listing, self.api(listing), &vars);
        note(state, listed.failure, false);
        let follow: Vec<&CallSpec> = follow
            .iter()
            .filter(|call| self.wanted.contains(&call.name))
            .collect();
        let joined = self.joined(caller, chain, &follow, listed.items.is_empty());
        listed.items.par_iter().for_each(|item| {
            let Some(id) = path::get(item, &self.collection.id).and_then(path::text) else {
                let why = format!("an element has no `{}`", self.collection.id);
                note(
                    state,
                    Some(super::answer::not_documented("NoId", &why)),
                    true,
                );
                return;
            };
            let new = locked(seen).insert(id.clone());
            if new {
                let asset = self.asset(caller, chain, item, id, listing, &follow, &joined, state);
                sink.asset(asset);
            }
        });
    }

    /// The listings that are looked up once for all assets.
    fn joined<'c>(
        &self,
        caller: &Caller<'_>,
        chain: &Chain,
        follow: &[&'c CallSpec],
        nobody: bool,
    ) -> Joined<'c> {
        let mut joined = Joined::new();
        for call in follow.iter().filter(|_| !nobody) {
            let Some((theirs, _)) = &call.join else {
                continue;
            };
            let vars = self.vars(chain, None, &self.place.region);
            let listed = list(caller, call, self.api(call), &vars);
            let found = match listed.failure {
                Some(failure) => Err(failure),
                None => Ok(listed
                    .items
                    .into_iter()
                    .filter_map(|item| Some((path::get(&item, theirs).and_then(path::text)?, item)))
                    .collect()),
            };
            joined.insert(&call.name, found);
        }
        joined
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one asset is all of these together"
    )]
    fn asset(
        &self,
        caller: &Caller<'_>,
        chain: &Chain,
        item: &Value,
        id: String,
        listing: &CallSpec,
        follow: &[&CallSpec],
        joined: &Joined<'_>,
        state: &Mutex<State>,
    ) -> Asset {
        let collection = self.collection;
        let region = self.region_of(item);
        let vars = self.vars(chain, Some(item), &region);
        let (mut facts, mut unknown) = (Map::new(), BTreeMap::new());
        facts.insert(listing.name.clone(), self.kept(listing, item.clone()));
        for call in follow {
            match self.fact(caller, call, item, &vars, joined) {
                Ok(value) => drop(facts.insert(call.name.clone(), value)),
                Err(failure) => {
                    unknown.insert(call.name.clone(), failure.reason());
                    note(state, Some(failure), true);
                }
            }
        }
        {
            let mut state = locked(state);
            state.assets += 1;
            state.regions.insert(region.clone());
        }
        let text = |at: &Option<String>| {
            let found = at.as_ref().and_then(|at| path::get(item, at));
            found.and_then(path::text).filter(|text| !text.is_empty())
        };
        Asset {
            provider: collection.asset_type.provider(),
            account: self.place.account.clone(),
            name: text(&collection.name).unwrap_or_else(|| id.clone()),
            id,
            zone: text(&collection.zone),
            tags: self.tags(item),
            asset_type: collection.asset_type.clone(),
            region,
            facts,
            unknown,
            origin: Some(Origin {
                kind: "api".to_owned(),
                at: Some(caller.clock.now().to_string()),
                file: None,
                line: None,
            }),
        }
    }

    fn fact(
        &self,
        caller: &Caller<'_>,
        call: &CallSpec,
        item: &Value,
        vars: &Vars<'_>,
        joined: &Joined<'_>,
    ) -> Result<Value, Failure> {
        if !call.when.iter().all(|condition| holds(condition, item)) {
            return Ok(call.otherwise.clone().unwrap_or(Value::Null));
        }
        if let Some((_, ours)) = &call.join {
            let key = path::get(item, ours)
                .and_then(path::text)
                .unwrap_or_default();
            return match joined.get(call.name.as_str()) {
                Some(Ok(found)) => Ok(found
                    .get(&key)
                    .map_or(Value::Null, |value| self.kept(call, value.clone()))),
                Some(Err(failure)) => Err(failure.clone()),
                None => Ok(Value::Null),
            };
        }
        let api = self.api(call);
        let found = match &call.items {
            None => caller.call(call, api, vars, &[]),
            Some(_) => {
                let listed = list(caller, call, api, vars);
                listed.failure.map_or(Ok(Value::Array(listed.items)), Err)
            }
        };
        match found {
            Ok(answer) => {
                let at = call.at.as_deref().unwrap_or_default();
                let value = path::get(&answer, at).cloned();
                let why = || {
                    super::answer::not_documented("NoFact", &format!("the answer has no `{at}`"))
                };
                Ok(self.kept(call, value.ok_or_else(why)?))
            }
            Err(failure) if failure.is_one_of(&call.absent_on) => Ok(Value::Null),
            Err(failure) => Err(failure),
        }
    }

    fn kept(&self, call: &CallSpec, value: Value) -> Value {
        let wire = Wire {
            names: &call.wire,
            xml: is_xml(self.api(call).style),
        };
        wire.kept(value, &call.shape)
    }

    /// The region of an element, where one listing speaks of all.
    fn region_of(&self, item: &Value) -> String {
        let at = self.collection.region.as_ref();
        let found = at.and_then(|at| path::get(item, at)).and_then(path::text);
        match found {
            Some(region) => region.trim_start_matches("oss-").to_owned(),
            None => self.place.region.clone(),
        }
    }

    fn tags(&self, item: &Value) -> BTreeMap<String, String> {
        let Some(tags) = &self.collection.tags else {
            return BTreeMap::new();
        };
        let pair = |tag: &Value| {
            let key = path::get(tag, &tags.key).and_then(path::text)?;
            let value = path::get(tag, &tags.value).and_then(path::text);
            Some((key, value.unwrap_or_default()))
        };
        match path::get(item, &tags.path) {
            Some(Value::Array(list)) => list.iter().filter_map(pair).collect(),
            Some(Value::Object(map)) => map
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), path::text(value)?)))
                .collect(),
            _ => BTreeMap::new(),
        }
    }

    fn cover(&self, state: &State, sink: &dyn Sink) {
        let (status, reason) = status(state);
        let mut regions: BTreeSet<&str> = BTreeSet::from([self.place.region.as_str()]);
        if self.collection.region.is_some() {
            regions = self.regions.iter().map(String::as_str).collect();
            regions.extend(state.regions.iter().map(String::as_str));
        }
        for region in regions {
            sink.coverage(Coverage {
                provider: self.collection.asset_type.provider(),
                account: self.place.account.clone(),
                region: region.to_owned(),
                asset_type: self.collection.asset_type.clone(),
                status,
                reason: reason.clone(),
            });
        }
    }
}

/// Whether a condition holds for an element.
fn holds(condition: &Condition, item: &Value) -> bool {
    let value = path::get(item, &condition.path).unwrap_or(&Value::Null);
    condition.one_of.contains(value) != condition.negated
}

/// Keeps the first failure. One of a follow-up call leaves the listing whole.
fn note(state: &Mutex<State>, failure: Option<Failure>, follow_up: bool) {
    let Some(failure) = failure else {
        return;
    };
    let mut state = locked(state);
    let kept = if follow_up {
        &mut state.missed
    } else {
        &mut state.failed
    };
    kept.get_or_insert(failure);
}

fn status(state: &State) -> (CoverageStatus, Option<Reason>) {
    let reason = |failure: &Failure| Some(failure.reason());
    match (&state.failed, &state.missed) {
        (Some(failure), _) if state.assets > 0 => (CoverageStatus::Partial, reason(failure)),
        (Some(failure), _) => match failure.kind {
            ReasonKind::NotActivated => (CoverageStatus::NotActivated, reason(failure)),
            ReasonKind::NotOffered => (CoverageStatus::NotOffered, reason(failure)),
            _ => (CoverageStatus::Failed, reason(failure)),
        },
        (None, Some(failure)) => (CoverageStatus::Partial, reason(failure)),
        (None, None) => (CoverageStatus::Ok, None),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
