//! Writing results.

use serde::Serialize;

use crate::bulk;
use crate::db::command;
use crate::dialect::Column::{Int, Text};
use crate::error::{During, StoreError};

use super::stored::Stored;
use super::{DOING, Work};

/// A result to be written.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) is_new: bool,
    pub(super) check: i64,
    pub(super) asset: i64,
    pub(super) stored: Stored,
}

impl Row {
    /// Whether it is no more than a status, as most are.
    fn is_plain(&self) -> bool {
        let stored = &self.stored;
        stored.exception.is_none() && stored.reason.is_none() && stored.evidence.is_none()
    }

    /// Check (20 bits), asset (33), status (2) as one number: three times cheaper to read than a list.
    fn packed(&self) -> i64 {
        self.check << 35 | self.asset << 2 | i64::from(self.stored.status)
    }

    fn list(&self) -> (i64, i64, i32, Option<i64>, Option<&str>, Option<&str>) {
        let Stored {
            status,
            exception,
            reason,
            evidence,
        } = &self.stored;
        (
            self.check,
            self.asset,
            *status,
            *exception,
            reason.as_deref(),
            evidence.as_deref(),
        )
    }
}

impl Work {
    pub(super) async fn write_rows(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.stats.results_written += rows.len() as u64;
        let (new, changed): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| r.is_new);
        // Asking for a conflict costs a look-up a row; results that are not stored cannot have one.
        self.write_either(&new, "").await?;
        let replace = "WHERE TRUE ON CONFLICT (tenant_no, check_id, account_no, asset_no) DO UPDATE \
             SET status = excluded.status, exception_id = excluded.exception_id, reason = excluded.reason, \
             evidence = excluded.evidence, \
             changed_ms = CASE WHEN result.status = excluded.status THEN result.changed_ms ELSE $3 END";
        self.write_either(&changed, replace).await
    }

    async fn write_either(&mut self, rows: &[&Row], on_conflict: &str) -> Result<(), StoreError> {
        let (plain, worded): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|r| r.is_plain());
        let numbers: Vec<i64> = plain.into_iter().map(Row::packed).collect();
        let unpacked = format!(
            "(SELECT n >> 35 AS check_id, (n >> 2) & 8589934591 AS asset_no, n & 3 AS status, \
             CAST(NULL AS BIGINT) AS exception_id, CAST(NULL AS TEXT) AS reason, CAST(NULL AS TEXT) AS evidence \
             FROM {} AS packed)",
            self.dialect.numbers(4)
        );
        self.write(&unpacked, on_conflict, &numbers).await?;
        let columns = [
            Int("check_id"),
            Int("asset_no"),
            Int("status"),
            Int("exception_id"),
            Text("reason"),
            Text("evidence"),
        ];
        let lists: Vec<_> = worded.into_iter().map(Row::list).collect();
        self.write(&self.dialect.rows(4, &columns), on_conflict, &lists)
            .await
    }

    async fn write<T: Serialize>(
        &mut self,
        source: &str,
        on_conflict: &str,
        new: &[T],
    ) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO result \
             (tenant_no, account_no, check_id, asset_no, status, first_ms, exception_id, reason, evidence) \
             SELECT $1, $2, v.check_id, v.asset_no, v.status, $3, v.exception_id, v.reason, v.evidence \
             FROM {source} AS v {on_conflict}"
        );
        for chunk in bulk::chunks(new) {
            let query = command(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(self.now);
            query
                .bind(chunk?)
                .execute(&mut *self.tx)
                .await
                .during(DOING)?;
        }
        Ok(())
    }
}
