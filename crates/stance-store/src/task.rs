//! Tasks: one run each, held by a lease.

use std::fmt;

use stance_model::{CheckId, TenantId};

use crate::db::{Tx, command, commit, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::scope;
use crate::store::Store;
use crate::text::{self, take};

/// What a task is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewTask {
    /// What kind of run, such as `scan`.
    pub kind: String,
    /// What is looked at, in words, such as the path of a snapshot.
    pub source: String,
    /// The checks that it will run.
    pub checks: Vec<CheckId>,
    /// How long the lease holds without being renewed, in milliseconds.
    pub lease_ms: i64,
}

/// The right to store what a task found. Lost when the task ends, whoever ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub(crate) tenant: TenantId,
    pub(crate) task_id: i64,
    pub(crate) token: i64,
    pub(crate) lease_ms: i64,
}

impl Lease {
    /// The tenant of the task.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The number of the task; a later task has a larger one.
    #[must_use]
    pub fn task_id(&self) -> i64 {
        self.task_id
    }

    pub(crate) fn lost(&self) -> StoreError {
        StoreError::LeaseLost {
            task_id: self.task_id,
        }
    }
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// It is under way.
    Running,
    /// It ended, and everything was looked at.
    Done,
    /// It ended, and something could not be looked at.
    Partial,
    /// It ended early.
    Failed,
    /// Someone ended it.
    Cancelled,
}

impl TaskState {
    const ALL: [Self; 5] = [
        Self::Running,
        Self::Done,
        Self::Partial,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The word: `running`, `done`, `partial`, `failed`, `cancelled`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A task as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// What kind of run.
    pub kind: String,
    /// What is looked at.
    pub source: String,
    /// The checks that it runs, ascending.
    pub checks: Vec<CheckId>,
    /// Where it stands.
    pub state: TaskState,
    /// What went wrong, or other words on its end.
    pub message: String,
    /// How much is done, of `total`.
    pub done: i64,
    /// How much there is to do; 0 when that is not known.
    pub total: i64,
    /// When it began, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// Until when its lease holds, in milliseconds since 1970.
    pub lease_until_ms: i64,
}

impl Store {
    /// Begins a task and leases it to the caller for `lease_ms` from `now_ms` on.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a long kind or source; [`StoreError::Database`].
    pub async fn create_task(
        &self,
        tenant: &TenantId,
        task: &NewTask,
        now_ms: i64,
    ) -> Result<Lease, StoreError> {
        const DOING: &str = "creating the task";
        let kind = take("kind of the task, in bytes", &task.kind, text::SHORT)?.into_owned();
        let source = take("source of the task, in bytes", &task.source, text::NAME)?.into_owned();
        let number = self.ensure_tenant(tenant).await?;
        let token = token()?;
        let mut tx = self.db().begin_write(DOING).await?;
        let sql = "INSERT INTO task (tenant_no, kind, source, checks, state, token, lease_until_ms, created_ms) \
                   VALUES ($1, $2, $3, $4, 'running', $5, $6, $7) RETURNING task_id";
        let (task_id,): (i64,) = rows(sql)
            .bind(number)
            .bind(kind)
            .bind(source)
            .bind(scope::encode(&ids(&task.checks)))
            .bind(token)
            .bind(now_ms.saturating_add(task.lease_ms))
            .bind(now_ms)
            .fetch_one(&mut *tx)
            .await
            .during(DOING)?;
        commit(tx, DOING).await?;
        Ok(Lease {
            tenant: tenant.clone(),
            task_id,
            token,
            lease_ms: task.lease_ms,
        })
    }

    /// Renews the lease from `now_ms` on, and says how much of the task is done.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended.
    pub async fn renew(
        &self,
        lease: &Lease,
        done: i64,
        total: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let tenant = self
            .tenant(&lease.tenant)
            .await?
            .ok_or_else(|| lease.lost())?;
        let sql = "UPDATE task SET lease_until_ms = $4, done = $5, total = $6 \
                   WHERE tenant_no = $1 AND task_id = $2 AND token = $3 AND state = 'running'";
        let changed = command(sql)
            .bind(tenant)
            .bind(lease.task_id)
            .bind(lease.token)
            .bind(now_ms.saturating_add(lease.lease_ms))
            .bind(done)
            .bind(total)
            .execute(&self.db().write)
            .await
            .during("renewing the lease")?;
        if changed.rows_affected() == 0 {
            Err(lease.lost())
        } else {
            Ok(())
        }
    }

