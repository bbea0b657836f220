//! How many results each check has, by status.

use std::collections::BTreeMap;

use stance_model::CheckId;
use stance_model::view::Counts;

use crate::bulk;
use crate::commit::counters::tally;
use crate::commit::gone::status_of;
use crate::db::rows;
use crate::dialect::Column::Int;
use crate::error::{During, StoreError};
use crate::exception::check_id;

use super::conditions::Conditions;
use super::{DOING, Listing};

impl Listing<'_> {
    /// The counts of the checks of the filter: from the counters, and from rows only when assets are filtered.
    pub(super) async fn counts(&mut self) -> Result<BTreeMap<CheckId, Counts>, StoreError> {
        if self.filters_assets() {
            self.counts_of_rows().await
        } else {
            self.counts_of_counters().await
        }
    }

    /// Whether the filter needs more of an asset than its account and region, by which counters are kept.
    pub(super) fn filters_assets(&self) -> bool {
        let filter = &self.filter;
        filter.id_contains.is_some()
            || filter.name_contains.is_some()
            || !filter.asset_ids.is_empty()
    }

    async fn counts_of_counters(&mut self) -> Result<BTreeMap<CheckId, Counts>, StoreError> {
        let mut conditions = Conditions::new(self.dialect, self.tenant);
        conditions.checks("k", &self.filter)?;
        conditions.places("k.region", "k", &self.filter);
        let sums = ["pass", "fail", "excepted", "not_applicable", "unknown"]
            .map(|name| format!("CAST(sum(k.{name}) AS BIGINT)"))
            .join(", ");
        let sql = format!(
            "SELECT k.check_id, {sums} FROM rollup k WHERE k.tenant_no = $1 {} GROUP BY k.check_id",
            conditions.sql
        );
        let query = conditions.bind(rows(sql));
        let found: Vec<(i64, i64, i64, i64, i64, i64)> =
            query.fetch_all(&mut **self.tx).await.during(DOING)?;
        let counts =
            found
                .into_iter()
                .map(|(check, pass, fail, excepted, not_applicable, unknown)| {
                    Ok((
                        check_id(check)?,
                        Counts {
                            pass,
                            fail,
                            excepted,
                            not_applicable,
                            unknown,
                        },
                    ))
                });
        counts.collect()
    }

    async fn counts_of_rows(&mut self) -> Result<BTreeMap<CheckId, Counts>, StoreError> {
        let mut conditions = Conditions::new(self.dialect, self.tenant);
        conditions.places("a.region", "a", &self.filter);
        conditions.assets(&self.filter)?;
        // One check is the usual question.
        let (table, check) = if let [check] = self.filter.check_ids.as_slice() {
            (
                String::new(),
                format!("${}", conditions.number(check.get())),
            )
        } else {
            let list = conditions.text(self.check_list().await?);
            let list = self.dialect.rows(list, &[Int("check_id")]);
            (format!("CROSS JOIN {list} AS v"), "v.check_id".to_owned())
        };
        let pair = format!(
            "r.tenant_no = $1 AND r.check_id = {check} AND r.account_no = a.account_no AND r.asset_no = a.asset_no"
        );
        let (result, also) = self.dialect.each("result", "r", &pair);
        let sql = format!(
            "SELECT r.check_id, r.status, CASE WHEN r.exception_id IS NULL THEN 0 ELSE 1 END AS excepted, count(*) \
             FROM asset a {table} {result} WHERE a.tenant_no = $1 {also} {} \
             GROUP BY r.check_id, r.status, excepted",
            conditions.sql
        );
        let query = conditions.bind(rows(sql));
        let found: Vec<(i64, i32, i32, i64)> =
            query.fetch_all(&mut **self.tx).await.during(DOING)?;
        let mut counts: BTreeMap<CheckId, Counts> = BTreeMap::new();
        for (check, status, excepted, count) in found {
            tally(
                counts.entry(check_id(check)?).or_default(),
                status_of(status)?,
                excepted == 1,
                count,
            );
        }
        Ok(counts)
    }

    /// The checks of the filter, or all that have ever run, as rows.
    async fn check_list(&mut self) -> Result<String, StoreError> {
        if !self.filter.check_ids.is_empty() {
            let ids: Vec<_> = crate::task::ids(&self.filter.check_ids)
                .into_iter()
                .map(|id| (id,))
                .collect();
            return bulk::whole(&ids);
        }
        let sql = "SELECT DISTINCT check_id FROM watermark WHERE tenant_no = $1";
        let ids: Vec<(i64,)> = rows(sql)
            .bind(self.tenant)
            .fetch_all(&mut **self.tx)
            .await
            .during(DOING)?;
        bulk::whole(&ids)
    }
}
