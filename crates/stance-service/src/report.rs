//! Reports: what a scan or the store found, for people and other tools.

use std::collections::BTreeSet;

use stance_model::query::{Page, PageRequest, ResultQuery};
use stance_model::view::{CheckView, Counts, Report, ResultView, Summary};
use stance_model::{CheckId, CheckStatus, Provider, RiskLevel};
use stance_store::{ResultFilter, Sort, StoredResult};

use crate::caller::Caller;
use crate::check_list::Listed;
use crate::error::ServiceError;
use crate::service::Service;
use crate::view;

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

/// The accounts that a report is about.
struct Accounts {
    /// Whether the tenant has others.
    limited: bool,
    of: Vec<(Provider, String)>,
}

impl Service {
    /// A report over the results that the query selects, worst first. Its head says how the results fall of the checks,
    /// accounts, regions and assets that are selected; the statuses of the query select only which of them are listed.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::ForeignAccount`] for an account that was never scanned;
    /// [`ServiceError::Store`].
    pub async fn report(
        &self,
        caller: &Caller,
        query: &ResultQuery,
        scope: &Scope,
    ) -> Result<Report, ServiceError> {
        caller.authorise("stance:ListResults")?;
        self.expire(caller).await?;
        let accounts = self.reported(caller, query, scope).await?;
        let all = PageRequest {
            number: 1,
            size: u32::MAX,
        };
        let checks = self
            .checks(caller, &query.checks, Listed::All, all)
            .await?
            .items;
        let (mut results, mut summary) = (Vec::new(), Summary::default());
        if narrow(query) {
            results = self
                .results(caller, &checks, query, &accounts, true)
                .await?;
            summary = tally(&results);
            results.retain(|r| query.statuses.is_empty() || query.statuses.contains(&r.status));
        } else if !checks.is_empty() {
            results = self
                .results(caller, &checks, query, &accounts, false)
                .await?;
            summary = self.count(caller, &checks, &accounts).await?;
        }
        summary.accounts = accounts.of.len() as u64;
        results.sort_by(worst_first);
        let stored = self.store.coverage(&caller.tenant).await?.into_iter();
        let coverage = stored
            .map(|stored| stored.coverage)
            .filter(|c| accounts.has(c.provider, &c.account) && c.problem().is_some())
            .filter(|c| query.region.as_ref().is_none_or(|r| *r == c.region))
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

    async fn reported(
        &self,
        caller: &Caller,
        query: &ResultQuery,
        scope: &Scope,
    ) -> Result<Accounts, ServiceError> {
        let known = self.store.accounts(&caller.tenant).await?;
        let total = known.len();
        let of: Vec<(Provider, String)> = known
            .into_iter()
            .map(|account| (account.provider, account.id))
            .filter(|account| scope.accounts.is_empty() || scope.accounts.contains(account))
            .filter(|(_, id)| query.account.as_ref().is_none_or(|wanted| wanted == id))
            .collect();
        match &query.account {
            Some(account) if of.is_empty() => Err(ServiceError::ForeignAccount {
                account: account.clone(),
            }),
            _ => Ok(Accounts {
                limited: of.len() < total,
                of,
            }),
        }
    }

    async fn results(
        &self,
        caller: &Caller,
        checks: &[CheckView],
        query: &ResultQuery,
        accounts: &Accounts,
        all_statuses: bool,
    ) -> Result<Vec<ResultView>, ServiceError> {
        let ids: Vec<CheckId> = checks.iter().map(|check| check.id).collect();
        let mut found = Vec::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let mut filter = ResultFilter {
            check_ids: ids,
            statuses: query.statuses.clone(),
            asset_ids: query.checks.instance_ids.clone(),
            region: query.region.clone(),
            sort: Sort::AssetId,
            ..ResultFilter::default()
        };
        if all_statuses {
            filter.statuses.clear();
        }
        if !accounts.limited {
            self.collect(caller, &filter, &mut found).await?;
            return Ok(found);
        }
        for account in &accounts.of {
            filter.account = Some(account.clone());
            self.collect(caller, &filter, &mut found).await?;
        }
        Ok(found)
    }

    async fn collect(
        &self,
        caller: &Caller,
        filter: &ResultFilter,
        into: &mut Vec<ResultView>,
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
            into.extend(items.into_iter().filter_map(|stored| self.shown(stored)));
            if last {
                break;
            }
        }
        Ok(())
    }

