//! Reading what is stored of some checks in one account, cheaply.
//!
//! Most results are passes without texts. A row of its own for each would cost more than all the rest of a commit that
//! changes little, so they come as one list of numbers a check.

use std::collections::HashMap;

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

const PLAIN: &str = "r.reason IS NULL AND r.evidence IS NULL AND r.exception_id IS NULL";

impl Work {
    /// Reads what is stored of the checks in the account.
    pub(super) async fn read_stored(
        &mut self,
        checks: &[(i64,)],
    ) -> Result<StoredResults, StoreError> {
        let checks = bulk::whole(checks)?;
        let mut all = StoredResults::new();
        self.read_plain(checks.clone(), &mut all).await?;
        self.read_others(checks, &mut all).await?;
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
                let broken = |_| StoreError::corrupt("a list of results that is broken");
                let number: i64 = number.parse().map_err(broken)?;
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

    async fn read_others(
        &mut self,
        checks: String,
        all: &mut StoredResults,
    ) -> Result<(), StoreError> {
        let condition = format!(
            "r.tenant_no = $1 AND r.check_id = v.check_id AND r.account_no = $2 AND NOT ({PLAIN})"
        );
        let (result, also) = self.dialect.each("result", "r", &condition);
        let sql = format!(
            "SELECT r.check_id, r.asset_no, r.status, r.exception_id, r.reason, r.evidence \
             FROM {} AS v {result} WHERE TRUE {also}",
            self.dialect.rows(3, &[Int("check_id")])
        );
        type Row = (i64, i64, i32, Option<i64>, Option<String>, Option<String>);
        let query = rows(sql).bind(self.tenant).bind(self.account).bind(checks);
        let found: Vec<Row> = query.fetch_all(&mut *self.tx).await.during(DOING)?;
        for (check, asset, status, exception, reason, evidence) in found {
            let stored = Stored {
                status,
                exception,
                reason,
                evidence,
            };
            all.entry(check).or_default().push((asset, stored));
        }
        Ok(())
    }
}
