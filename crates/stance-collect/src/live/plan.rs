//! What is collected, from where and how.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use stance_model::AssetType;
use stance_model::operation::Collection;

use super::job::Place;

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
    /// Whether nobody wants other regions than these, although a listing may speak of them.
    pub only: bool,
    /// The types.
    pub collections: &'p [&'p Collection],
    /// The calls that somebody reads, by type; the listing is always made.
    pub wanted: &'p BTreeMap<AssetType, BTreeSet<String>>,
}

/// Every type in every region; what has none, once.
pub(super) fn jobs<'p>(plan: &Plan<'p>) -> Vec<(&'p Collection, Place)> {
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
            let only = &collection.only;
            let has = |region: &&Region| only.is_empty() || only.contains(&region.id);
            let regions = plan.regions.iter().filter(has);
            jobs.extend(regions.map(|region| (*collection, place(region))));
        }
    }
    jobs
}
