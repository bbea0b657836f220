//! What the baselines found in one image: `DescribeImageBaselineCheckResult`.

use std::cmp::Reverse;

use stance_model::RiskLevel;
use stance_model::query::{Page, PageRequest};
use stance_store::{ItemResult, ItemState};

use super::catalogue::Named;
use super::found::Found;
use super::paged;
use super::view::{BaselineQuery, BaselineResult, Levels};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

impl Service {
    /// The baselines of which an item fails or failed in an image, unfixed and worst first. An image that is not known
    /// has none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn describe_image_baseline_check_result(
        &self,
        caller: &Caller,
        uuid: &str,
        query: &BaselineQuery,
        page: PageRequest,
    ) -> Result<Page<BaselineResult>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageBaselineCheckResult")?;
        self.expire(caller).await?;
        let baselines = self.baselines_by(query.criteria.as_ref());
        let uuids = [uuid.to_owned()];
        let uuids = self.known_uuids(caller, &uuids, &query.ranges).await?;
        let found = self.found(caller, &uuids, &baselines).await?;
        let levels = &query.risk_levels;
        let mut rows: Vec<BaselineResult> = baselines
            .iter()
            .filter_map(|named| folded(*named, &found))
            .filter(|row| levels.is_empty() || levels.contains(&row.level))
            .collect();
        rows.sort_by_key(|row| (row.fixed, Reverse(row.level)));
        Ok(paged(rows, page))
    }
}

/// The results of a baseline's items as one; none when none of them fails or failed.
fn folded(named: Named<'_>, found: &Found) -> Option<BaselineResult> {
    let mut fold = Fold::default();
    for item in &named.name.items {
        for result in found.of(item.id) {
            fold.add(item.risk_level, result);
        }
    }
    Some(BaselineResult {
        baseline: named.view(),
        fixed: fold.failing.total() == 0,
        level: fold.worst_failing.or(fold.worst_fixed)?,
        items: fold.items,
        failing: fold.failing,
        first_ms: fold.first_ms.unwrap_or_default(),
        last_ms: fold.last_ms.unwrap_or_default(),
    })
}

#[derive(Default)]
struct Fold {
    items: u64,
    failing: Levels,
    worst_failing: Option<RiskLevel>,
    worst_fixed: Option<RiskLevel>,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
}

impl Fold {
    fn add(&mut self, level: RiskLevel, result: &ItemResult) {
        match result.state {
            ItemState::Failing => {
                self.failing.add(level);
                self.worst_failing = self.worst_failing.max(Some(level));
            }
            ItemState::Fixed => self.worst_fixed = self.worst_fixed.max(Some(level)),
            _ => {}
        }
        self.items += u64::from(is_checked(result.state));
        let first = self.first_ms.unwrap_or(result.first_ms);
        self.first_ms = Some(first.min(result.first_ms));
        self.last_ms = self.last_ms.max(Some(result.last_ms));
    }
}

/// Whether the item said something about the image, in its last scan or, where that could not look, in an earlier one.
fn is_checked(state: ItemState) -> bool {
    !matches!(state, ItemState::NotApplicable | ItemState::Unknown)
}
