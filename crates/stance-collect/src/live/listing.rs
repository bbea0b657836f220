//! One listing of assets: each of its elements becomes an asset with its facts.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::{Map, Value};
use stance_model::operation::CallSpec;
use stance_model::{Asset, Origin};

use super::answer::not_documented;
use super::caller::Caller;
use super::follow::{Facts, Follow, needed};
use super::job::{Job, Sink};
use super::path;
use super::state::State;
use super::tags;

/// One listing of assets within the elements that lead to it, and what is asked about each.
pub(super) struct Listing<'l> {
    pub(super) job: &'l Job<'l>,
    pub(super) caller: &'l Caller<'l>,
    pub(super) state: &'l State,
    pub(super) sink: &'l dyn Sink,
    pub(super) call: &'l CallSpec,
    pub(super) parents: &'l [Value],
    pub(super) follow: Vec<Follow<'l>>,
    /// Which of the job's listings it is.
    pub(super) number: usize,
}

impl<'l> Listing<'l> {
    /// Reads it.
    pub(super) fn run(&mut self, follow: &'l [CallSpec]) {
        let listed = self
            .job
            .list(self.caller, self.state, self.call, self.parents);
        if !listed.items.is_empty() {
            let (job, caller, parents) = (self.job, self.caller, self.parents);
            let new = |call| Follow::new(job, caller, call, parents, &listed.items);
            self.follow = needed(job, follow).into_iter().map(new).collect();
        }
        let new = listed.items.par_iter().filter(|item| self.element(item));
        self.compare(listed.total, new.count() as u64);
    }

    /// A listing that gives fewer different assets than it says there are is not whole.
    fn compare(&self, total: Option<u64>, found: u64) {
        let Some(total) = total.filter(|total| found < *total) else {
            return;
        };
        let why = format!("the listing gives {found} different elements of {total}");
        self.state.lost(not_documented("ListingTooShort", &why));
    }

    /// Collects one element; whether it was not given before.
    fn element(&self, item: &Value) -> bool {
        let collection = self.job.collection;
        let Some(id) = self.named(item, &collection.id) else {
            let why = format!("an element has no `{}`", collection.id);
            self.state.missed(not_documented("NoId", &why));
            return true;
        };
        let region = self.job.region_of(item);
        let foreign = self.job.only && collection.region.is_some();
        if foreign && !self.job.regions.contains(&region) {
            return true;
        }
        let new = self.state.is_new(&region, &id, self.number);
        if new {
            self.sink.asset(self.asset(item, id, region));
        }
        new
    }

    /// The value at a path of an element, or that a template makes of it.
    fn named(&self, item: &Value, at: &str) -> Option<String> {
        if at.contains('{') {
            let vars = self
                .job
                .vars(self.parents, Some(item), &self.job.place.region);
            return vars.fill(at).ok();
        }
        path::get(item, at).and_then(path::text)
    }

    fn asset(&self, item: &Value, id: String, region: String) -> Asset {
        let collection = self.job.collection;
        let (facts, unknown) = self.facts(item, &region);
        let text = |at: &Option<String>| {
            let found = at.as_ref().and_then(|at| self.named(item, at));
            found.filter(|text| !text.is_empty())
        };
        Asset {
            provider: collection.asset_type.provider(),
            account: self.job.place.account.clone(),
            name: text(&collection.name).unwrap_or_else(|| id.clone()),
            id,
            zone: text(&collection.zone),
            tags: tags::read(item, collection.tags.as_ref()),
            asset_type: collection.asset_type.clone(),
            region,
            facts,
            unknown,
            origin: Some(Origin {
                kind: "api".to_owned(),
                at: Some(self.caller.clock.now().to_string()),
                file: None,
                line: None,
            }),
        }
    }

    /// What is known of an element, and why the rest is not.
    fn facts(
        &self,
        item: &Value,
        region: &str,
    ) -> (Map<String, Value>, BTreeMap<String, stance_model::Reason>) {
        let vars = self.job.vars(self.parents, Some(item), region);
        let mut facts = Facts::default();
        let listed = self.job.kept(self.call, item.clone());
        facts.known.insert(self.call.name.clone(), listed);
        for follow in &self.follow {
            let name = follow.call.name.clone();
            match follow.fact(self.caller, item, &vars, &facts) {
                Ok(value) => drop(facts.known.insert(name, value)),
                Err(failure) => {
                    self.state.missed(failure.clone());
                    facts.failed.insert(name, failure);
                }
            }
        }
        let failed = facts.failed.into_iter();
        let unknown = failed.map(|(name, failure)| (name, failure.reason()));
        (facts.known, unknown.collect())
    }
}
