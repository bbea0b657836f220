//! A session with the keys of one account: who it is, which regions it has, and a whole collection, several calls at a
//! time.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;
use serde_json::Value;
use stance_model::Clock;
use stance_model::operation::Lookup;

use super::answer::not_documented;
use super::caller::{Ask, Caller, Patience};
use super::credential::Credential;
use super::failure::Failure;
use super::follow::holds;
use super::job::{Job, Sink};
use super::keys::{KeySource, Keys};
use super::page::list;
use super::path;
use super::plan::{Account, Options, Plan, Region, Watch, jobs};
use super::rate::{Pace, Rates};
use super::template::Vars;
use super::transport::Transport;
use super::turn::Turn;

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
        let answer = self.ask(lookup, &nowhere(None))?;
        // Some list all that the keys may enter, the first of which is theirs.
        let at = match &lookup.call.items {
            Some(items) => path::get(&answer, &format!("{items}[0]")).unwrap_or(&Value::Null),
            None => &answer,
        };
        account(lookup, at).ok_or_else(|| {
            not_documented("NoAccount", "the answer does not say whose keys these are")
        })
    }

    /// The regions that an account may use.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn regions(&self, lookup: &Lookup, account: &str) -> Result<Vec<Region>, Failure> {
        let region = |item: &Value| {
            Some(Region {
                id: value(lookup, item, "id")?,
                project: value(lookup, item, "project").unwrap_or_default(),
            })
        };
        self.found(lookup, account, "id", region)
    }

    /// The accounts of the organisation.
    ///
    /// # Errors
    /// [`Failure`] of the call.
    pub fn members(&self, lookup: &Lookup) -> Result<Vec<Account>, Failure> {
        self.found(lookup, "", "account", |item| account(lookup, item))
    }

    /// What elements of a look-up's listing say; one that does not say it must not go unnoticed.
    fn found<T>(
        &self,
        lookup: &Lookup,
        account: &str,
        named: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, Failure> {
        let vars = Vars {
            account,
            ..nowhere(None)
        };
        let listed = list(&self.caller(), &lookup.call, &lookup.api, &vars);
        if let Some(failure) = listed.failure {
            return Err(failure);
        }
        let usable = |item: &&Value| lookup.call.when.iter().all(|when| holds(when, item));
        let why = || not_documented("NoId", &format!("an element of the answer has no {named}"));
        let items = listed.items.iter().filter(usable);
        items.map(|item| read(item).ok_or_else(why)).collect()
    }

    fn ask(&self, lookup: &Lookup, vars: &Vars<'_>) -> Result<Value, Failure> {
        self.caller().call(&Ask {
            call: &lookup.call,
            api: &lookup.api,
            vars,
            turn: &Turn::default(),
        })
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
        let answer = self.ask(lookup, &nowhere(Some(&item)))?;
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
                    only: plan.only,
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

fn nowhere(item: Option<&Value>) -> Vars<'_> {
    Vars {
        account: "",
        region: "global",
        project: "",
        parents: &[],
        item,
        each: None,
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
