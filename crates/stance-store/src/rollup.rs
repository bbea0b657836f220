//! How results fall, per check and account.

use std::collections::{BTreeMap, HashMap};

use stance_model::view::Counts;
use stance_model::{CheckId, Provider, ResultStatus, TenantId};

use crate::bulk;
use crate::commit::counters::tally;
use crate::commit::gone::status_of;
use crate::db::{Tx, collected, rows};
use crate::dialect::Column::{Int, Text};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::exception::check_id;
use crate::inventory::provider;
use crate::scope;
use crate::store::Store;
use crate::text::clean;

/// How the results of a check in an account fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    /// The check.
    pub check_id: CheckId,
    /// The provider of the account.
    pub provider: Provider,
    /// The account.
    pub account: String,
    /// Its results by status, over all regions.
    pub counts: Counts,
    /// The task that last ran the check in the account.
    pub task_id: i64,
    /// When, in milliseconds since 1970.
    pub last_ms: i64,
}

const DOING: &str = "reading the counters";

/// Check, provider, account, task, time, then the five counters.
type Row = (i64, String, String, i64, i64, i64, i64, i64, i64, i64);

impl Store {
    /// How results fall, for each (check, account) that a task has looked at, by check and account; from counters.
    /// A check that had nothing to judge in an account is there with zeroes.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn rollups(
        &self,
        tenant: &TenantId,
        account: Option<(Provider, &str)>,
    ) -> Result<Vec<Rollup>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sums = ["pass", "fail", "excepted", "not_applicable", "unknown"]
            .map(|name| format!("CAST(coalesce(sum(k.{name}), 0) AS BIGINT) AS {name}"))
            .join(", ");
        let which = if account.is_some() {
            "AND c.provider = $2 AND c.account = $3"
        } else {
            ""
        };
        // Grouped by the key of `watermark` alone, in whose order the rows come; the other columns are one of a kind.
        let sql = format!(
            "SELECT {all} FROM (SELECT w.check_id, min(c.provider) AS provider, min(c.account) AS account, \
             min(w.task_id) AS task_id, min(w.at_ms) AS at_ms, {sums} FROM watermark w JOIN account c ON c.tenant_no = w.tenant_no AND c.account_no = w.account_no \
             LEFT JOIN rollup k \
             ON k.tenant_no = w.tenant_no AND k.check_id = w.check_id AND k.account_no = w.account_no \
             WHERE w.tenant_no = $1 {which} \
             GROUP BY w.tenant_no, w.check_id, w.account_no) AS x",
            all = self.dialect().collect(
                "check_id, provider, account, task_id, at_ms, pass, fail, excepted, not_applicable, unknown"
            )
        );
        let mut query = rows(sql).bind(tenant);
        if let Some((provider, account)) = account {
            query = query.bind(provider.key()).bind(clean(account).into_owned());
        }
        let (found,): (Option<String>,) = query.fetch_one(&self.db().read).await.during(DOING)?;
        let found: Vec<Row> = collected(found)?;
        found
            .into_iter()
            .map(from_row)
            .collect::<Result<_, _>>()
            .map(sorted)
    }

    /// The same over the results of the assets with these ids of the provider only; (check, account) pairs without
    /// such a result are left out. No ids: nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn asset_rollups(
        &self,
        tenant: &TenantId,
        asset_ids: &[String],
        account: Option<(Provider, &str)>,
    ) -> Result<Vec<Rollup>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let mut tx = self.db().begin_read(DOING).await?;
        let mut tallies = Tallies::default();
        for ids in asset_ids.chunks(5_000) {
            tallies
                .add_assets(&mut tx, self.dialect(), tenant, ids, account)
                .await?;
        }
        tallies.add_open(&mut tx, self.dialect(), tenant).await?;
        let rollups = tallies.rollups(&mut tx, self.dialect(), tenant).await;
        tx.rollback().await.during(DOING)?;
        rollups.map(sorted)
    }
}

fn sorted(mut rollups: Vec<Rollup>) -> Vec<Rollup> {
    rollups.sort_by(|a, b| {
        (a.check_id, a.provider, &a.account).cmp(&(b.check_id, b.provider, &b.account))
    });
    rollups
}

/// Counting over named assets. What does not pass is counted from an index of just that; passes are the rest of what
/// each asset says it has results for. `Store::verify` compares both with the rows.
#[derive(Default)]
struct Tallies {
    assets: BTreeMap<i64, i64>,
    /// By (check, account).
    counts: BTreeMap<(i64, i64), Counts>,
}