    fn shown(&self, stored: StoredResult) -> Option<ResultView> {
        let check = self.catalog.get(stored.check_id)?;
        Some(view::result(check, stored, false))
    }

    /// The numbers of the head, from counters.
    async fn count(
        &self,
        caller: &Caller,
        checks: &[CheckView],
        accounts: &Accounts,
    ) -> Result<Summary, ServiceError> {
        let mut summary = Summary::default();
        let mut judged = BTreeSet::new();
        for rollup in self.store.rollups(&caller.tenant, None).await? {
            let check = checks.iter().find(|check| check.id == rollup.check_id);
            let Some(check) = check.filter(|_| accounts.has(rollup.provider, &rollup.account))
            else {
                continue;
            };
            summary.counts.add(&rollup.counts);
            *level(&mut summary, check.risk_level) += rollup.counts.fail;
            if rollup.counts.total() > 0 {
                judged.insert(rollup.check_id);
            }
        }
        summary.checks = judged.len() as u64;
        summary.assets = self.store.asset_count(&caller.tenant).await?;
        Ok(summary)
    }
}

impl Accounts {
    fn has(&self, provider: Provider, account: &str) -> bool {
        self.of
            .iter()
            .any(|(p, id)| *p == provider && id == account)
    }
}

/// Whether the query selects less than whole checks, of which there are no counters.
fn narrow(query: &ResultQuery) -> bool {
    query.account.is_some() || query.region.is_some() || !query.checks.instance_ids.is_empty()
}

/// The numbers of the head, from the results themselves.
fn tally(results: &[ResultView]) -> Summary {
    let mut summary = Summary::default();
    let (mut assets, mut checks) = (BTreeSet::new(), BTreeSet::new());
    for result in results {
        assets.insert((
            result.provider,
            &result.account,
            &result.region,
            &result.asset_type,
            &result.asset_id,
        ));
        checks.insert(result.check_id);
        *part(&mut summary.counts, result) += 1;
        if result.status == CheckStatus::NotPass {
            *level(&mut summary, result.risk_level) += 1;
        }
    }
    (summary.assets, summary.checks) = (assets.len() as u64, checks.len() as u64);
    summary
}

fn part<'c>(counts: &'c mut Counts, result: &ResultView) -> &'c mut i64 {
    match result.status {
        CheckStatus::Pass => &mut counts.pass,
        CheckStatus::NotPass => &mut counts.fail,
        CheckStatus::Whitelist => &mut counts.excepted,
        _ => match result.reason {
            Some(stance_model::view::ResultReason::NotApplicable(_)) => &mut counts.not_applicable,
            _ => &mut counts.unknown,
        },
    }
}

fn level(summary: &mut Summary, risk_level: RiskLevel) -> &mut i64 {
    match risk_level {
        RiskLevel::High => &mut summary.high,
        RiskLevel::Medium => &mut summary.medium,
        RiskLevel::Low => &mut summary.low,
    }
}

/// Violations first, high before low; then by check and asset.
fn worst_first(a: &ResultView, b: &ResultView) -> std::cmp::Ordering {
    let rank = |r: &ResultView| (r.status, std::cmp::Reverse(r.risk_level), r.check_id);
    rank(a).cmp(&rank(b)).then_with(|| {
        (&a.account, &a.region, &a.asset_id).cmp(&(&b.account, &b.region, &b.asset_id))
    })
}
