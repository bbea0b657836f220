//! Storing what a task found in one account: one transaction, everything or nothing.
//!
//! What is stored is read first and only differences are written; counters move by the same differences, so that they
//! can be compared with a recount at any time.

mod asset_rows;
mod assets;
pub(crate) mod counters;
mod coverage;
mod digest;
mod exceptions;
pub(crate) mod gone;
mod images;
mod intake;
mod results;
mod rows;
mod stored;

use crate::batch::{AccountBatch, CommitStats};
use crate::db::{Tx, commit, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::lease::{Lease, fence};
use crate::store::{Hold, Store, hold_tenant};

use counters::Deltas;
use intake::Intake;

const DOING: &str = "storing an account";

/// A commit under way.
struct Work {
    tx: Tx,
    dialect: Dialect,
    tenant: i64,
    account: i64,
    task: i64,
    now: i64,
    deltas: Deltas,
    history: Vec<Change>,
    stats: CommitStats,
}

/// A change of a status, as a row of the history: check, asset, from, to.
type Change = (i64, i64, Option<i32>, Option<i32>);

impl Store {
    /// Stores what a task found in one account. Committing the same batch again changes nothing but the times at
    /// which things were last checked.
    ///
    /// A (region, asset type) at which a newer task has looked is left alone, so that a late task never overwrites a
    /// newer one. Results of checks and assets that are not in the batch are left alone as well. First verdicts that
    /// pass are not written to the history; all other changes of a status are.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended, [`StoreError::TooLarge`] and [`StoreError::Invalid`] for a
    /// batch that cannot be stored, and those of the database; nothing is stored then. After
    /// [`StoreError::Uncertain`] it may be; committing again is safe.
    pub async fn commit_account(
        &self,
        lease: &Lease,
        batch: &AccountBatch,
        now_ms: i64,
    ) -> Result<CommitStats, StoreError> {
        let intake = Intake::new(batch)?;
        let tenant = self
            .tenant(&lease.tenant)
            .await?
            .ok_or_else(|| lease.lost())?;
        let mut tx = self.db().begin_write(DOING).await?;
        fence(&mut tx, self.dialect(), tenant, lease).await?;
        hold_tenant(&mut tx, self.dialect(), tenant, Hold::Shared).await?;
        let mut work = Work::new(tx, self.dialect(), tenant, lease.task_id, now_ms);
        work.run(&intake).await?;
        commit(work.tx, DOING).await?;
        self.refresh_statistics(&work.stats).await;
        Ok(work.stats)
    }
}

impl Work {
    fn new(tx: Tx, dialect: Dialect, tenant: i64, task: i64, now: i64) -> Self {
        let (deltas, history, stats) = Default::default();
        Self {
            tx,
            dialect,
            tenant,
            account: 0,
            task,
            now,
            deltas,
            history,
            stats,
        }
    }

    async fn run(&mut self, intake: &Intake<'_>) -> Result<(), StoreError> {
        self.account = self.lock_account(intake).await?;
        let groups = self.read_groups(intake).await?;
        let late = self.read_late_images(intake).await?;
        let (assets, gone) = self.take_assets(intake, &groups, &late).await?;
        self.close(&gone).await?;
        self.write_images(intake, &assets).await?;
        self.take_results(intake, &assets).await?;
        self.write_history().await?;
        self.write_items(intake).await?;
        self.write_counters().await?;
        self.write_coverage(&groups).await
    }

    /// Locks the row of the account until the end of the transaction, and gives its number.
    async fn lock_account(&mut self, intake: &Intake<'_>) -> Result<i64, StoreError> {
        if let Some((number, name)) = self.find_account(intake).await? {
            if !intake.name.is_empty() && name != intake.name {
                let sql = "UPDATE account SET name = $3 WHERE tenant_no = $1 AND account_no = $2";
                let update = crate::db::command(sql)
                    .bind(self.tenant)
                    .bind(number)
                    .bind(intake.name.to_string());
                update.execute(&mut *self.tx).await.during(DOING)?;
            }
            return Ok(number);
        }
        let sql = "INSERT INTO account (tenant_no, provider, account, name) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant_no, provider, account) DO NOTHING";
        let insert = crate::db::command(sql)
            .bind(self.tenant)
            .bind(intake.provider.key());
        let insert = insert
            .bind(intake.account.to_string())
            .bind(intake.name.to_string());
        insert.execute(&mut *self.tx).await.during(DOING)?;
        let found = self.find_account(intake).await?;
        found
            .map(|(number, _)| number)
            .ok_or_else(|| StoreError::corrupt("no row for an account just added"))
    }

    async fn find_account(
        &mut self,
        intake: &Intake<'_>,
    ) -> Result<Option<(i64, String)>, StoreError> {
        let sql = format!(
            "SELECT account_no, name FROM account WHERE tenant_no = $1 AND provider = $2 AND account = $3 {}",
            self.dialect.for_update()
        );
        let query = rows(sql)
            .bind(self.tenant)
            .bind(intake.provider.key())
            .bind(intake.account.to_string());
        query.fetch_optional(&mut *self.tx).await.during(DOING)
    }
}
