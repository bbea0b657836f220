//! The planner's statistics of PostgreSQL.
//!
//! Its own collector comes by once a minute and never counts a partitioned table as a whole. Until then the planner
//! takes the tables to be empty, and chooses plans that read all of them for each row. So the store counts by itself
//! when much has been written. SQLite needs none: the order of its joins is fixed by the statements.

use std::sync::atomic::Ordering;

use crate::batch::CommitStats;
use crate::db::{command, rows};
use crate::dialect::Dialect;
use crate::store::Store;

/// So few changes never spoil a plan.
const FEW: u64 = 500;

impl Store {
    /// Counts anew when what was written since the last time is more than half of what was there then. What goes
    /// wrong is only logged: the commit before it stands.
    pub(crate) async fn refresh_statistics(&self, stats: &CommitStats) {
        let by = stats.results_written + stats.results_closed + stats.assets_new;
        let uncounted = self.uncounted().fetch_add(by, Ordering::Relaxed) + by;
        if self.dialect() == Dialect::Postgres
            && uncounted >= FEW
            && let Err(e) = self.count_if_more_than_half(uncounted).await
        {
            tracing::warn!(error = %e, "the statistics of the database could not be refreshed: {e}");
        }
    }

    async fn count_if_more_than_half(&self, uncounted: u64) -> Result<(), sqlx::Error> {
        let sql =
            "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST('result' AS regclass)";
        let (known,): (i64,) = rows(sql).fetch_one(&self.db().write).await?;
        if uncounted.saturating_mul(2) < known.max(0).cast_unsigned() {
            return Ok(());
        }
        self.uncounted().fetch_sub(uncounted, Ordering::Relaxed);
        let sql = "ANALYZE (SKIP_LOCKED) account, asset, watermark, rollup, result, history, coverage, exception, \
                   image, image_item";
        command(sql).execute(&self.db().write).await.map(drop)
    }
}
