//! One asset type in one region of one account: its listing, its follow-up calls, its assets and its coverage.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde_json::Value;
use stance_model::operation::{Api, CallSpec, Collection, Take};
use stance_model::{Asset, Coverage, Provider, ReasonKind};

use super::answer::is_xml;
use super::caller::Caller;
use super::failure::Failure;
use super::follow::is_called;
use super::gather::{gather, whole};
use super::listing::Listing;
use super::page::Listed;
use super::path;
use super::shape::Wire;
use super::state::State;
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
    /// Whether nobody wants other regions than these.
    pub(super) only: bool,
}

impl Job<'_> {
    /// Collects it.
    pub(super) fn run(&self, caller: &Caller<'_>, sink: &dyn Sink) {
        let state = State::default();
        let chains = self.parents(caller, &state);
        if let Some((call, follow)) = self.collection.calls.split_first() {
            chains.par_iter().enumerate().for_each(|(number, parents)| {
                let mut listing = Listing {
                    job: self,
                    caller,
                    state: &state,
                    sink,
                    call,
                    parents,
                    follow: Vec::new(),
                    number,
                };
                listing.run(follow);
            });
        }
        self.cover(&state, sink);
    }

    pub(super) fn vars<'v>(
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
            each: None,
        }
    }

    pub(super) fn api<'a>(&'a self, call: &'a CallSpec) -> &'a Api {
        call.api.as_ref().unwrap_or(&self.collection.api)
    }

    /// What of an answer is kept.
    pub(super) fn kept(&self, call: &CallSpec, value: Value) -> Value {
        let wire = Wire {
            names: &call.wire,
            xml: is_xml(self.api(call).style),
        };
        wire.kept(value, &call.shape)
    }

    /// The elements of the listings that lead to that of the assets, each with those around it.
    fn parents(&self, caller: &Caller<'_>, state: &State) -> Vec<Vec<Value>> {
        let mut chains: Vec<Vec<Value>> = vec![Vec::new()];
        for call in &self.collection.parents {
            let mut next = Vec::new();
            for chain in &chains {
                let items = self.list(caller, state, call, chain).items.into_iter();
                let kept = items.filter(|item| is_called(call, item));
                next.extend(kept.map(|item| [&chain[..], &[item]].concat()));
            }
            chains = next;
        }
        chains
    }

    pub(super) fn list(
        &self,
        caller: &Caller<'_>,
        state: &State,
        call: &CallSpec,
        parents: &[Value],
    ) -> Listed {
        let vars = self.vars(parents, None, &self.place.region);
        let mut listed = match call.everywhere && self.only {
            true => some_regions_only(),
            false => gather(caller, call, self.api(call), &vars, self.regions),
        };
        if call.take == Take::Whole {
            listed = as_one(call, listed);
        }
        match listed.failure.take() {
            // There is nothing of the kind.
            Some(failure) if failure.is_one_of(&call.absent_on) => state.answered(),
            Some(failure) => state.lost(failure),
            None => state.answered(),
        }
        listed
    }

    /// The region of an element, where one listing speaks of all.
    pub(super) fn region_of(&self, item: &Value) -> String {
        let at = self.collection.region.as_ref();
        let found = at.and_then(|at| path::get(item, at)).and_then(path::text);
        match found {
            Some(region) if self.collection.asset_type.provider() == Provider::Azure => {
                crate::export::location(&region)
            }
            Some(region) => region.trim_start_matches("oss-").to_owned(),
            None => self.place.region.clone(),
        }
    }

    fn cover(&self, state: &State, sink: &dyn Sink) {
        let (status, reason) = state.status();
        let mut regions = BTreeSet::from([self.place.region.clone()]);
        if self.collection.region.is_some() {
            regions = self.regions.iter().cloned().collect();
            regions.extend(state.regions());
            if regions.is_empty() {
                regions.insert(self.place.region.clone());
            }
        }
        for region in regions {
            sink.coverage(Coverage {
                provider: self.collection.asset_type.provider(),
                account: self.place.account.clone(),
                region,
                asset_type: self.collection.asset_type.clone(),
                status,
                reason: reason.clone(),
            });
        }
    }
}

/// What is joined from all regions says nothing where only some of them are asked.
fn some_regions_only() -> Listed {
    let why = "it is joined from all regions, and only some are collected";
    Listed {
        failure: Some(Failure::own(ReasonKind::NotCollected, "OtherRegions", why)),
        ..Listed::default()
    }
}

/// All elements as one asset; none where it is not known whether these are all.
fn as_one(call: &CallSpec, listed: Listed) -> Listed {
    let one = match listed.failure {
        Some(failure) => Err(failure),
        None => whole(call, listed),
    };
    match one {
        Ok(one) => Listed {
            items: vec![one],
            ..Listed::default()
        },
        Err(failure) => Listed {
            failure: Some(failure),
            ..Listed::default()
        },
    }
}
