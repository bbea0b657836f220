//! Reading a part of a segment.

use stance_model::{CheckId, CheckStatus};

use crate::commit::gone::status_of;
use crate::db::rows;
use crate::error::{During, StoreError};
use crate::inventory::{broken, provider};

use super::conditions::Conditions;
use super::plan::Segment;
use super::{DOING, Listing, StoredResult};

/// Up to so many results a segment is read whole and sorted.
const FEW: u64 = 500;

impl Listing<'_> {
    /// The results of a segment from `offset` on, at most `limit`.
    pub(super) async fn segment(
        &mut self,
        segment: &Segment,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<StoredResult>, StoreError> {
        let mut conditions = Conditions::new(self.dialect, self.tenant);
        conditions.places("a.region", "a", &self.filter);
        conditions.assets(&self.filter)?;
        let check = conditions.number(segment.check.get());
        let from = self.tables(segment, offset + limit, check).await?;
        let (limit, offset) = (
            conditions.number(limit.cast_signed()),
            conditions.number(offset.cast_signed()),
        );
        let (asset, also_asset) =
            self.dialect
                .each("asset", "a", "a.tenant_no = $1 AND a.asset_no = p.asset_no");
        let (result, also_result) = self.dialect.each("result", "r", &pair("p", check));
        // Which results, from the narrow columns of indexes; then the wide columns of those few.
        let sql = format!(
            "SELECT p.asset_no, c.provider, c.account, c.name AS account_name, a.region, a.asset_type, \
             a.id AS asset_id, a.name AS asset_name, a.file, a.line, r.status, e.reason AS excepted, r.reason, \
             r.evidence, r.first_ms, CASE WHEN w.at_ms < a.last_ms THEN w.at_ms ELSE a.last_ms END AS last_ms \
             FROM (SELECT a.asset_no, a.account_no, a.id, a.region FROM {from} {more} \
             ORDER BY a.id, a.region, a.asset_no LIMIT ${limit} OFFSET ${offset}) AS p \
             {asset} {result} CROSS JOIN account c \
             LEFT JOIN watermark w ON w.tenant_no = $1 AND w.check_id = ${check} AND w.account_no = p.account_no \
             LEFT JOIN exception e ON e.tenant_no = $1 AND e.exception_id = r.exception_id \
             WHERE c.tenant_no = $1 AND c.account_no = p.account_no {also_asset} {also_result} \
             ORDER BY p.id, p.region, p.asset_no",
            more = conditions.sql,
        );
        let found: Vec<Found> = conditions
            .bind(rows(sql))
            .fetch_all(&mut **self.tx)
            .await
            .during(DOING)?;
        found
            .into_iter()
            .map(|row| from_row(segment.check, row))
            .collect()
    }

    /// The tables with what joins them, in the order in which they are read. Either assets are walked in the order of
    /// the list and each is asked for its result until the page is full, or all results of the segment are read and
    /// sorted.
    async fn tables(
        &mut self,
        segment: &Segment,
        reach: u64,
        check: usize,
    ) -> Result<String, StoreError> {
        let status = status_sql(&segment.statuses);
        if self.walks(segment, reach).await? {
            let (result, also) =
                self.dialect
                    .each("result", "r", &format!("{} {status}", pair("a", check)));
            return Ok(format!("asset AS a {result} WHERE a.tenant_no = $1 {also}"));
        }
        let (asset, also) =
            self.dialect
                .each("asset", "a", "a.tenant_no = $1 AND a.asset_no = r.asset_no");
        Ok(format!(
            "result AS r {asset} WHERE r.tenant_no = $1 AND r.check_id = ${check} {status} {also}"
        ))
    }

    async fn walks(&mut self, segment: &Segment, reach: u64) -> Result<bool, StoreError> {
        if self.filters_assets() {
            return Ok(true);
        }
        let gathered = if segment.statuses.contains(&CheckStatus::Pass) {
            segment.of
        } else {
            segment.length
        };
        if gathered <= FEW {
            return Ok(false);
        }
        let sql =
            "SELECT CAST(coalesce(sum(assets), 0) AS BIGINT) FROM account WHERE tenant_no = $1";
        let (assets,): (i64,) = rows(sql)
            .bind(self.tenant)
            .fetch_one(&mut **self.tx)
            .await
            .during(DOING)?;
        let assets = assets.max(1).cast_unsigned();
        let walked = assets.min(reach.saturating_mul(assets) / segment.length.max(1));
        // Sorting an asset costs about twice as much as passing one by.
        Ok(walked <= gathered.saturating_mul(2))
    }
}

/// The result `r` of the check for the asset in `table`.
fn pair(table: &str, check: usize) -> String {
    format!(
        "r.tenant_no = $1 AND r.check_id = ${check} \
         AND r.account_no = {table}.account_no AND r.asset_no = {table}.asset_no"
    )
}

/// What selects rows with these statuses. Written so that SQLite sees when the partial index will do.
fn status_sql(statuses: &[CheckStatus]) -> String {
    let parts: Vec<&str> = statuses
        .iter()
        .filter_map(|status| match status {
            CheckStatus::NotPass => Some("(r.status = 1 AND r.exception_id IS NULL)"),
            CheckStatus::Whitelist => Some("(r.status = 1 AND r.exception_id IS NOT NULL)"),
            CheckStatus::Pass => Some("r.status = 0"),
            CheckStatus::NotCheck => Some("r.status IN (2, 3)"),
            CheckStatus::Checking | CheckStatus::Failed => None,
        })
        .collect();
    if parts.len() == 4 {
        return String::new();
    }
    let open = if statuses.contains(&CheckStatus::Pass) {
        ""
    } else {
        "AND r.status <> 0"
    };
    format!("{open} AND ({})", parts.join(" OR "))
}

/// A row as it is read: asset number, provider, account, its name, region, type, id, name, file, line, status, reason of
/// the exception, reason, evidence, first and last time.
type Found = (
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    i32,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    i64,
);

fn from_row(check_id: CheckId, row: Found) -> Result<StoredResult, StoreError> {
    let (
        asset_no,
        provider_key,
        account,
        account_name,
        region,
        kind,
        asset_id,
        asset_name,
        file,
        line,
        ..,
    ) = row;
    let (.., status, excepted, reason, evidence, first_ms, last_ms) = row;
    Ok(StoredResult {
        asset_no,
        check_id,
        provider: provider(&provider_key)?,
        account,
        account_name,
        region,
        asset_type: kind.parse().map_err(|_| broken("asset type", &kind))?,
        asset_id,
        asset_name,
        file,
        line: line.and_then(|l| l.try_into().ok()),
        status: status_of(status)?,
        excepted,
        reason,
        evidence,
        first_ms,
        last_ms,
    })
}
