//! The history of statuses.

use stance_model::{CheckId, ResultStatus, TenantId};

use crate::commit::gone::status_of;
use crate::db::rows;
use crate::error::{During, StoreError};
use crate::store::Store;
use crate::text::clean;

/// A change of the status of one (check, asset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// The task that found it.
    pub task_id: i64,
    /// What it was; none: there was no result.
    pub from: Option<ResultStatus>,
    /// What it became; none: the asset is gone.
    pub to: Option<ResultStatus>,
}

impl Store {
    /// The latest `limit` changes of the status of a check for the assets with this id of the provider, latest
    /// first. The first verdict of a pair is among them unless it is a pass.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn history(
        &self,
        tenant: &TenantId,
        check_id: CheckId,
        asset_id: &str,
        limit: u32,
    ) -> Result<Vec<StatusChange>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT h.at_ms, h.task_id, h.from_status, h.to_status FROM asset a CROSS JOIN history h \
                   WHERE a.tenant_no = $1 AND a.id = $3 \
                   AND h.tenant_no = a.tenant_no AND h.asset_no = a.asset_no AND h.check_id = $2 \
                   ORDER BY h.at_ms DESC, h.task_id DESC, h.asset_no DESC, h.step DESC LIMIT $4";
        let query = rows(sql)
            .bind(tenant)
            .bind(check_id.get())
            .bind(clean(asset_id).into_owned());
        let query = query.bind(i64::from(limit));
        let found: Vec<(i64, i64, Option<i32>, Option<i32>)> = query
            .fetch_all(&self.db().read)
            .await
            .during("reading the history")?;
        found.into_iter().map(from_row).collect()
    }
}

fn from_row(row: (i64, i64, Option<i32>, Option<i32>)) -> Result<StatusChange, StoreError> {
    let (at_ms, task_id, from, to) = row;
    Ok(StatusChange {
        at_ms,
        task_id,
        from: from.map(status_of).transpose()?,
        to: to.map(status_of).transpose()?,
    })
}
