//! The store as it is meant: plain maps, everything counted from scratch. What the real one answers must be equal.

use std::collections::{BTreeMap, BTreeSet};

use stance_model::exception::Exception;
use stance_model::view::Counts;
use stance_model::{CheckStatus, Coverage, ResultStatus};
use stance_store::{AccountBatch, ResultFilter, Sort, StatusChange};

/// Region, type, id.
pub(crate) type AssetKey = (String, String, String);
/// Account, then region, type, id.
type Key = (String, AssetKey);

#[derive(Debug, Clone)]
pub(crate) struct Asset {
    no: usize,
    name: String,
    last: i64,
    gone: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    status: ResultStatus,
    exception: Option<i64>,
    reason: Option<String>,
    evidence: Option<String>,
    first: i64,
}

/// What is compared of a result.
pub(crate) type Shown = (
    i64,
    String,
    AssetKey,
    String,
    ResultStatus,
    Option<String>,
    [Option<String>; 2],
    i64,
    i64,
);

/// One tenant.
#[derive(Debug, Default)]
pub(crate) struct Model {
    assets: BTreeMap<Key, Asset>,
    verdicts: BTreeMap<(i64, Key), Verdict>,
    marks: BTreeMap<(i64, String), (i64, i64)>,
    coverage: BTreeMap<(String, String, String), (Coverage, i64, i64)>,
    history: Vec<(i64, Key, StatusChange)>,
    exceptions: BTreeMap<i64, Exception>,
}

impl Model {
    pub(crate) fn commit(&mut self, task_id: i64, batch: &AccountBatch, now: i64) {
        let account = batch.account.clone();
        let newer = |region: &str, kind: &str| {
            let found = self
                .coverage
                .get(&(account.clone(), region.to_owned(), kind.to_owned()));
            found.is_some_and(|(_, task, _)| *task > task_id)
        };
        let stale: BTreeSet<(String, String)> = self
            .coverage
            .keys()
            .filter(|k| k.0 == account && newer(&k.1, &k.2))
            .map(|k| (k.1.clone(), k.2.clone()))
            .collect();
        let is_stale = |key: &AssetKey| stale.contains(&(key.0.clone(), key.1.clone()));
        let keys: Vec<AssetKey> = batch
            .assets
            .iter()
            .map(|a| {
                (
                    a.region.clone(),
                    a.asset_type.as_str().to_owned(),
                    a.id.clone(),
                )
            })
            .collect();
        let mut returned = BTreeSet::new();
        for (key, row) in keys
            .iter()
            .zip(&batch.assets)
            .filter(|(key, _)| !is_stale(key))
        {
            let no = self.assets.len();
            let asset = self
                .assets
                .entry((account.clone(), key.clone()))
                .or_insert(Asset {
                    no,
                    name: String::new(),
                    last: now,
                    gone: false,
                });
            if asset.gone {
                returned.insert(key.clone());
            }
            (asset.name, asset.gone, asset.last) = (row.name.clone(), false, asset.last.max(now));
        }
        self.close_missing(task_id, batch, &keys, &is_stale, now);
        for one in &batch.results {
            let id = one.check_id.get();
            let mut worst: BTreeMap<&AssetKey, (ResultStatus, [&Option<String>; 2])> =
                BTreeMap::new();
            let mut skipped = false;
            for result in &one.results {
                let key = &keys[result.asset as usize];
                skipped |= is_stale(key);
                let rank = |s| {
                    [
                        ResultStatus::Fail,
                        ResultStatus::Unknown,
                        ResultStatus::NotApplicable,
                    ]
                    .iter()
                    .position(|w| *w == s)
                    .unwrap_or(9)
                };
                let stands = worst
                    .get(key)
                    .is_some_and(|(s, _)| rank(*s) <= rank(result.status));
                if !is_stale(key) && !stands {
                    worst.insert(key, (result.status, [&result.reason, &result.evidence]));
                }
            }
            if !skipped || !worst.is_empty() {
                let mark = self.marks.entry((id, account.clone())).or_default();
                if mark.0 <= task_id {
                    *mark = (task_id, now);
                }
            }
            for (key, (status, [reason, evidence])) in worst {
                let full = (account.clone(), key.clone());
                let old = self.verdicts.get(&(id, full.clone())).cloned();
                let from = old.as_ref().map(|o| o.status);
                let mut exception = old.as_ref().and_then(|o| o.exception);
                if from != Some(status) {
                    exception = if status == ResultStatus::Fail {
                        self.covering(id, &key.2, now)
                    } else {
                        None
                    };
                    if from.is_some() || returned.contains(key) || status != ResultStatus::Pass {
                        let change = StatusChange {
                            at_ms: now,
                            task_id,
                            from,
                            to: Some(status),
                        };
                        self.history.push((id, full.clone(), change));
                    }
                }
                let first = old.map_or(now, |o| o.first);
                let verdict = Verdict {
                    status,
                    exception,
                    reason: reason.clone(),
                    evidence: evidence.clone(),
                    first,
                };
                self.verdicts.insert((id, full), verdict);
            }
        }
        for record in &batch.coverage {
            let key = (
                account.clone(),
                record.region.clone(),
                record.asset_type.as_str().to_owned(),
            );
            if !stale.contains(&(key.1.clone(), key.2.clone())) {
                let same = batch
                    .coverage
                    .iter()
                    .filter(|c| c.region == record.region && c.asset_type == record.asset_type);
                let kept = same
                    .clone()
                    .find(|c| !c.status.is_complete())
                    .unwrap_or(same.clone().next_back().unwrap());
                self.coverage.insert(key, (kept.clone(), task_id, now));
            }
        }
    }