impl Tallies {
    /// Counts everything that the assets have results for as passing.
    async fn add_assets(
        &mut self,
        tx: &mut Tx,
        dialect: Dialect,
        tenant: i64,
        ids: &[String],
        account: Option<(Provider, &str)>,
    ) -> Result<(), StoreError> {
        let which = if account.is_some() {
            "AND c.provider = $3 AND c.account = $4"
        } else {
            ""
        };
        let live = "a.tenant_no = $1 AND a.id = v.id AND a.gone_ms IS NULL";
        let (asset, also) = dialect.each("asset", "a", live);
        let sql = format!(
            "SELECT DISTINCT a.asset_no, a.account_no, a.checks FROM {} AS v {asset} \
             JOIN account c ON c.tenant_no = a.tenant_no AND c.account_no = a.account_no WHERE TRUE {also} {which}",
            dialect.rows(2, &[Text("id")])
        );
        let ids: Vec<_> = ids.iter().map(|id| (clean(id),)).collect();
        let mut query = rows(sql).bind(tenant).bind(bulk::whole(&ids)?);
        if let Some((provider, account)) = account {
            query = query.bind(provider.key()).bind(clean(account).into_owned());
        }
        let found: Vec<(i64, i64, String)> = query.fetch_all(&mut **tx).await.during(DOING)?;
        for (asset, account, checks) in found {
            if self.assets.insert(asset, account).is_none() {
                for check in scope::decode(&checks)? {
                    self.counts.entry((check, account)).or_default().pass += 1;
                }
            }
        }
        Ok(())
    }

    /// Moves what does not pass to where it belongs.
    async fn add_open(
        &mut self,
        tx: &mut Tx,
        dialect: Dialect,
        tenant: i64,
    ) -> Result<(), StoreError> {
        let open = "r.tenant_no = $1 AND r.asset_no = v.asset_no AND r.status <> 0";
        let (result, also) = dialect.each("result", "r", open);
        let sql = format!(
            "SELECT r.check_id, r.account_no, r.status, CASE WHEN r.exception_id IS NULL THEN 0 ELSE 1 END AS excepted, \
             count(*) FROM {} AS v {result} WHERE TRUE {also} \
             GROUP BY r.check_id, r.account_no, r.status, excepted",
            dialect.rows(2, &[Int("asset_no")])
        );
        let numbers: Vec<_> = self.assets.keys().map(|no| (*no,)).collect();
        for chunk in bulk::chunks(&numbers) {
            let query = rows(sql.clone()).bind(tenant).bind(chunk?);
            let found: Vec<(i64, i64, i32, i32, i64)> =
                query.fetch_all(&mut **tx).await.during(DOING)?;
            for (check, account, status, excepted, count) in found {
                let counts = self.counts.entry((check, account)).or_default();
                tally(counts, ResultStatus::Pass, false, -count);
                tally(counts, status_of(status)?, excepted == 1, count);
            }
        }
        Ok(())
    }

    /// The counts with the accounts' words and the last tasks.
    async fn rollups(
        self,
        tx: &mut Tx,
        dialect: Dialect,
        tenant: i64,
    ) -> Result<Vec<Rollup>, StoreError> {
        let key = "w.tenant_no = $1 AND w.check_id = v.check_id AND w.account_no = v.account_no";
        let (mark, also) = dialect.each("watermark", "w", key);
        let sql = format!(
            "SELECT {} FROM {} AS v {mark} \
             JOIN account c ON c.tenant_no = w.tenant_no AND c.account_no = w.account_no WHERE TRUE {also}",
            dialect.collect("w.check_id, w.account_no, c.provider, c.account, w.task_id, w.at_ms"),
            dialect.rows(2, &[Int("check_id"), Int("account_no")])
        );
        let keys: Vec<(i64, i64)> = self.counts.keys().copied().collect();
        let mut marks = HashMap::new();
        for chunk in bulk::chunks(&keys) {
            let query = rows(sql.clone()).bind(tenant).bind(chunk?);
            let (found,): (Option<String>,) = query.fetch_one(&mut **tx).await.during(DOING)?;
            let found: Vec<(i64, i64, String, String, i64, i64)> = collected(found)?;
            marks.extend(
                found
                    .into_iter()
                    .map(|(check, no, p, account, task, at)| ((check, no), (p, account, task, at))),
            );
        }
        let with_mark = self
            .counts
            .into_iter()
            .filter_map(|(key, counts)| Some((key.0, marks.remove(&key)?, counts)));
        with_mark
            .map(|(check, (p, account, task_id, last_ms), counts)| {
                Ok(Rollup {
                    check_id: check_id(check)?,
                    provider: provider(&p)?,
                    account,
                    counts,
                    task_id,
                    last_ms,
                })
            })
            .collect()
    }
}

fn from_row(row: Row) -> Result<Rollup, StoreError> {
    let (
        check,
        provider_key,
        account,
        task_id,
        last_ms,
        pass,
        fail,
        excepted,
        not_applicable,
        unknown,
    ) = row;
    let counts = Counts {
        pass,
        fail,
        excepted,
        not_applicable,
        unknown,
    };
    let (check_id, provider) = (check_id(check)?, provider(&provider_key)?);
    Ok(Rollup {
        check_id,
        provider,
        account,
        counts,
        task_id,
        last_ms,
    })
}
