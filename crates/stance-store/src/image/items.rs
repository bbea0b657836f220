//! Items of images: what they found, and what they once found.

use stance_model::{CheckId, ResultStatus, TenantId};

use crate::bulk;
use crate::commit::gone::status_of;
use crate::db::{Tx, rows};
use crate::dialect::Column::{Int, Text};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::exception::check_id;
use crate::scope;
use crate::store::Store;
use crate::text::clean;

use super::open::covering;

/// The result of an item in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemResult {
    /// The number of the asset.
    pub asset_no: i64,
    /// The id of the asset.
    pub uuid: String,
    /// The item.
    pub check_id: CheckId,
    /// What the last scan found.
    pub status: ResultStatus,
    /// What is to be shown, with what earlier scans found.
    pub state: ItemState,
    /// The reason of the exception that covers it; only what is [`ItemState::Excepted`] has one.
    pub excepted: Option<String>,
    /// Whether it failed in the last scan or in an earlier one.
    pub was_failing: bool,
    /// Why there is no verdict, in the form in which it came.
    pub reason: Option<String>,
    /// What decided it, in the form in which it came.
    pub evidence: Option<String>,
    /// When the pair was first checked, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: i64,
    /// When it first failed, in milliseconds since 1970.
    pub failed_first_ms: Option<i64>,
    /// When it last failed: the last scan when it fails now, else the scan that no longer found it or could not look.
    pub failed_last_ms: Option<i64>,
}

/// What an item is for an image, over all its scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// It fails; or it failed, and what it needs could not be read since.
    Failing,
    /// As failing, and an exception covers it.
    Excepted,
    /// It failed once, and a later scan found that it no longer does.
    Fixed,
    /// It has never failed, and passes.
    Passing,
    /// It has never failed, and says nothing about this image.
    NotApplicable,
    /// It has never failed, and could not be checked.
    Unknown,
}

impl ItemState {
    /// `item`: the stored state of an item that failed once.
    fn of(status: ResultStatus, item: Option<i32>, excepted: bool) -> Self {
        match (status, item) {
            (ResultStatus::Fail, _) | (ResultStatus::Unknown, Some(2)) if excepted => {
                Self::Excepted
            }
            (ResultStatus::Fail, _) | (ResultStatus::Unknown, Some(2)) => Self::Failing,
            (_, Some(_)) => Self::Fixed,
            (ResultStatus::Pass, None) => Self::Passing,
            (ResultStatus::NotApplicable, None) => Self::NotApplicable,
            (ResultStatus::Unknown, None) => Self::Unknown,
        }
    }
}

const DOING: &str = "reading the items of images";

/// An asset: number, account, id, checks.
type Asset = (i64, i64, String, String);

/// Asset, uuid, check, status, exception, reason, evidence, first and last time, then state, first and last time of
/// the item.
type Row = (
    i64,
    String,
    i64,
    i32,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    i64,
    Option<i32>,
    Option<i64>,
    Option<i64>,
);

impl Store {
    /// The results of these items (none given: all) in the images with these ids, by image and item.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn image_item_results(
        &self,
        tenant: &TenantId,
        uuids: &[String],
        check_ids: &[CheckId],
    ) -> Result<Vec<ItemResult>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let mut tx = self.db().begin_read(DOING).await?;
        let assets = assets(&mut tx, self.dialect(), tenant, uuids).await?;
        let pairs = pairs(&assets, &crate::task::ids(check_ids))?;
        let sql = select(self.dialect());
        let mut results = Vec::new();
        for chunk in bulk::chunks(&pairs) {
            let query = rows(sql.clone()).bind(tenant).bind(chunk?);
            let found: Vec<Row> = query.fetch_all(&mut *tx).await.during(DOING)?;
            let found = found.into_iter().map(from_row);
            results.extend(found.collect::<Result<Vec<_>, _>>()?);
        }
        tx.rollback().await.during(DOING)?;
        results.sort_by(|a, b| {
            (&a.uuid, a.asset_no, a.check_id).cmp(&(&b.uuid, b.asset_no, b.check_id))
        });
        Ok(results)
    }
}

