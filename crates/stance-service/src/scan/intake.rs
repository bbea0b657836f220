//! Reading snapshots and judging what they hold.
//!
//! An asset whose checks look at nothing else is judged as soon as it is parsed, and its document forgotten. One whose
//! checks relate it to others waits until everything was read; only those, and the assets they may relate to, stay in
//! memory. What stays of every asset are its row and its verdicts, until its account is stored: a broken line anywhere
//! must leave nothing behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;
use stance_catalog::Catalog;
use stance_collect::snapshot::{
    AssetDoc, Completeness, Limits, Line, Problem, Problems, RawLine, Reader, SnapshotError,
    parse_line,
};
use stance_engine::{Context, RelatedIndex};
use stance_model::record::Account;
use stance_model::{AssetType, CheckId, Coverage, CoverageStatus, Provider, Reason, ReasonKind};
use stance_store::{AccountBatch, AssetRow, CheckBatch, NewResult};

use super::judge::{Verdict, judge};
use super::{Phase, Progress};
use crate::error::ServiceError;

/// How many lines are parsed at a time, over all cores.
const LINES: usize = 2_048;

/// What a coverage record is about: provider, account, region, asset type.
type Place = (Provider, String, String, AssetType);

/// Everything that the files hold, as it comes together.
pub(super) struct Intake<'c> {
    catalog: &'c Catalog,
    now: Timestamp,
    limits: Limits,
    /// Types whose checks look at related assets.
    deferred_types: BTreeSet<AssetType>,
    related: RelatedIndex,
    deferred: Vec<AssetDoc>,
    coverage: BTreeMap<Place, Coverage>,
    accounts: BTreeMap<(Provider, String), Gathered>,
}

/// What was found in one account.
#[derive(Default)]
struct Gathered {
    name: String,
    assets: Vec<AssetRow>,
    results: BTreeMap<CheckId, Vec<NewResult>>,
}

/// A parsed line: an asset that was judged, or anything else.
enum Parsed {
    Judged(AssetDoc, Vec<Verdict>),
    Line(Box<Line>),
    Problem(Problem),
}

/// The providers that the heads of the files name; empty when they name none, which says nothing.
pub(super) fn providers(files: &[PathBuf]) -> Result<BTreeSet<Provider>, ServiceError> {
    let limits = Limits::default();
    let mut found = BTreeSet::new();
    for file in files {
        let mut reader = Reader::open(file, limits)?;
        for raw in reader.next_batch(LINES)?.into_iter().flatten() {
            match parse_line(&raw, &limits) {
                Ok(Line::Account(account)) => found.insert(account.provider),
                Ok(Line::Coverage(coverage)) => found.insert(coverage.provider),
                Ok(Line::Asset(asset)) => found.insert(asset.provider),
                _ => continue,
            };
        }
    }
    Ok(found)
}

/// Files that say nothing at all are a mistake of whoever named them.
fn nothing() -> ServiceError {
    ServiceError::Invalid {
        what: "snapshot",
        why: "holds no account, no coverage and no asset".to_owned(),
    }
}

impl<'c> Intake<'c> {
    /// Reads the files and judges every asset. What comes back is to be stored as it is, account by account.
    ///
    /// # Errors
    /// [`ServiceError::Snapshot`] names every broken line of the first file that has one.
    pub(super) fn read(
        catalog: &'c Catalog,
        now: Timestamp,
        files: &[PathBuf],
        limits: Limits,
        progress: &dyn Progress,
    ) -> Result<Vec<AccountBatch>, ServiceError> {
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
        let mut intake = Self {
            catalog,
            now,
            limits,
            deferred_types,
            related: RelatedIndex::new(rules().flat_map(|(_, lookups)| lookups)),
            deferred: Vec::new(),
            coverage: BTreeMap::new(),
            accounts: BTreeMap::new(),
        };
        progress.begin(Phase::Reading, None);
        for file in files {
            intake.file(file, progress)?;
        }
        if intake.accounts.is_empty() && intake.deferred.is_empty() {
            return Err(nothing());
        }
        intake.cover_what_was_seen();
        intake.relate(progress);
        Ok(intake.batches())
    }

    fn file(&mut self, file: &Path, progress: &dyn Progress) -> Result<(), ServiceError> {
        let mut reader = Reader::open(file, self.limits)?;
        let mut problems = Problems::default();
        let mut coverage = Vec::new();
        while let Some(batch) = reader.next_batch(LINES)? {
            let count = batch.len() as u64;
            let parsed: Vec<Parsed> = batch.par_iter().map(|raw| self.parse(raw)).collect();
            for parsed in parsed {
                match parsed {
                    Parsed::Judged(asset, verdicts) => self.add(&asset, verdicts),
                    Parsed::Problem(problem) => problems.push(problem),
                    Parsed::Line(line) => self.line(*line, &mut coverage),
                }
            }
            progress.advance(count);
        }
        let completeness = reader.finish();
        problems
            .into_result(file)
            .map_err(|error: SnapshotError| ServiceError::Snapshot(error))?;
        self.cover(coverage, &completeness);
        Ok(())
    }