    fn close_missing(
        &mut self,
        task_id: i64,
        batch: &AccountBatch,
        keys: &[AssetKey],
        is_stale: &dyn Fn(&AssetKey) -> bool,
        now: i64,
    ) {
        let complete = |key: &AssetKey| {
            let mut records = batch
                .coverage
                .iter()
                .filter(|c| c.region == key.0 && c.asset_type.as_str() == key.1)
                .peekable();
            records.peek().is_some() && records.all(|c| c.status.is_complete())
        };
        for (key, asset) in self
            .assets
            .iter_mut()
            .filter(|(key, _)| key.0 == batch.account)
        {
            if asset.gone || is_stale(&key.1) || !complete(&key.1) || keys.contains(&key.1) {
                continue;
            }
            asset.gone = true;
            let closed: Vec<(i64, Key)> = self
                .verdicts
                .keys()
                .filter(|(_, k)| k == key)
                .cloned()
                .collect();
            for pair in closed {
                let from = self.verdicts.remove(&pair).map(|v| v.status);
                self.history.push((
                    pair.0,
                    pair.1,
                    StatusChange {
                        at_ms: now,
                        task_id,
                        from,
                        to: None,
                    },
                ));
            }
        }
    }

    fn covering(&self, id: i64, asset: &str, now: i64) -> Option<i64> {
        let live =
            |e: &&Exception| e.check_id.get() == id && e.expires_ms.is_none_or(|at| at > now);
        let names =
            |e: &&Exception| e.asset_ids.is_empty() || e.asset_ids.iter().any(|a| a == asset);
        self.exceptions
            .values()
            .filter(live)
            .find(names)
            .map(|e| e.id)
    }

    pub(crate) fn add_exception(&mut self, exception: &Exception) {
        self.exceptions.insert(exception.id, exception.clone());
        if exception
            .expires_ms
            .is_some_and(|at| at <= exception.created_ms)
        {
            return;
        }
        for ((id, key), verdict) in &mut self.verdicts {
            let named = exception.asset_ids.is_empty() || exception.asset_ids.contains(&key.1.2);
            let fails = verdict.status == ResultStatus::Fail && verdict.exception.is_none();
            if *id == exception.check_id.get() && named && fails {
                verdict.exception = Some(exception.id);
            }
        }
    }

    pub(crate) fn end_exceptions(&mut self, ended: &[i64], now: i64) {
        self.exceptions.retain(|id, _| !ended.contains(id));
        let pairs: Vec<(i64, Key)> = self.verdicts.keys().cloned().collect();
        for pair in pairs {
            if self.verdicts[&pair]
                .exception
                .is_some_and(|id| ended.contains(&id))
            {
                let other = self.covering(pair.0, &pair.1.1.2, now);
                self.verdicts.get_mut(&pair).unwrap().exception = other;
            }
        }
    }

    pub(crate) fn due(&self, now: i64) -> Vec<i64> {
        self.exceptions
            .values()
            .filter(|e| e.expires_ms.is_some_and(|at| at <= now))
            .map(|e| e.id)
            .collect()
    }