async fn assets(
    tx: &mut Tx,
    dialect: Dialect,
    tenant: i64,
    uuids: &[String],
) -> Result<Vec<Asset>, StoreError> {
    let key = "i.tenant_no = $1 AND i.uuid = v.id";
    let (image, also) = dialect.each("image", "i", key);
    let sql = format!(
        "SELECT DISTINCT a.asset_no, a.account_no, a.id, a.checks FROM {} AS v {image} CROSS JOIN asset a \
         WHERE a.tenant_no = $1 AND a.asset_no = i.asset_no AND a.gone_ms IS NULL {also}",
        dialect.rows(2, &[Text("id")])
    );
    let ids: Vec<_> = uuids.iter().map(|id| (clean(id),)).collect();
    let mut assets = Vec::new();
    for chunk in bulk::chunks(&ids) {
        let query = rows(sql.clone()).bind(tenant).bind(chunk?);
        assets.extend(query.fetch_all(&mut **tx).await.during(DOING)?);
    }
    Ok(assets)
}

/// (check, account, asset) of the results that there are.
fn pairs(assets: &[Asset], wanted: &[i64]) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    let mut pairs = Vec::new();
    for (asset, account, _, checks) in assets {
        let checks = scope::decode(checks)?;
        let checks = checks
            .into_iter()
            .filter(|check| wanted.is_empty() || wanted.binary_search(check).is_ok());
        pairs.extend(checks.map(|check| (check, *account, *asset)));
    }
    Ok(pairs)
}

fn select(dialect: Dialect) -> String {
    let key = "r.tenant_no = $1 AND r.check_id = v.check_id AND r.account_no = v.account_no \
         AND r.asset_no = v.asset_no";
    let (result, also) = dialect.each("result", "r", key);
    format!(
        "SELECT a.asset_no, a.id, r.check_id, r.status, e.reason AS excepted, r.reason, r.evidence, r.first_ms, \
         CASE WHEN w.at_ms < a.last_ms THEN w.at_ms ELSE a.last_ms END AS last_ms, \
         f.state, f.first_ms AS failed_first_ms, f.last_ms AS failed_last_ms \
         FROM {list} AS v {result} CROSS JOIN asset a \
         LEFT JOIN watermark w ON w.tenant_no = $1 AND w.check_id = v.check_id AND w.account_no = v.account_no \
         LEFT JOIN image_item f ON f.tenant_no = $1 AND f.check_id = v.check_id AND f.asset_no = v.asset_no \
         LEFT JOIN exception e ON e.tenant_no = $1 AND e.exception_id = CASE \
         WHEN r.exception_id IS NOT NULL THEN r.exception_id WHEN r.status = 3 AND f.state = 2 THEN ({covering}) END \
         WHERE a.tenant_no = $1 AND a.asset_no = v.asset_no {also}",
        list = dialect.rows(2, &[Int("check_id"), Int("account_no"), Int("asset_no")]),
        covering = covering(dialect, "min(x.exception_id)", "f.check_id", "a.id"),
    )
}

fn from_row(row: Row) -> Result<ItemResult, StoreError> {
    let (asset_no, uuid, check, status, excepted, reason, evidence, ..) = row;
    let (.., first_ms, last_ms, item, failed_first_ms, failed_last_ms) = row;
    let status = status_of(status)?;
    let fails = status == ResultStatus::Fail;
    Ok(ItemResult {
        asset_no,
        uuid,
        check_id: check_id(check)?,
        status,
        state: ItemState::of(status, item, excepted.is_some()),
        excepted,
        was_failing: item.is_some() || fails,
        reason,
        evidence,
        first_ms,
        last_ms,
        failed_first_ms,
        failed_last_ms: if fails { Some(last_ms) } else { failed_last_ms },
    })
}
