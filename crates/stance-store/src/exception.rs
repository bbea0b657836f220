//! Exceptions: which failures people have accepted.
//!
//! A failing result carries the number of the oldest live exception that covers it. Results that do not fail carry
//! none: an exception changes failures only.

use std::borrow::Cow;

use stance_model::exception::Exception;
use stance_model::{CheckId, TenantId};

use crate::bulk;
use crate::cover::{Change, uncover};
use crate::db::{Tx, commit, rows};
use crate::error::{During, StoreError};
use crate::store::{Hold, Store, hold_tenant};
use crate::text::{self, bound, take};

/// Assets that one exception may name.
pub(crate) const ASSETS: usize = 10_000;

pub(crate) type Row = (i64, i64, String, String, String, i64, Option<i64>);
pub(crate) const COLUMNS: &str =
    "exception_id, check_id, asset_ids, reason, author, created_ms, expires_ms";

impl Store {
    /// Adds an exception and covers with it the failures that no other exception covers. Answers it with its number.
    /// One that has expired at its `created_ms` covers nothing.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for long texts or more than 10,000 assets; [`StoreError::Database`].
    pub async fn add_exception(
        &self,
        tenant: &TenantId,
        exception: &Exception,
    ) -> Result<Exception, StoreError> {
        const DOING: &str = "adding the exception";
        let mut exception = checked(exception)?;
        let number = self.ensure_tenant(tenant).await?;
        let mut tx = self.db().begin_write(DOING).await?;
        hold_tenant(&mut tx, self.dialect(), number, Hold::Alone).await?;
        exception.id = insert(&mut tx, number, &exception).await?;
        if exception
            .expires_ms
            .is_none_or(|at| at > exception.created_ms)
        {
            let mut change = Change::new(&mut tx, self.dialect(), number, exception.check_id);
            change
                .cover(None, Some(exception.id), &exception.asset_ids)
                .await?;
            change.count().await?;
        }
        commit(tx, DOING).await?;
        Ok(exception)
    }

    /// Exceptions that have not ended, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn list_exceptions(&self, tenant: &TenantId) -> Result<Vec<Exception>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM exception WHERE tenant_no = $1 AND ended_ms IS NULL ORDER BY exception_id"
        );
        let found: Vec<Row> = rows(sql)
            .bind(tenant)
            .fetch_all(&self.db().read)
            .await
            .during("reading the exceptions")?;
        found.into_iter().map(from_row).collect()
    }

    /// Ends an exception; what it covered is covered by another one, or fails again. False: there is none that has
    /// not ended.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn remove_exception(
        &self,
        tenant: &TenantId,
        id: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(false);
        };
        Ok(self.end("exception_id = $3", tenant, now_ms, id).await? > 0)
    }

    /// Ends the exceptions that have expired at `now_ms`, and says how many.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn expire_exceptions(
        &self,
        tenant: &TenantId,
        now_ms: i64,
    ) -> Result<u64, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(0);
        };
        let sql = "SELECT exception_id FROM exception \
                   WHERE tenant_no = $1 AND ended_ms IS NULL AND expires_ms <= $2 LIMIT 1";
        let query = rows(sql).bind(tenant).bind(now_ms);
        let due: Option<(i64,)> = query
            .fetch_optional(&self.db().read)
            .await
            .during("looking for exceptions")?;
        if due.is_none() {
            return Ok(0);
        }
        self.end("expires_ms <= $3", tenant, now_ms, now_ms).await
    }

    async fn end(
        &self,
        which: &str,
        tenant: i64,
        now_ms: i64,
        param: i64,
    ) -> Result<u64, StoreError> {
        const DOING: &str = "ending exceptions";
        let mut tx = self.db().begin_write(DOING).await?;
        hold_tenant(&mut tx, self.dialect(), tenant, Hold::Alone).await?;
        let sql = format!(
            "UPDATE exception SET ended_ms = $2 WHERE tenant_no = $1 AND ended_ms IS NULL AND {which} \
             RETURNING exception_id, check_id"
        );
        let query = rows(sql).bind(tenant).bind(now_ms).bind(param);
        let ended: Vec<(i64, i64)> = query.fetch_all(&mut *tx).await.during(DOING)?;
        for (id, check) in &ended {
            uncover(
                &mut tx,
                self.dialect(),
                tenant,
                (*id, check_id(*check)?),
                now_ms,
            )
            .await?;
        }
        commit(tx, DOING).await?;
        Ok(ended.len() as u64)
    }
}

async fn insert(tx: &mut Tx, tenant: i64, exception: &Exception) -> Result<i64, StoreError> {
    let sql = "INSERT INTO exception (tenant_no, check_id, asset_ids, reason, author, created_ms, expires_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING exception_id";
    let query = rows(sql)
        .bind(tenant)
        .bind(exception.check_id.get())
        .bind(bulk::whole(&exception.asset_ids)?);
    let query = query
        .bind(exception.reason.clone())
        .bind(exception.author.clone());
    let (id,): (i64,) = query
        .bind(exception.created_ms)
        .bind(exception.expires_ms)
        .fetch_one(&mut **tx)
        .await
        .during("adding the exception")?;
    Ok(id)
}

/// The exception without NUL; refused when it is too large.
fn checked(exception: &Exception) -> Result<Exception, StoreError> {
    bound(
        "list of the assets of an exception",
        exception.asset_ids.len(),
        ASSETS,
    )?;
    let ids = exception
        .asset_ids
        .iter()
        .map(|id| take("id of an asset, in bytes", id, text::ID).map(Cow::into_owned));
    Ok(Exception {
        asset_ids: ids.collect::<Result<_, _>>()?,
        reason: take(
            "reason of an exception, in bytes",
            &exception.reason,
            text::LONG,
        )?
        .into_owned(),
        author: take(
            "author of an exception, in bytes",
            &exception.author,
            text::SHORT,
        )?
        .into_owned(),
        ..*exception
    })
}

pub(crate) fn from_row(row: Row) -> Result<Exception, StoreError> {
    let (id, check, asset_ids, reason, author, created_ms, expires_ms) = row;
    let asset_ids = serde_json::from_str(&asset_ids)
        .map_err(|_| StoreError::corrupt(format!("`{asset_ids}` as the assets of an exception")))?;
    Ok(Exception {
        id,
        check_id: check_id(check)?,
        asset_ids,
        reason,
        author,
        created_ms,
        expires_ms,
    })
}

/// The check of a stored number.
pub(crate) fn check_id(number: i64) -> Result<CheckId, StoreError> {
    CheckId::new(number).map_err(|e| StoreError::corrupt(e.to_string()))
}
