//! A session with the keys of one account: who it is, which regions it has, and a whole collection, several calls at a
//! time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rayon::prelude::*;
use serde_json::Value;
use stance_model::operation::{Collection, Lookup};
use stance_model::{AssetType, Clock};

use super::answer::not_documented;
use super::caller::{Caller, Patience};
use super::credential::Credential;
use super::failure::Failure;
use super::job::{Job, Place, Sink};
use super::keys::{KeySource, Keys};
use super::page::list;
use super::path;
use super::rate::{Pace, Rates};
use super::template::Vars;
use super::transport::Transport;

/// How a collection is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests in flight, in all.
    pub workers: usize,
    /// Requests in flight for one product in one region.
    pub per_product: usize,
    /// Calls of one operation in a second, in one region; slower where the provider throttles.
    pub per_second: f64,
    /// Calls of one operation that may come at once.
    pub burst: f64,
    /// Attempts of one call.
    pub attempts: u32,
    /// The pause after a first failure.
    pub pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long one call may take.
    pub timeout: Duration,
    /// Where everything is sent instead of to the provider, for a replay: `http://127.0.0.1:8080`.
    pub instead: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 16,
            per_product: 4,
            per_second: 5.0,
            burst: 10.0,
            attempts: 4,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            timeout: Duration::from_secs(20),
            instead: None,
        }
    }
}

/// A region of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The provider's id of it.
    pub id: String,
    /// The project of the account in it, where the provider has such; empty elsewhere.
    pub project: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What people call it; empty where it has no name.
    pub name: String,
}

/// Hears how a collection goes on.
pub trait Watch: Sync {
    /// So many pairs of type and region are to be read.
    fn begin(&self, jobs: usize);
    /// One of them is done.
    fn done(&self, asset_type: &AssetType, region: &str);
}

/// What is to be collected from an account.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'p> {
    /// Its id.
    pub account: &'p str,
    /// Its regions.
    pub regions: &'p [Region],
    /// The types.
    pub collections: &'p [&'p Collection],
    /// The calls that somebody reads, by type; the listing is always made.
    pub wanted: &'p BTreeMap<AssetType, BTreeSet<String>>,
}

/// The keys of one account, and how its provider is asked.
pub struct Session<'s> {
    transport: &'s dyn Transport,
    keys: Keys<'s>,
    rates: Rates,
    options: &'s Options,
    clock: Clock,
    cancel: &'s AtomicBool,
}

impl<'s> Session<'s> {
    /// A session that sends its requests by `transport`.
    pub fn new(
        transport: &'s dyn Transport,
        keys: &'s dyn KeySource,
        options: &'s Options,
        clock: Clock,
        cancel: &'s AtomicBool,
    ) -> Self {
        let rates = Rates::new(Pace {
            per_second: options.per_second,
            burst: options.burst,
            in_flight: options.per_product.max(1),
        });
        Self {
            transport,
            keys: Keys::new(keys),
            rates,
            options,
            clock,
            cancel,
        }
    }

