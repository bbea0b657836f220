//! Assets that are gone: their results are closed.

use std::collections::HashMap;

use stance_model::ResultStatus;

use crate::bulk;
use crate::db::{command, rows};
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};
use crate::scope;

use super::{DOING, Work};

/// An asset that is no longer there.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) no: i64,
    pub(super) region: String,
    /// Its checks, run-coded.
    pub(super) checks: String,
}

impl Work {
    /// Deletes the results of the assets, lowers the counters, and marks the assets gone.
    pub(super) async fn close(&mut self, gone: &[Gone]) -> Result<(), StoreError> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut pairs: Vec<(i64, i64)> = Vec::new();
        for asset in gone {
            pairs.extend(
                scope::decode(&asset.checks)?
                    .into_iter()
                    .map(|check| (check, asset.no)),
            );
        }
        pairs.sort_unstable();
        let mut checks: Vec<(i64,)> = pairs.iter().map(|(check, _)| (*check,)).collect();
        checks.dedup();
        self.forget_digests(&checks).await?;
        let regions: HashMap<i64, &str> = gone.iter().map(|a| (a.no, a.region.as_str())).collect();
        self.close_results(&pairs, &regions).await?;
        self.mark_gone(gone).await
    }

    async fn close_results(
        &mut self,
        pairs: &[(i64, i64)],
        regions: &HashMap<i64, &str>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM result WHERE tenant_no = $1 AND account_no = $2 \
             AND (check_id, asset_no) IN (SELECT v.check_id, v.asset_no FROM {} AS v) \
             RETURNING check_id, asset_no, status, CASE WHEN exception_id IS NULL THEN 0 ELSE 1 END",
            self.dialect.rows(3, &[Int("check_id"), Int("asset_no")])
        );
        for chunk in bulk::chunks(pairs) {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(chunk?);
            let closed: Vec<(i64, i64, i32, i32)> =
                query.fetch_all(&mut *self.tx).await.during(DOING)?;
            for (check, asset, status, excepted) in closed {
                let region = regions.get(&asset).copied().unwrap_or_default();
                self.deltas.add(
                    (check, self.account),
                    region,
                    status_of(status)?,
                    excepted == 1,
                    -1,
                );
                self.history.push((check, asset, Some(status), None));
                self.stats.results_closed += 1;
            }
        }
        Ok(())
    }

    async fn mark_gone(&mut self, gone: &[Gone]) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE asset {} SET gone_ms = $2, checks = '' \
             WHERE tenant_no = $1 AND asset_no IN (SELECT v.asset_no FROM {} AS v)",
            self.dialect.by_number(),
            self.dialect.rows(3, &[Int("asset_no")])
        );
        let numbers: Vec<(i64,)> = gone.iter().map(|a| (a.no,)).collect();
        for chunk in bulk::chunks(&numbers) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.now)
                .bind(chunk?);
            query.execute(&mut *self.tx).await.during(DOING)?;
        }
        self.stats.assets_gone = gone.len() as u64;
        Ok(())
    }
}

/// The status of a stored number.
pub(crate) fn status_of(code: i32) -> Result<ResultStatus, StoreError> {
    ResultStatus::from_code(code)
        .ok_or_else(|| StoreError::corrupt(format!("{code} as the status of a result")))
}
