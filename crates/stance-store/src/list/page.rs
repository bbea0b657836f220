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
        let tables = self.tables(segment, offset + limit).await?;
        let mut conditions = Conditions::new(self.dialect, self.tenant);
        conditions.places("a.region", "a", &self.filter);
        conditions.assets(&self.filter)?;
        let check = conditions.number(segment.check.get());
        let (limit, offset) = (
            conditions.number(limit.cast_signed()),
            conditions.number(offset.cast_signed()),
        );
        // Which results, from the narrow columns of indexes; then the wide columns of those few.
        let sql = format!(
            "SELECT p.asset_no, c.provider, c.account, c.name AS account_name, a.region, a.asset_type, \
             a.id AS asset_id, a.name AS asset_name, a.file, a.line, r.status, e.reason AS excepted, r.reason, \
             r.evidence, r.first_ms, CASE WHEN w.at_ms < a.last_ms THEN w.at_ms ELSE a.last_ms END AS last_ms \
             FROM (SELECT a.asset_no, a.account_no, a.id, a.region FROM {tables} \
             WHERE a.tenant_no = $1 AND r.tenant_no = $1 AND r.check_id = ${check} \
             AND r.account_no = a.account_no AND r.asset_no = a.asset_no {status} {more} \
             ORDER BY a.id, a.region, a.asset_no LIMIT ${limit} OFFSET ${offset}) AS p \
             CROSS JOIN asset a CROSS JOIN result r CROSS JOIN account c \
             LEFT JOIN watermark w \
             ON w.tenant_no = r.tenant_no AND w.check_id = r.check_id AND w.account_no = r.account_no \
             LEFT JOIN exception e ON e.tenant_no = r.tenant_no AND e.exception_id = r.exception_id \
             WHERE a.tenant_no = $1 AND a.asset_no = p.asset_no AND c.tenant_no = $1 AND c.account_no = p.account_no \
             AND r.tenant_no = $1 AND r.check_id = ${check} AND r.account_no = p.account_no \
             AND r.asset_no = p.asset_no ORDER BY p.id, p.region, p.asset_no",
            status = status_sql(&segment.statuses),
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

    /// In which order SQLite joins; PostgreSQL decides for itself. Either assets are walked in the order of the list
    /// and each is asked for its result until the page is full, or all results of the segment are read and sorted.
    async fn tables(&mut self, segment: &Segment, reach: u64) -> Result<&'static str, StoreError> {
        const WALK: &str = "asset a CROSS JOIN result r";
        const GATHER: &str = "result r CROSS JOIN asset a";
        if self.filters_assets() {
            return Ok(WALK);
        }
        let gathered = if segment.statuses.contains(&CheckStatus::Pass) {
            segment.of
        } else {
            segment.length
        };
        if gathered <= FEW {
            return Ok(GATHER);
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
        Ok(if walked <= gathered.saturating_mul(2) {
            WALK
        } else {
            GATHER
        })
    }
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