    /// Ends the task in `state`, with `message` for people; the lease is then lost. `Running` ends it as failed.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended already; [`StoreError::TooLarge`] for a long message.
    pub async fn finish_task(
        &self,
        lease: &Lease,
        state: TaskState,
        message: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let message = take("message of the task, in bytes", message, text::NAME)?.into_owned();
        let state = if state == TaskState::Running {
            TaskState::Failed
        } else {
            state
        };
        let tenant = self
            .tenant(&lease.tenant)
            .await?
            .ok_or_else(|| lease.lost())?;
        let sql = "UPDATE task SET state = $4, message = $5, ended_ms = $6 \
                   WHERE tenant_no = $1 AND task_id = $2 AND token = $3 AND state = 'running'";
        let changed = command(sql)
            .bind(tenant)
            .bind(lease.task_id)
            .bind(lease.token)
            .bind(state.key())
            .bind(message)
            .bind(now_ms)
            .execute(&self.db().write)
            .await
            .during("finishing the task")?;
        if changed.rows_affected() == 0 {
            Err(lease.lost())
        } else {
            Ok(())
        }
    }

    /// Ends running tasks of all tenants whose lease has run out as failed, with the message `interrupted`, and says
    /// how many. Their holders cannot store anything from then on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recover_tasks(&self, now_ms: i64) -> Result<u64, StoreError> {
        let sql = "UPDATE task SET state = 'failed', message = 'interrupted', ended_ms = $1 \
                   WHERE state = 'running' AND lease_until_ms <= $1";
        let done = command(sql)
            .bind(now_ms)
            .execute(&self.db().write)
            .await
            .during("recovering tasks")?;
        Ok(done.rows_affected())
    }

    /// The latest `limit` tasks, latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn tasks(&self, tenant: &TenantId, limit: u32) -> Result<Vec<Task>, StoreError> {
        self.select_tasks(tenant, "ORDER BY task_id DESC LIMIT $2", i64::from(limit))
            .await
    }

    /// Tasks that are running and whose lease has not run out at `now_ms`, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn running(&self, tenant: &TenantId, now_ms: i64) -> Result<Vec<Task>, StoreError> {
        self.select_tasks(
            tenant,
            "AND state = 'running' AND lease_until_ms > $2 ORDER BY task_id",
            now_ms,
        )
        .await
    }

    async fn select_tasks(
        &self,
        tenant: &TenantId,
        which: &str,
        param: i64,
    ) -> Result<Vec<Task>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT task_id, kind, source, checks, state, message, done, total, created_ms, ended_ms, lease_until_ms \
             FROM task WHERE tenant_no = $1 {which}"
        );
        let found: Vec<Row> = rows(sql)
            .bind(tenant)
            .bind(param)
            .fetch_all(&self.db().read)
            .await
            .during("reading tasks")?;
        found.into_iter().map(Task::try_from).collect()
    }
}

/// Keeps the task running until the end of the transaction, and refuses when it no longer is.
///
/// A share lock and no update: commits of several accounts of one task may run side by side, and whoever ends the
/// task waits for them.
pub(crate) async fn fence(
    tx: &mut Tx,
    dialect: Dialect,
    tenant: i64,
    lease: &Lease,
) -> Result<(), StoreError> {
    let lock = dialect.for_share();
    let sql = format!(
        "SELECT task_id FROM task \
         WHERE tenant_no = $1 AND task_id = $2 AND token = $3 AND state = 'running' {lock}"
    );
    let held: Option<(i64,)> = rows(sql)
        .bind(tenant)
        .bind(lease.task_id)
        .bind(lease.token)
        .fetch_optional(&mut **tx)
        .await
        .during("checking the lease")?;
    held.map(drop).ok_or_else(|| lease.lost())
}

type Row = (
    i64,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    i64,
    Option<i64>,
    i64,
);

impl TryFrom<Row> for Task {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (
            id,
            kind,
            source,
            checks,
            state,
            message,
            done,
            total,
            created_ms,
            ended_ms,
            lease_until_ms,
        ) = row;
        let checks = scope::decode(&checks)?
            .into_iter()
            .filter_map(|id| CheckId::new(id).ok())
            .collect();
        let state = TaskState::ALL
            .into_iter()
            .find(|s| s.key() == state)
            .ok_or_else(|| StoreError::corrupt(format!("`{state}` as the state of a task")))?;
        Ok(Self {
            id,
            kind,
            source,
            checks,
            state,
            message,
            done,
            total,
            created_ms,
            ended_ms,
            lease_until_ms,
        })
    }
}

/// The ids, ascending and each once.
pub(crate) fn ids(checks: &[CheckId]) -> Vec<i64> {
    let mut ids: Vec<i64> = checks.iter().map(|c| c.get()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A token that no earlier lease had, also after the database was restored from a copy.
fn token() -> Result<i64, StoreError> {
    let random = getrandom::u64().map_err(|e| StoreError::Database {
        doing: "drawing a token",
        why: e.to_string(),
        transient: false,
    })?;
    Ok((random >> 1).cast_signed())
}
