//! Lists of results.
//!
//! A list is made of segments: the results of one check, or of one check with one status, when that is the first
//! order. How long each segment is comes from the counters, unless assets are filtered. So the total needs no row to
//! be read, and only the segments that a page touches are.

pub(crate) mod conditions;
mod counts;
mod page;
mod plan;

use stance_model::query::{Page, PageRequest};
use stance_model::{AssetType, CheckId, CheckStatus, Provider, ResultStatus, TenantId};

use crate::db::Tx;
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::store::Store;
use crate::text::clean;

/// Which results. An empty list or `None` filters nothing; several filters hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultFilter {
    /// Only these checks, and in this order; empty: all, ascending.
    pub check_ids: Vec<CheckId>,
    /// Only results shown with one of these statuses. No result is shown as CHECKING or FAILED.
    pub statuses: Vec<CheckStatus>,
    /// Only assets whose id contains this text, whatever the case of ASCII letters.
    pub id_contains: Option<String>,
    /// Only assets whose name contains this text.
    pub name_contains: Option<String>,
    /// Only assets whose region contains this text.
    pub region_contains: Option<String>,
    /// Only assets with one of these ids of the provider.
    pub asset_ids: Vec<String>,
    /// Only this account.
    pub account: Option<(Provider, String)>,
    /// Only this region.
    pub region: Option<String>,
    /// The order within a check.
    pub sort: Sort,
}

/// The order of results within a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// By the asset's id, its region, its number.
    #[default]
    AssetId,
    /// By what is shown, in the order of [`CheckStatus`], then as [`Sort::AssetId`].
    Status,
}

/// A result with its asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResult {
    /// The number of the asset, below 2³³ and never given twice.
    pub asset_no: i64,
    /// The check.
    pub check_id: CheckId,
    /// The provider.
    pub provider: Provider,
    /// The account.
    pub account: String,
    /// The name of the account; empty when none is known.
    pub account_name: String,
    /// The region.
    pub region: String,
    /// The kind of the asset.
    pub asset_type: AssetType,
    /// The provider's id of the asset.
    pub asset_id: String,
    /// The name of the asset.
    pub asset_name: String,
    /// The file that declares it.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// The verdict.
    pub status: ResultStatus,
    /// The reason of the exception that covers it; only failures have one.
    pub excepted: Option<String>,
    /// Why there is no verdict, in the form in which it came.
    pub reason: Option<String>,
    /// What decided it, in the form in which it came.
    pub evidence: Option<String>,
    /// When the pair was first checked, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last checked, in milliseconds since 1970.
    pub last_ms: i64,
}

const DOING: &str = "listing results";

impl Store {
    /// A page of the results that `filter` selects: in the order of the checks, then as its sort says. Beyond the
    /// last page there is nothing; the total is always that of the whole list.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn list_results(
        &self,
        tenant: &TenantId,
        filter: &ResultFilter,
        page: PageRequest,
    ) -> Result<Page<StoredResult>, StoreError> {
        let nothing = Page {
            items: Vec::new(),
            total: 0,
        };
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(nothing);
        };
        let mut tx = self.db().begin_read(DOING).await?;
        let mut query = Listing {
            tx: &mut tx,
            dialect: self.dialect(),
            tenant,
            filter: cleaned(filter),
        };
        let found = query.page(page).await;
        tx.rollback().await.during(DOING)?;
        found
    }
}

/// A list under way, in a transaction that sees one state.
struct Listing<'a> {
    tx: &'a mut Tx,
    dialect: Dialect,
    tenant: i64,
    filter: ResultFilter,
}

impl Listing<'_> {
    async fn page(&mut self, page: PageRequest) -> Result<Page<StoredResult>, StoreError> {
        let counts = self.counts().await?;
        let segments = plan::segments(&self.filter, &counts);
        let total = segments.iter().map(|s| s.length).sum();
        let mut items = Vec::new();
        for (segment, offset, limit) in plan::cut(&segments, page.offset(), u64::from(page.size)) {
            items.extend(self.segment(segment, offset, limit).await?);
        }
        Ok(Page { items, total })
    }
}

/// The filter with texts as they are stored, and without those that filter nothing.
fn cleaned(filter: &ResultFilter) -> ResultFilter {
    let text = |t: &Option<String>| t.as_deref().map(|t| clean(t).into_owned());
    let part = |t: &Option<String>| {
        text(t)
            .filter(|t| !t.is_empty())
            .map(|t| t.to_ascii_lowercase())
    };
    ResultFilter {
        check_ids: filter.check_ids.clone(),
        statuses: filter.statuses.clone(),
        id_contains: part(&filter.id_contains),
        name_contains: part(&filter.name_contains),
        region_contains: part(&filter.region_contains),
        asset_ids: filter
            .asset_ids
            .iter()
            .map(|id| clean(id).into_owned())
            .collect(),
        account: filter
            .account
            .as_ref()
            .map(|(p, account)| (*p, clean(account).into_owned())),
        region: text(&filter.region),
        sort: filter.sort,
    }
}