    /// Parses a line; judges its asset if that needs no other.
    fn parse(&self, raw: &RawLine) -> Parsed {
        match parse_line(raw, &self.limits) {
            Ok(Line::Asset(asset)) if !self.waits(&asset) => {
                let nothing = RelatedIndex::default();
                let context = Context {
                    now: self.now,
                    related: &nothing,
                };
                let verdicts = judge(self.catalog, &asset, &context);
                Parsed::Judged(asset, verdicts)
            }
            Ok(line) => Parsed::Line(Box::new(line)),
            Err(problem) => Parsed::Problem(problem),
        }
    }

    fn waits(&self, asset: &AssetDoc) -> bool {
        self.deferred_types.contains(&asset.asset_type) || self.related.wants(&asset.asset_type)
    }

    fn line(&mut self, line: Line, coverage: &mut Vec<Coverage>) {
        match line {
            Line::Account(Account { provider, id, name }) => {
                self.accounts.entry((provider, id)).or_default().name = name;
            }
            Line::Coverage(record) => coverage.push(record),
            Line::Asset(asset) => {
                self.related.insert(asset.value.clone());
                self.deferred.push(asset);
            }
            Line::Header(_) | Line::End(_) => {}
        }
    }

    /// Takes in the coverage of a file. Of a file that ended early nothing counts as complete.
    fn cover(&mut self, coverage: Vec<Coverage>, completeness: &Completeness) {
        for mut record in coverage {
            if let Completeness::Truncated(reason) = completeness
                && record.status.is_complete()
            {
                record.status = CoverageStatus::Partial;
                record.reason = Some(Reason {
                    message: record.reason.and_then(|r| r.message),
                    ..reason.clone()
                });
            }
            let key = (
                record.provider,
                record.account.clone(),
                record.region.clone(),
                record.asset_type.clone(),
            );
            self.accounts
                .entry((record.provider, record.account.clone()))
                .or_default();
            // Two files may speak of the same place: what one could not read stays unread.
            match self.coverage.get(&key) {
                Some(earlier) if !earlier.status.is_complete() => {}
                _ => {
                    self.coverage.insert(key, record);
                }
            }
        }
    }

    /// Sees to it that every asset lies where something was looked for. Where no coverage record says how completely,
    /// or one says that there is nothing, it is not known what else there is.
    ///
    /// Not so for what infrastructure code declares (it has a file): the code is all that was asked about, and it never
    /// speaks for a whole account. Without a record it closes nothing, and no related list counts as complete.
    fn cover_what_was_seen(&mut self) {
        // What a file of infrastructure code declares is all that it declares.
        let judged = self
            .accounts
            .iter()
            .flat_map(|((provider, account), gathered)| {
                let rows = gathered.assets.iter().filter(|row| row.file.is_none());
                rows.map(move |row| {
                    let (region, asset_type) = (row.region.clone(), row.asset_type.clone());
                    (*provider, account.clone(), region, asset_type)
                })
            });
        let waiting = self.deferred.iter().filter(|asset| asset.file.is_none());
        let waiting = waiting.map(|asset| {
            let (account, region) = (asset.account.clone(), asset.region.clone());
            (asset.provider, account, region, asset.asset_type.clone())
        });
        let places: BTreeSet<Place> = judged.chain(waiting).collect();
        for place in places {
            let what = match self.coverage.get(&place).map(|record| record.status) {
                None => "no coverage record says what was looked for",
                Some(CoverageStatus::NotActivated | CoverageStatus::NotOffered) => {
                    "there are assets where the coverage says that there are none"
                }
                Some(_) => continue,
            };
            let (provider, account, region, asset_type) = place.clone();
            let about = format!("{account} {region} {asset_type}: {what}");
            let record = Coverage {
                provider,
                account,
                region,
                asset_type,
                status: CoverageStatus::Partial,
                reason: Some(Reason::new(ReasonKind::NotCollected, about)),
            };
            self.coverage.insert(place, record);
        }
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
                .map(|asset| judge(self.catalog, asset, &context))
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

    fn batches(mut self) -> Vec<AccountBatch> {
        let mut coverage: BTreeMap<(Provider, String), Vec<Coverage>> = BTreeMap::new();
        for ((provider, account, ..), record) in std::mem::take(&mut self.coverage) {
            coverage
                .entry((provider, account))
                .or_default()
                .push(record);
        }
        let catalog = self.catalog;
        std::mem::take(&mut self.accounts)
            .into_iter()
            .map(|((provider, account), mut gathered)| {
                let coverage = coverage
                    .remove(&(provider, account.clone()))
                    .unwrap_or_default();
                // A check whose assets were looked for and not found has run, too.
                for record in coverage
                    .iter()
                    .filter(|c| c.status != CoverageStatus::Failed)
                {
                    for check in catalog.for_type(&record.asset_type) {
                        gathered.results.entry(check.id).or_default();
                    }
                }
                let Gathered {
                    name: account_name,
                    assets,
                    results,
                } = gathered;
                let results = results
                    .into_iter()
                    .map(|(check_id, results)| CheckBatch { check_id, results })
                    .collect();
                AccountBatch {
                    provider,
                    account,
                    account_name,
                    coverage,
                    assets,
                    results,
                }
            })
            .collect()
    }
}
