//! Moving failures from one exception to another, or to none, with the counters.

use stance_model::{CheckId, ResultStatus};

use crate::bulk;
use crate::commit::counters::Deltas;
use crate::db::{Tx, command, rows};
use crate::dialect::Column::Text;
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::exception::{ASSETS, COLUMNS, Row, from_row};

/// Gives what an ended exception covered to the oldest others that cover it, and the rest to none.
pub(crate) async fn uncover(
    tx: &mut Tx,
    dialect: Dialect,
    tenant: i64,
    (id, check): (i64, CheckId),
    now_ms: i64,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM exception WHERE tenant_no = $1 AND check_id = $2 AND ended_ms IS NULL \
         AND (expires_ms IS NULL OR expires_ms > $3) ORDER BY exception_id"
    );
    let query = rows(sql).bind(tenant).bind(check.get()).bind(now_ms);
    let others: Vec<Row> = query
        .fetch_all(&mut **tx)
        .await
        .during("reading the exceptions")?;
    let mut change = Change::new(tx, dialect, tenant, check);
    for other in others {
        let other = from_row(other)?;
        change
            .cover(Some(id), Some(other.id), &other.asset_ids)
            .await?;
    }
    change.cover(Some(id), None, &[]).await?;
    change.count().await
}

/// A change of what covers the failures of a check.
pub(crate) struct Change<'a> {
    tx: &'a mut Tx,
    dialect: Dialect,
    tenant: i64,
    check: CheckId,
    deltas: Deltas,
}

impl<'a> Change<'a> {
    pub(crate) fn new(tx: &'a mut Tx, dialect: Dialect, tenant: i64, check: CheckId) -> Self {
        Self {
            tx,
            dialect,
            tenant,
            check,
            deltas: Deltas::default(),
        }
    }

    /// Moves failures from one exception (none: from those that no exception covers) to another, for the assets
    /// named; none named: all.
    pub(crate) async fn cover(
        &mut self,
        from: Option<i64>,
        to: Option<i64>,
        assets: &[String],
    ) -> Result<(), StoreError> {
        if assets.is_empty() {
            return self.cover_list(from, to, None).await;
        }
        for names in assets.chunks(ASSETS / 2) {
            let list = bulk::whole(&names.iter().map(|a| (a,)).collect::<Vec<_>>())?;
            self.cover_list(from, to, Some(list)).await?;
        }
        Ok(())
    }

    async fn cover_list(
        &mut self,
        from: Option<i64>,
        to: Option<i64>,
        list: Option<String>,
    ) -> Result<(), StoreError> {
        // `status <> 0` says again what `status = 1` says: SQLite uses the partial index only when told so.
        let mut which = String::from(
            "r.tenant_no = $1 AND r.check_id = $2 AND r.status = 1 AND r.status <> 0 \
             AND coalesce(r.exception_id, 0) = $3",
        );
        if list.is_some() {
            which += &format!(
                " AND r.asset_no IN (SELECT a.asset_no FROM {} AS v CROSS JOIN asset a \
                 WHERE a.tenant_no = $1 AND a.id = v.id)",
                self.dialect.rows(4, &[Text("id")])
            );
        }
        if from.is_some() != to.is_some() {
            self.note(&which, from, to.is_some(), list.clone()).await?;
        }
        let target = if list.is_some() { 5 } else { 4 };
        let sql = format!("UPDATE result AS r SET exception_id = ${target} WHERE {which}");
        let mut query = command(sql)
            .bind(self.tenant)
            .bind(self.check.get())
            .bind(from.unwrap_or(0));
        if let Some(list) = list {
            query = query.bind(list);
        }
        query
            .bind(to)
            .execute(&mut **self.tx)
            .await
            .during("covering results")?;
        Ok(())
    }

    /// Notes in the counters what is about to be covered, or uncovered.
    async fn note(
        &mut self,
        which: &str,
        from: Option<i64>,
        covered: bool,
        list: Option<String>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT r.account_no, b.region, count(*) FROM result r CROSS JOIN asset b \
             WHERE {which} AND b.tenant_no = r.tenant_no AND b.asset_no = r.asset_no GROUP BY r.account_no, b.region"
        );
        let mut query = rows(sql)
            .bind(self.tenant)
            .bind(self.check.get())
            .bind(from.unwrap_or(0));
        if let Some(list) = list {
            query = query.bind(list);
        }
        let found: Vec<(i64, String, i64)> = query
            .fetch_all(&mut **self.tx)
            .await
            .during("counting results")?;
        for (account, region, count) in found {
            self.deltas.add(
                (self.check.get(), account),
                &region,
                ResultStatus::Fail,
                !covered,
                -count,
            );
            self.deltas.add(
                (self.check.get(), account),
                &region,
                ResultStatus::Fail,
                covered,
                count,
            );
        }
        Ok(())
    }

    pub(crate) async fn count(self) -> Result<(), StoreError> {
        self.deltas.write(self.tx, self.dialect, self.tenant).await
    }
}