    pub(crate) fn exceptions(&self) -> Vec<Exception> {
        self.exceptions.values().cloned().collect()
    }

    pub(crate) fn asset_count(&self) -> u64 {
        self.assets.values().filter(|a| !a.gone).count() as u64
    }

    pub(crate) fn coverage(&self) -> Vec<(Coverage, i64, i64)> {
        self.coverage.values().cloned().collect()
    }

    /// Latest first. Within one millisecond the store orders by task; the model by what came last.
    pub(crate) fn history(&self, id: i64, asset: &str) -> Vec<StatusChange> {
        let of = |(check, key, _): &&(i64, Key, StatusChange)| *check == id && key.1.2 == asset;
        self.history
            .iter()
            .filter(of)
            .map(|(_, _, change)| *change)
            .rev()
            .collect()
    }

    /// Check, account, counts, task, time.
    pub(crate) fn rollups(
        &self,
        account: Option<&str>,
        assets: Option<&[String]>,
    ) -> Vec<(i64, String, Counts, i64, i64)> {
        let mut all = Vec::new();
        for ((id, owner), (task, at)) in &self.marks {
            let mut counts = Counts::default();
            let of = |pair: &(i64, Key)| {
                pair.0 == *id
                    && pair.1.0 == *owner
                    && assets.is_none_or(|a| a.contains(&pair.1.1.2))
            };
            for (_, verdict) in self.verdicts.iter().filter(|(pair, _)| of(pair)) {
                match (verdict.status, verdict.exception) {
                    (ResultStatus::Pass, _) => counts.pass += 1,
                    (ResultStatus::Fail, None) => counts.fail += 1,
                    (ResultStatus::Fail, Some(_)) => counts.excepted += 1,
                    (ResultStatus::NotApplicable, _) => counts.not_applicable += 1,
                    (ResultStatus::Unknown, _) => counts.unknown += 1,
                }
            }
            let wanted =
                account.is_none_or(|a| a == owner) && (assets.is_none() || counts.total() > 0);
            if wanted {
                all.push((*id, owner.clone(), counts, *task, *at));
            }
        }
        all
    }

    pub(crate) fn list(&self, filter: &ResultFilter) -> Vec<Shown> {
        let mut all: Vec<(usize, CheckStatus, usize, Shown)> = Vec::new();
        for ((id, key), verdict) in &self.verdicts {
            let asset = &self.assets[key];
            let place = filter.check_ids.iter().position(|c| c.get() == *id);
            if place.is_none() && !filter.check_ids.is_empty() || !self.selects(filter, key, asset)
            {
                continue;
            }
            let status = verdict.status.shown(verdict.exception.is_some());
            if !filter.statuses.is_empty() && !filter.statuses.contains(&status) {
                continue;
            }
            let excepted = verdict
                .exception
                .map(|e| self.exceptions[&e].reason.clone());
            let last = asset.last.min(self.marks[&(*id, key.0.clone())].1);
            let texts = [verdict.reason.clone(), verdict.evidence.clone()];
            let shown = (
                *id,
                key.0.clone(),
                key.1.clone(),
                asset.name.clone(),
                verdict.status,
                excepted,
                texts,
                verdict.first,
                last,
            );
            let order = if filter.sort == Sort::Status {
                status
            } else {
                CheckStatus::Checking
            };
            all.push((
                place.unwrap_or(usize::try_from(*id).unwrap()),
                order,
                asset.no,
                shown,
            ));
        }
        all.sort_by(|a, b| {
            (a.0, a.1, &a.3.2.2, &a.3.2.0, a.2).cmp(&(b.0, b.1, &b.3.2.2, &b.3.2.0, b.2))
        });
        all.into_iter().map(|(_, _, _, shown)| shown).collect()
    }

    fn selects(&self, filter: &ResultFilter, (account, key): &Key, asset: &Asset) -> bool {
        let part = |part: &Option<String>, text: &str| {
            part.as_ref()
                .is_none_or(|p| text.to_ascii_lowercase().contains(&p.to_ascii_lowercase()))
        };
        part(&filter.id_contains, &key.2)
            && part(&filter.name_contains, &asset.name)
            && part(&filter.region_contains, &key.0)
            && (filter.asset_ids.is_empty() || filter.asset_ids.contains(&key.2))
            && filter.account.as_ref().is_none_or(|(_, a)| a == account)
            && filter.region.as_ref().is_none_or(|r| *r == key.0)
    }
}
