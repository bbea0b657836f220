//! Results: what differs from what is stored is written.

use stance_model::ResultStatus;

use crate::batch::NewResult;
use crate::error::StoreError;
use crate::text::clean;

use super::Work;
use super::assets::{Assets, Slot};
use super::digest::digest;
use super::exceptions::Exceptions;
use super::gone::status_of;
use super::intake::Intake;
use super::rows::Row;
use super::stored::Stored;

/// How many results are compared in one go; bounds the memory of a commit.
const PORTION: usize = 50_000;

/// Up to so many results what is stored is read by key, however many results their checks have.
const FEW: usize = 2_000;

type Check<'a> = (i64, &'a [&'a NewResult]);
/// A result with its asset.
pub(super) type Taken<'a> = (&'a Slot<'a>, &'a NewResult);

impl Work {
    pub(super) async fn take_results(
        &mut self,
        intake: &Intake<'_>,
        assets: &Assets<'_>,
    ) -> Result<(), StoreError> {
        let checks: Vec<(i64,)> = intake.results.keys().map(|c| (*c,)).collect();
        let exceptions = self.read_exceptions(&checks).await?;
        let mut portion: Vec<Check<'_>> = Vec::new();
        let mut size = 0;
        for (check, results) in &intake.results {
            portion.push((*check, results));
            size += results.len();
            if size >= PORTION {
                self.take_portion(&portion, assets, &exceptions).await?;
                portion.clear();
                size = 0;
            }
        }
        self.take_portion(&portion, assets, &exceptions).await
    }

    async fn take_portion(
        &mut self,
        portion: &[Check<'_>],
        assets: &Assets<'_>,
        exceptions: &Exceptions,
    ) -> Result<(), StoreError> {
        let checks: Vec<(i64,)> = portion.iter().map(|(check, _)| (*check,)).collect();
        let known = self.read_digests(&checks).await?;
        let (mut looked, mut changed) = (Vec::new(), Vec::new());
        for (check, results) in portion {
            let taken = worst(results, assets);
            let stale = results
                .iter()
                .filter(|r| assets.at(r.asset).is_none())
                .count();
            self.stats.stale += stale as u64;
            // A check all of whose results are stale has not looked at anything.
            if stale > 0 && taken.is_empty() {
                continue;
            }
            let digest = digest(&taken);
            if known.get(check) == Some(&digest) {
                self.stats.results_unchanged += taken.len() as u64;
            } else {
                changed.push((*check, taken));
            }
            looked.push((*check, digest));
        }
        self.take_changed(&changed, exceptions).await?;
        self.write_watermarks(&looked).await
    }

    async fn take_changed(
        &mut self,
        changed: &[(i64, Vec<Taken<'_>>)],
        exceptions: &Exceptions,
    ) -> Result<(), StoreError> {
        if changed.is_empty() {
            return Ok(());
        }
        let checks: Vec<(i64,)> = changed.iter().map(|(check, _)| (*check,)).collect();
        let pairs = changed.iter().map(|(_, taken)| taken.len()).sum::<usize>();
        let mut stored = match pairs {
            ..=FEW => self.read_pairs(&pairs_of(changed)).await?,
            _ => self.read_stored(&checks).await?,
        };
        let mut rows = Vec::new();
        for (check, taken) in changed {
            let stored = stored.remove(check).unwrap_or_default();
            self.compare(*check, taken, &stored, exceptions, &mut rows)?;
        }
        self.write_rows(&rows).await
    }

    /// Compares the results of a check with what is stored, both ascending by asset; gathers what differs.
    fn compare(
        &mut self,
        check: i64,
        taken: &[Taken<'_>],
        stored: &[(i64, Stored)],
        exceptions: &Exceptions,
        rows: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let mut stored = stored.iter().peekable();
        for (slot, result) in taken {
            while stored.next_if(|(asset, _)| *asset < slot.no).is_some() {}
            let old = stored
                .next_if(|(asset, _)| *asset == slot.no)
                .map(|(_, old)| old);
            let new = renewed(check, slot, result, old, exceptions);
            if old.map(|o| o.status) != Some(new.status) {
                self.change(check, slot, old, &new)?;
            }
            if old == Some(&new) {
                self.stats.results_unchanged += 1;
            } else {
                rows.push(Row {
                    is_new: old.is_none(),
                    check,
                    asset: slot.no,
                    stored: new,
                });
            }
        }
        Ok(())
    }

    /// Notes a change of a status in the counters and the history.
    fn change(
        &mut self,
        check: i64,
        slot: &Slot<'_>,
        old: Option<&Stored>,
        new: &Stored,
    ) -> Result<(), StoreError> {
        if let Some(old) = old {
            self.count(check, slot.region, old, -1)?;
        }
        self.count(check, slot.region, new, 1)?;
        // A first pass is no news, and there would be one for each of millions of results: its time is `first_ms`.
        if old.is_some() || slot.returned || new.status != ResultStatus::Pass.code() {
            self.history
                .push((check, slot.no, old.map(|o| o.status), Some(new.status)));
        }
        Ok(())
    }

    fn count(
        &mut self,
        check: i64,
        region: &str,
        result: &Stored,
        by: i64,
    ) -> Result<(), StoreError> {
        let status = status_of(result.status)?;
        self.deltas.add(
            (check, self.account),
            region,
            status,
            result.exception.is_some(),
            by,
        );
        Ok(())
    }
}

/// (check, asset) of the results.
fn pairs_of(changed: &[(i64, Vec<Taken<'_>>)]) -> Vec<(i64, i64)> {
    let pairs = changed
        .iter()
        .flat_map(|(check, taken)| taken.iter().map(|(slot, _)| (*check, slot.no)));
    pairs.collect()
}

/// What is to be stored for a pair. An exception that covers it stays as long as the status does: it is changed where
/// exceptions are.
fn renewed(
    check: i64,
    slot: &Slot<'_>,
    result: &NewResult,
    old: Option<&Stored>,
    exceptions: &Exceptions,
) -> Stored {
    let status = result.status.code();
    let exception = match old.filter(|o| o.status == status) {
        Some(old) => old.exception,
        None if result.status == ResultStatus::Fail => exceptions.covering(check, slot.id),
        None => None,
    };
    let text = |t: &Option<String>| t.as_deref().map(|t| clean(t).into_owned());
    Stored {
        status,
        exception,
        reason: text(&result.reason),
        evidence: text(&result.evidence),
    }
}

/// The results ascending by asset, without stale ones; of two for one asset the worse: a failure, then what could not
/// be read, then what does not apply.
fn worst<'a>(results: &[&'a NewResult], assets: &'a Assets<'a>) -> Vec<Taken<'a>> {
    let mut taken: Vec<Taken<'_>> = results
        .iter()
        .filter_map(|r| Some((assets.at(r.asset)?, *r)))
        .collect();
    taken.sort_by_key(|(slot, result)| (slot.no, rank(result.status)));
    taken.dedup_by_key(|(slot, _)| slot.no);
    taken
}

/// Worse first.
fn rank(status: ResultStatus) -> u8 {
    match status {
        ResultStatus::Fail => 0,
        ResultStatus::Unknown => 1,
        ResultStatus::NotApplicable => 2,
        ResultStatus::Pass => 3,
    }
}
