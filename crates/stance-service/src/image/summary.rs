//! What the baselines found over all images: `DescribeImageBaselineCheckSummary`.

use std::cmp::Reverse;

use stance_model::query::{Page, PageRequest};
use stance_model::{CheckId, RiskLevel};
use stance_store::GroupCount;

use super::catalogue::Named;
use super::view::{BaselineQuery, BaselineSummary, Levels, ScanRange};
use super::{ids, paged};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// From the worst on.
const LEVELS: [RiskLevel; 3] = [RiskLevel::High, RiskLevel::Medium, RiskLevel::Low];

impl Service {
    /// The baselines of which an item fails or failed in any image, unfixed and worst first. Costs the number of items
    /// that fail or failed.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn describe_image_baseline_check_summary(
        &self,
        caller: &Caller,
        query: &BaselineQuery,
        page: PageRequest,
    ) -> Result<Page<BaselineSummary>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageBaselineCheckSummary")?;
        self.expire(caller).await?;
        let kinds = ScanRange::kinds(&query.ranges);
        let baselines = self.baselines_by(query.criteria.as_ref());
        let groups: Vec<Vec<CheckId>> = baselines.iter().flat_map(groups).collect();
        let counts = self
            .store
            .image_group_counts(&caller.tenant, &kinds, &groups)
            .await?;
        let levels = &query.risk_levels;
        let mut rows: Vec<BaselineSummary> = baselines
            .iter()
            .zip(counts.chunks(LEVELS.len()))
            .filter_map(|(named, counts)| summed(named, counts))
            .filter(|row| levels.is_empty() || levels.contains(&row.level))
            .collect();
        rows.sort_by_key(|row| (row.fixed, Reverse(row.level)));
        Ok(paged(rows, page))
    }
}

/// The items of a baseline of at least each level.
fn groups(named: &Named<'_>) -> Vec<Vec<CheckId>> {
    let items = &named.name.items;
    let of = |least| ids(items.iter().filter(|item| item.risk_level >= least));
    LEVELS.into_iter().map(of).collect()
}

/// The baseline as one; none when nothing fails or failed. An image in which several items fail counts once, under the
/// worst level.
fn summed(named: &Named<'_>, counts: &[GroupCount]) -> Option<BaselineSummary> {
    let [high, medium, all] = counts else {
        return None;
    };
    let worst = |has: fn(&GroupCount) -> u64| {
        let mut levels = LEVELS.into_iter().zip(counts);
        levels
            .find(|(_, count)| has(count) > 0)
            .map(|(level, _)| level)
    };
    let failing = worst(|count| count.failing);
    Some(BaselineSummary {
        baseline: named.view(),
        fixed: failing.is_none(),
        level: failing.or_else(|| worst(|count| count.fixed))?,
        images: Levels {
            high: high.failing,
            medium: medium.failing.saturating_sub(high.failing),
            low: all.failing.saturating_sub(medium.failing),
        },
        first_ms: all.first_ms.unwrap_or_default(),
        last_ms: all.last_ms.unwrap_or_default(),
    })
}