    /// Whose keys these are.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn identity(&self, lookup: &Lookup) -> Result<Account, Failure> {
        let answer = self
            .caller()
            .call(&lookup.call, &lookup.api, &nowhere(&[], None), &[])?;
        // Some list all that the keys may enter, the first of which is theirs.
        let at = match &lookup.call.items {
            Some(items) => path::get(&answer, &format!("{items}[0]")).unwrap_or(&Value::Null),
            None => &answer,
        };
        account(lookup, at).ok_or_else(|| {
            not_documented("NoAccount", "the answer does not say whose keys these are")
        })
    }

    /// The regions that the account may use.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn regions(&self, lookup: &Lookup) -> Result<Vec<Region>, Failure> {
        let region = |item: &Value| {
            Some(Region {
                id: value(lookup, item, "id")?,
                project: value(lookup, item, "project").unwrap_or_default(),
            })
        };
        let items = self.items(lookup)?;
        Ok(items.iter().filter_map(region).collect())
    }

    /// The accounts of the organisation.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn members(&self, lookup: &Lookup) -> Result<Vec<Account>, Failure> {
        let items = self.items(lookup)?;
        Ok(items
            .iter()
            .filter_map(|item| account(lookup, item))
            .collect())
    }

    fn items(&self, lookup: &Lookup) -> Result<Vec<Value>, Failure> {
        let listed = list(
            &self.caller(),
            &lookup.call,
            &lookup.api,
            &nowhere(&[], None),
        );
        listed.failure.map_or(Ok(listed.items), Err)
    }

    /// Keys for a role in another account of the organisation.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn assume(
        &self,
        lookup: &Lookup,
        account: &str,
        role: &str,
    ) -> Result<Credential, Failure> {
        let item = serde_json::json!({ "account": account, "role": role });
        let vars = nowhere(&[], Some(&item));
        let answer = self.caller().call(&lookup.call, &lookup.api, &vars, &[])?;
        let part = |name| value(lookup, &answer, name);
        match (part("key"), part("secret")) {
            (Some(key), Some(secret)) => Ok(Credential::new(key, secret, part("token"))),
            _ => Err(not_documented("NoKeys", "the answer holds no keys")),
        }
    }

    /// Collects what the plan says: of each type the calls that are wanted, and always the listing.
    ///
    /// # Errors
    /// When no threads can be had.
    pub fn collect(
        &self,
        plan: &Plan<'_>,
        watch: &dyn Watch,
        sink: &dyn Sink,
    ) -> std::io::Result<()> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.options.workers.max(1))
            .build()
            .map_err(std::io::Error::other)?;
        let regions: Vec<String> = plan
            .regions
            .iter()
            .map(|region| region.id.clone())
            .collect();
        let jobs = jobs(plan);
        watch.begin(jobs.len());
        let nothing = BTreeSet::new();
        let caller = self.caller();
        pool.install(|| {
            jobs.par_iter().for_each(|(collection, place)| {
                let job = Job {
                    collection,
                    place,
                    wanted: plan.wanted.get(&collection.asset_type).unwrap_or(&nothing),
                    regions: &regions,
                };
                job.run(&caller, sink);
                watch.done(&collection.asset_type, &place.region);
            });
        });
        Ok(())
    }

    fn caller(&self) -> Caller<'_> {
        Caller {
            transport: self.transport,
            rates: &self.rates,
            keys: &self.keys,
            patience: Patience {
                attempts: self.options.attempts.max(1),
                pause: self.options.pause,
                longest: self.options.longest_pause,
            },
            clock: self.clock,
            cancel: self.cancel,
        }
    }
}

fn nowhere<'v>(parents: &'v [Value], item: Option<&'v Value>) -> Vars<'v> {
    Vars {
        account: "",
        region: "global",
        project: "",
        parents,
        item,
    }
}

fn value(lookup: &Lookup, item: &Value, name: &str) -> Option<String> {
    let at = lookup.values.get(name)?;
    path::get(item, at)
        .and_then(path::text)
        .filter(|text| !text.is_empty())
}

fn account(lookup: &Lookup, item: &Value) -> Option<Account> {
    Some(Account {
        id: value(lookup, item, "account")?,
        name: value(lookup, item, "name").unwrap_or_default(),
    })
}

/// Every type in every region; what has none, once.
fn jobs<'p>(plan: &Plan<'p>) -> Vec<(&'p Collection, Place)> {
    let place = |region: &Region| Place {
        account: plan.account.to_owned(),
        region: region.id.clone(),
        project: region.project.clone(),
    };
    let nowhere = Region {
        id: "global".to_owned(),
        project: String::new(),
    };
    let mut jobs = Vec::new();
    for collection in plan.collections {
        if collection.global {
            jobs.push((*collection, place(&nowhere)));
        } else if collection.region.is_some() {
            // One listing speaks of all regions.
            let first = plan.regions.first().unwrap_or(&nowhere);
            jobs.push((*collection, place(first)));
        } else {
            jobs.extend(
                plan.regions
                    .iter()
                    .map(|region| (*collection, place(region))),
            );
        }
    }
    jobs
}
