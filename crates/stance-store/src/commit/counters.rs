//! Counters and history: what a commit changed, gathered and written once.

use std::collections::HashMap;

use stance_model::ResultStatus;
use stance_model::view::Counts;

use crate::bulk;
use crate::db::{Tx, command};
use crate::dialect::Column::{Int, Text};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};

use super::{DOING, Work};

/// Changes of counters by (check, account, region).
#[derive(Debug, Default)]
pub(crate) struct Deltas {
    all: HashMap<(i64, i64), HashMap<String, Counts>>,
}

impl Deltas {
    /// Moves the counter of (check, account) for results with this status by `by`.
    pub(crate) fn add(
        &mut self,
        key: (i64, i64),
        region: &str,
        status: ResultStatus,
        excepted: bool,
        by: i64,
    ) {
        let regions = self.all.entry(key).or_default();
        // Looked up before it is inserted: the region is a new text only once.
        if let Some(counts) = regions.get_mut(region) {
            tally(counts, status, excepted, by);
        } else {
            tally(
                regions.entry(region.to_owned()).or_default(),
                status,
                excepted,
                by,
            );
        }
    }

    /// Writes the changes.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        dialect: Dialect,
        tenant: i64,
    ) -> Result<(), StoreError> {
        let moved: Vec<_> = self
            .all
            .iter()
            .flat_map(|(key, regions)| regions.iter().map(move |r| (key, r)))
            .collect();
        let moved: Vec<_> = moved
            .into_iter()
            .filter(|(_, (_, c))| **c != Counts::default())
            .map(|((check, account), (region, c))| {
                (
                    check,
                    account,
                    region,
                    c.pass,
                    c.fail,
                    c.excepted,
                    c.not_applicable,
                    c.unknown,
                )
            })
            .collect();
        let columns = [
            Int("check_id"),
            Int("account_no"),
            Text("region"),
            Int("pass"),
            Int("fail"),
            Int("excepted"),
            Int("not_applicable"),
            Int("unknown"),
        ];
        let sql = format!(
            "INSERT INTO rollup (tenant_no, check_id, account_no, region, pass, fail, excepted, not_applicable, unknown) \
             SELECT $1, v.check_id, v.account_no, v.region, v.pass, v.fail, v.excepted, v.not_applicable, v.unknown \
             FROM {} AS v WHERE TRUE \
             ON CONFLICT (tenant_no, check_id, account_no, region) DO UPDATE \
             SET pass = rollup.pass + excluded.pass, fail = rollup.fail + excluded.fail, \
             excepted = rollup.excepted + excluded.excepted, \
             not_applicable = rollup.not_applicable + excluded.not_applicable, \
             unknown = rollup.unknown + excluded.unknown",
            dialect.rows(2, &columns)
        );
        for chunk in bulk::chunks(&moved) {
            command(sql.clone())
                .bind(tenant)
                .bind(chunk?)
                .execute(&mut **tx)
                .await
                .during("moving counters")?;
        }
        Ok(())
    }
}

/// Moves the counter of results with this status by `by`.
pub(crate) fn tally(counts: &mut Counts, status: ResultStatus, excepted: bool, by: i64) {
    let counter = match status {
        ResultStatus::Pass => &mut counts.pass,
        ResultStatus::Fail if excepted => &mut counts.excepted,
        ResultStatus::Fail => &mut counts.fail,
        ResultStatus::NotApplicable => &mut counts.not_applicable,
        ResultStatus::Unknown => &mut counts.unknown,
    };
    *counter += by;
}

impl Work {
    pub(super) async fn write_counters(&mut self) -> Result<(), StoreError> {
        self.deltas
            .write(&mut self.tx, self.dialect, self.tenant)
            .await
    }

    /// Appends the changes of statuses that the commit made. A pair changes at most once per commit.
    pub(super) async fn write_history(&mut self) -> Result<(), StoreError> {
        let columns = [
            Int("check_id"),
            Int("asset_no"),
            Int("from_status"),
            Int("to_status"),
        ];
        let sql = format!(
            "INSERT INTO history (tenant_no, asset_no, check_id, step, at_ms, task_id, from_status, to_status) \
             SELECT $1, v.asset_no, v.check_id, 1 + coalesce((SELECT max(h.step) FROM history h \
             WHERE h.tenant_no = $1 AND h.asset_no = v.asset_no AND h.check_id = v.check_id), 0), \
             $2, $3, v.from_status, v.to_status FROM {} AS v",
            self.dialect.rows(4, &columns)
        );
        for chunk in bulk::chunks(&self.history) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.now)
                .bind(self.task);
            query
                .bind(chunk?)
                .execute(&mut *self.tx)
                .await
                .during(DOING)?;
        }
        Ok(())
    }
}
