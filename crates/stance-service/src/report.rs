//! Reports: what a scan or the store found, for people and other tools.

use stance_model::query::{Page, PageRequest, ResultQuery};
use stance_model::view::{Report, ResultView, Summary};
use stance_model::{CheckId, CheckStatus, Provider, RiskLevel};
use stance_store::{ResultFilter, Sort, StoredResult};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;
use crate::{status, view};

/// How many results are fetched at a time.
const CHUNK: u32 = 5_000;

/// Whose results a report shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only these accounts; empty: all.
    pub accounts: Vec<(Provider, String)>,
    /// Where they come from, for the report's head.
    pub source: String,
}

impl Service {
    /// A report over the results that the query selects, worst first.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn report(
        &self,
        caller: &Caller,
        query: &ResultQuery,
        scope: &Scope,
    ) -> Result<Report, ServiceError> {
        caller.authorise("stance:ListResults")?;
        self.expire(caller).await?;
        let all = PageRequest {
            number: 1,
            size: u32::MAX,
        };
        let checks = self.checks(caller, &query.checks, all).await?.items;
        let ids: Vec<CheckId> = checks.iter().map(|check| check.id).collect();
        let mut results = Vec::new();
        let mut summary = Summary::default();
        if !ids.is_empty() {
            for account in accounts(query, scope) {
                self.collect(
                    caller,
                    &filter(&ids, query, account),
                    &mut results,
                    &mut summary,
                )
                .await?;
            }
        }
        self.count(caller, &checks, scope, &mut summary).await?;
        results.sort_by(worst_first);
        let shown = |p: Provider, a: &str| {
            scope.accounts.is_empty() || scope.accounts.iter().any(|(sp, sa)| *sp == p && sa == a)
        };
        let coverage = self
            .store
            .coverage(&caller.tenant)
            .await?
            .into_iter()
            .map(|stored| stored.coverage);
        let coverage = coverage
            .filter(|c| shown(c.provider, &c.account) && c.problem().is_some())
            .filter(|c| query.account.as_ref().is_none_or(|a| *a == c.account))
            .collect();
        Ok(Report {
            at: self.clock.now().to_string(),
            source: scope.source.clone(),
            summary,
            results,
            coverage,
            checks,
            lang: query.lang,
        })
    }

    async fn collect(
        &self,
        caller: &Caller,
        filter: &ResultFilter,
        into: &mut Vec<ResultView>,
        summary: &mut Summary,
    ) -> Result<(), ServiceError> {
        for number in 1.. {
            let page = PageRequest {
                number,
                size: CHUNK,
            };
            let Page { items, .. } = self
                .store
                .list_results(&caller.tenant, filter, page)
                .await?;
            let last = items.len() < CHUNK as usize;
            for stored in items {
                self.take(stored, into, summary);
            }
            if last {
                break;
            }
        }
        Ok(())
    }

    fn take(&self, stored: StoredResult, into: &mut Vec<ResultView>, summary: &mut Summary) {
        let Some(check) = self.catalog.get(stored.check_id) else {
            return;
        };
        let shown = view::result(check, stored, false);
        if shown.status == CheckStatus::NotPass {
            match shown.risk_level {
                RiskLevel::High => summary.high += 1,
                RiskLevel::Medium => summary.medium += 1,
                RiskLevel::Low => summary.low += 1,
            }
        }
        into.push(shown);
    }

    /// The numbers of the head, from counters.
    async fn count(
        &self,
        caller: &Caller,
        checks: &[stance_model::view::CheckView],
        scope: &Scope,
        summary: &mut Summary,
    ) -> Result<(), ServiceError> {
        let known = |p: Provider, a: &str| {
            scope.accounts.is_empty() || scope.accounts.iter().any(|(sp, sa)| *sp == p && sa == a)
        };
        let mut judged = std::collections::BTreeSet::new();
        for rollup in self.store.rollups(&caller.tenant, None).await? {
            let wanted = checks.iter().any(|check| check.id == rollup.check_id);
            if wanted && known(rollup.provider, &rollup.account) {
                summary.counts.add(&rollup.counts);
                if rollup.counts.total() > 0 {
                    judged.insert(rollup.check_id);
                }
            }
        }
        let accounts = self.store.accounts(&caller.tenant).await?;
        summary.accounts = accounts.iter().filter(|a| known(a.provider, &a.id)).count() as u64;
        summary.checks = judged.len() as u64;
        summary.assets = self.store.asset_count(&caller.tenant).await?;
        Ok(())
    }
}

fn accounts(query: &ResultQuery, scope: &Scope) -> Vec<Option<(Provider, String)>> {
    let wanted =
        |account: &&(Provider, String)| query.account.as_ref().is_none_or(|a| *a == account.1);
    match (&query.account, scope.accounts.is_empty()) {
        (None, true) => vec![None],
        (Some(account), true) => Provider::ALL
            .into_iter()
            .map(|p| Some((p, account.clone())))
            .collect(),
        (_, false) => scope
            .accounts
            .iter()
            .filter(wanted)
            .cloned()
            .map(Some)
            .collect(),
    }
}

fn filter(
    ids: &[CheckId],
    query: &ResultQuery,
    account: Option<(Provider, String)>,
) -> ResultFilter {
    ResultFilter {
        check_ids: ids.to_vec(),
        statuses: query.statuses.clone(),
        asset_ids: query.checks.instance_ids.clone(),
        account,
        region: query.region.clone(),
        sort: Sort::AssetId,
        ..ResultFilter::default()
    }
}

/// Violations first, high before low; then by check and asset.
fn worst_first(a: &ResultView, b: &ResultView) -> std::cmp::Ordering {
    let rank = |r: &ResultView| (r.status, std::cmp::Reverse(r.risk_level), r.check_id);
    rank(a).cmp(&rank(b)).then_with(|| {
        (&a.account, &a.region, &a.asset_id).cmp(&(&b.account, &b.region, &b.asset_id))
    })
}

/// Whether anything that was looked at could not be read; for callers that end differently then.
pub(crate) fn has_gap(coverage: &[stance_model::Coverage]) -> bool {
    coverage.iter().any(status::is_unread)
}
