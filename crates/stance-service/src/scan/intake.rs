//! Reading snapshots and judging what they hold.
//!
//! An asset whose checks look at nothing else is judged as soon as it is parsed, and its document forgotten. One whose
//! checks relate it to others waits until everything was read; only those, and the assets they may relate to, stay in
//! memory. What stays of every asset are its row and its verdicts, until its account is stored: a broken line anywhere
//! must leave nothing behind.

mod batches;
mod cover;
mod read;

pub(super) use read::providers;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;
use stance_catalog::Catalog;
use stance_collect::snapshot::{AssetDoc, Limits};
use stance_engine::{Context, RelatedIndex};
use stance_model::{AssetType, CheckId, Coverage, Provider};
use stance_store::{AccountBatch, AssetRow, ImageRow, NewResult};

use super::image_row::{image_row, is_unread};
use super::judge::{Verdict, judge};
use super::{Phase, Progress};
use crate::error::ServiceError;
use crate::status;

/// How many lines are parsed at a time, over all cores.
const LINES: usize = 2_048;

/// What a coverage record is about: provider, account, region, asset type.
type Place = (Provider, String, String, AssetType);

/// Everything that the files hold, as it comes together.
pub(super) struct Intake<'c> {
    catalog: &'c Catalog,
    now: Timestamp,
    limits: Limits,
    /// The checks that judge; none: all.
    checks: Option<&'c BTreeSet<CheckId>>,
    /// Types whose checks look at related assets.
    deferred_types: BTreeSet<AssetType>,
    related: RelatedIndex,
    deferred: Vec<AssetDoc>,
    coverage: BTreeMap<Place, Coverage>,
    accounts: BTreeMap<(Provider, String), Gathered>,
    /// Whether an image or host could be read in part only. Of other assets, coverage says so.
    unread: bool,
}

/// What was read and judged, to be stored as it is, account by account.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) batches: Vec<AccountBatch>,
    /// Whether something could not be read.
    pub(crate) partial: bool,
}

/// What was found in one account.
#[derive(Default)]
struct Gathered {
    name: String,
    assets: Vec<AssetRow>,
    images: Vec<ImageRow>,
    results: BTreeMap<CheckId, Vec<NewResult>>,
}

/// Files that say nothing at all are a mistake of whoever named them.
fn nothing() -> ServiceError {
    ServiceError::Invalid {
        what: "snapshot",
        why: "holds no account, no coverage and no asset".to_owned(),
    }
}

impl<'c> Intake<'c> {
    /// Nothing yet, to be judged at `now` by these checks; none named: by all.
    pub(super) fn new(
        catalog: &'c Catalog,
        now: Timestamp,
        limits: Limits,
        checks: Option<&'c BTreeSet<CheckId>>,
    ) -> Self {
        let rules = || {
            catalog
                .checks()
                .iter()
                .map(|check| (check, check.rule.lookups()))
        };
        let deferred_types = rules()
            .filter(|(_, lookups)| !lookups.is_empty())
            .map(|(check, _)| check.asset_type.clone())
            .collect();
        Self {
            catalog,
            now,
            limits,
            checks,
            deferred_types,
            related: RelatedIndex::new(rules().flat_map(|(_, lookups)| lookups)),
            deferred: Vec::new(),
            coverage: BTreeMap::new(),
            accounts: BTreeMap::new(),
            unread: false,
        }
    }

    /// Judges what waited for others. What comes back is to be stored.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] when there was nothing at all.
    pub(super) fn finish(mut self, progress: &dyn Progress) -> Result<Taken, ServiceError> {
        if self.accounts.is_empty() && self.deferred.is_empty() {
            return Err(nothing());
        }
        self.cover_what_was_seen();
        self.relate(progress);
        let coverage = self.coverage.values();
        let partial = self.unread || coverage.into_iter().any(status::is_unread);
        Ok(Taken {
            batches: self.batches(),
            partial,
        })
    }

    /// Judges the assets that waited, now that everything they may relate to is there.
    fn relate(&mut self, progress: &dyn Progress) {
        for coverage in self.coverage.values() {
            self.related.cover(coverage);
        }
        let deferred = std::mem::take(&mut self.deferred);
        progress.begin(Phase::Relating, Some(deferred.len() as u64));
        for chunk in deferred.chunks(LINES) {
            let context = Context {
                now: self.now,
                related: &self.related,
            };
            let verdicts: Vec<Vec<Verdict>> = chunk
                .par_iter()
                .map(|asset| judge(self.catalog, self.checks, asset, &context))
                .collect();
            for (asset, verdicts) in chunk.iter().zip(verdicts) {
                self.add(asset, verdicts);
            }
            progress.advance(chunk.len() as u64);
        }
    }

    fn add(&mut self, asset: &AssetDoc, verdicts: Vec<Verdict>) {
        let account = self
            .accounts
            .entry((asset.provider, asset.account.clone()))
            .or_default();
        let Ok(index) = u32::try_from(account.assets.len()) else {
            return;
        };
        account.images.extend(image_row(asset, index));
        self.unread |= is_unread(asset);
        account.assets.push(AssetRow {
            asset_type: asset.asset_type.clone(),
            region: asset.region.clone(),
            id: asset.id.clone(),
            name: asset.name.clone(),
            file: asset.file.clone(),
            line: asset.line,
        });
        for Verdict {
            check_id,
            status,
            reason,
            evidence,
        } in verdicts
        {
            account
                .results
                .entry(check_id)
                .or_default()
                .push(NewResult {
                    asset: index,
                    status,
                    reason,
                    evidence,
                });
        }
    }
}
