//! Reading what is stored of some checks in one account, cheaply.
//!
//! A row of its own for each result would cost more than all the rest of a commit that changes little. So results come
//! as two texts a check: those that are no more than a status as a list of numbers, the others as JSON.

use std::collections::HashMap;

use serde::Deserialize;

use crate::bulk;
use crate::db::rows;
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};

use super::{DOING, Work};

/// A stored result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) status: i32,
    pub(super) exception: Option<i64>,
    pub(super) reason: Option<String>,
    pub(super) evidence: Option<String>,
}

/// Stored results of one account: by check, each with its asset, ascending.
pub(super) type StoredResults = HashMap<i64, Vec<(i64, Stored)>>;

/// A result with texts: asset, status, exception, reason, evidence.
#[derive(Debug, Deserialize)]
struct Worded(i64, i32, Option<i64>, Option<String>, Option<String>);

const PLAIN: &str = "r.reason IS NULL AND r.evidence IS NULL AND r.exception_id IS NULL";

/// With more results than this a check's texts come row by row: neither database takes a text of a gigabyte, which
/// this many of the longest stay below.
const MANY: i64 = 20_000;

impl Work {
    /// Reads what is stored of the checks in the account.
    pub(super) async fn read_stored(
        &mut self,
        checks: &[(i64,)],
    ) -> Result<StoredResults, StoreError> {
        let mut all = StoredResults::new();
        self.read_plain(bulk::whole(checks)?, &mut all).await?;
        let (many, few): (Vec<(i64, i64)>, _) = self
            .read_sizes(checks)
            .await?
            .into_iter()
            .partition(|s| s.1 > MANY);
        self.read_worded(&few, &mut all).await?;
        self.read_worded_rows(&many, &mut all).await?;
        for results in all.values_mut() {
            results.sort_unstable_by_key(|(asset, _)| *asset);
        }
        Ok(all)
    }

    /// Reads what is stored of a few (check, asset), each by its key.
    pub(super) async fn read_pairs(
        &mut self,
        pairs: &[(i64, i64)],
    ) -> Result<StoredResults, StoreError> {
        let key = "r.tenant_no = $1 AND r.check_id = v.check_id AND r.account_no = $2 AND r.asset_no = v.asset_no";
        let (result, also) = self.dialect.each("result", "r", key);
        let sql = format!(
            "SELECT r.check_id, r.asset_no, r.status, r.exception_id, r.reason, r.evidence FROM {} AS v {result} \
             WHERE TRUE {also}",
            self.dialect.rows(3, &[Int("check_id"), Int("asset_no")])
        );
        type Row = (i64, i64, i32, Option<i64>, Option<String>, Option<String>);
        let mut all = StoredResults::new();
        for chunk in bulk::chunks(pairs) {
            let query = rows(sql.clone()).bind(self.tenant).bind(self.account);
            let found: Vec<Row> = query
                .bind(chunk?)
                .fetch_all(&mut *self.tx)
                .await
                .during(DOING)?;
            for (check, asset, status, exception, reason, evidence) in found {
                let worded = Worded(asset, status, exception, reason, evidence);
                all.entry(check).or_default().push(worded.stored());
            }
        }
        for results in all.values_mut() {
            results.sort_unstable_by_key(|(asset, _)| *asset);
        }
        Ok(all)
    }

    /// Results that are no more than a status, each as one number: asset × 4 + status.
    async fn read_plain(
        &mut self,
        checks: String,
        all: &mut StoredResults,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT v.check_id, (SELECT string_agg(CAST(r.asset_no * 4 + r.status AS TEXT), ',') FROM result r \
             WHERE r.tenant_no = $1 AND r.check_id = v.check_id AND r.account_no = $2 AND {PLAIN}) FROM {} AS v",
            self.dialect.rows(3, &[Int("check_id")])
        );
        let query = rows(sql).bind(self.tenant).bind(self.account).bind(checks);
        let found: Vec<(i64, Option<String>)> =
            query.fetch_all(&mut *self.tx).await.during(DOING)?;
        for (check, numbers) in found {
            let results = all.entry(check).or_default();
            for number in numbers.iter().flat_map(|n| n.split(',')) {
                let number: i64 = number.parse().map_err(|_| broken(check))?;
                let status = i32::from(number & 1 != 0) + 2 * i32::from(number & 2 != 0);
                results.push((
                    number >> 2,
                    Stored {
                        status,
                        ..Stored::default()
                    },
                ));
            }
        }
        Ok(())
    }

    /// How many results each check has in the account, by the counters.
    async fn read_sizes(&mut self, checks: &[(i64,)]) -> Result<Vec<(i64, i64)>, StoreError> {
        let key = "k.tenant_no = $1 AND k.check_id = v.check_id AND k.account_no = $2";
        let (counters, also) = self.dialect.each("rollup", "k", key);
        let sql = format!(
            "SELECT v.check_id, CAST(sum(k.pass + k.fail + k.excepted + k.not_applicable + k.unknown) AS BIGINT) \
             FROM {} AS v {counters} WHERE TRUE {also} GROUP BY v.check_id",
            self.dialect.rows(3, &[Int("check_id")])
        );
        let query = rows(sql)
            .bind(self.tenant)
            .bind(self.account)
            .bind(bulk::whole(checks)?);
        query.fetch_all(&mut *self.tx).await.during(DOING)
    }

    async fn read_worded(
        &mut self,
        checks: &[(i64, i64)],
        all: &mut StoredResults,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT v.check_id, (SELECT {} FROM result r \
             WHERE r.tenant_no = $1 AND r.check_id = v.check_id AND r.account_no = $2 AND NOT ({PLAIN})) FROM {} AS v",
            self.dialect
                .collect("r.asset_no, r.status, r.exception_id, r.reason, r.evidence"),
            self.dialect.rows(3, &[Int("check_id")])
        );
        let query = rows(sql)
            .bind(self.tenant)
            .bind(self.account)
            .bind(bulk::whole(checks)?);
        let found: Vec<(i64, Option<String>)> =
            query.fetch_all(&mut *self.tx).await.during(DOING)?;
        for (check, list) in found {
            let list: Vec<Worded> = match list {
                Some(list) => serde_json::from_str(&list).map_err(|_| broken(check))?,
                None => Vec::new(),
            };
            all.entry(check)
                .or_default()
                .extend(list.into_iter().map(Worded::stored));
        }
        Ok(())
    }

    async fn read_worded_rows(
        &mut self,
        checks: &[(i64, i64)],
        all: &mut StoredResults,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT r.asset_no, r.status, r.exception_id, r.reason, r.evidence FROM result r \
             WHERE r.tenant_no = $1 AND r.check_id = $3 AND r.account_no = $2 AND NOT ({PLAIN})"
        );
        type Row = (i64, i32, Option<i64>, Option<String>, Option<String>);
        for (check, _) in checks {
            let query = rows(sql.clone())
                .bind(self.tenant)
                .bind(self.account)
                .bind(*check);
            let found: Vec<Row> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
            let worded = found
                .into_iter()
                .map(|(asset, status, exception, reason, evidence)| {
                    Worded(asset, status, exception, reason, evidence).stored()
                });
            all.entry(*check).or_default().extend(worded);
        }
        Ok(())
    }
}

impl Worded {
    fn stored(self) -> (i64, Stored) {
        let Self(asset, status, exception, reason, evidence) = self;
        (
            asset,
            Stored {
                status,
                exception,
                reason,
                evidence,
            },
        )
    }
}

fn broken(check: i64) -> StoreError {
    StoreError::corrupt(format!("results of check {check}"))
}
