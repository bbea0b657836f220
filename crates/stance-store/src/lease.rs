//! Leases: who may store what a task found, and for how long.

use stance_model::TenantId;

use crate::db::{Command, Tx, command, commit, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::scope;
use crate::store::Store;
use crate::task::{COLUMNS, NewTask, Row, Task, TaskState, ids};
use crate::text::{self, take};

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

    /// Says that the task is alive: its lease holds for its length from `now_ms` on. Its progress stays as it is.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended; [`StoreError::Database`].
    pub async fn keep_alive(&self, lease: &Lease, now_ms: i64) -> Result<(), StoreError> {
        let until = now_ms.saturating_add(lease.lease_ms);
        let set = "lease_until_ms = $4";
        self.change(lease, set, |c| c.bind(until), "renewing the lease")
            .await
    }

    /// Renews the lease from `now_ms` on, and says how much of the task is done.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended; [`StoreError::Database`].
    pub async fn renew(
        &self,
        lease: &Lease,
        done: i64,
        total: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let until = now_ms.saturating_add(lease.lease_ms);
        let set = "lease_until_ms = $4, done = $5, total = $6";
        self.change(
            lease,
            set,
            |c| c.bind(until).bind(done).bind(total),
            "renewing the lease",
        )
        .await
    }

    /// Ends the task in `state`, with `message` for people; the lease is then lost. `Running` ends it as failed.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended already; [`StoreError::TooLarge`] for a long message;
    /// [`StoreError::Database`].
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
        let set = "state = $4, message = $5, ended_ms = $6";
        self.change(
            lease,
            set,
            |c| c.bind(state.key()).bind(message).bind(now_ms),
            "finishing the task",
        )
        .await
    }

    /// Changes the task of a lease that is held.
    async fn change(
        &self,
        lease: &Lease,
        set: &str,
        bind: impl FnOnce(Command) -> Command,
        doing: &'static str,
    ) -> Result<(), StoreError> {
        let tenant = self
            .tenant(&lease.tenant)
            .await?
            .ok_or_else(|| lease.lost())?;
        let held = command(format!("UPDATE task SET {set} WHERE {HELD}"));
        let held = bind(held.bind(tenant).bind(lease.task_id).bind(lease.token));
        let changed = held.execute(&self.db().write).await.during(doing)?;
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
        let sql = format!("SELECT {COLUMNS} FROM task WHERE tenant_no = $1 {which}");
        let query = rows(sql).bind(tenant).bind(param);
        let found: Vec<Row> = query
            .fetch_all(&self.db().read)
            .await
            .during("reading tasks")?;
        found.into_iter().map(Task::try_from).collect()
    }
}

/// A task that is held by a lease: its tenant, number and token are the first three parameters.
const HELD: &str = "tenant_no = $1 AND task_id = $2 AND token = $3 AND state = 'running'";

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
    let sql = format!("SELECT task_id FROM task WHERE {HELD} {lock}");
    let held: Option<(i64,)> = rows(sql)
        .bind(tenant)
        .bind(lease.task_id)
        .bind(lease.token)
        .fetch_optional(&mut **tx)
        .await
        .during("checking the lease")?;
    held.map(drop).ok_or_else(|| lease.lost())
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
