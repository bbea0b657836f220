//! Listing checks with what is known of them: `ListCheckResult` and its kin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stance_catalog::Check;
use stance_model::query::{CheckQuery, CheckSort, Page, PageRequest};
use stance_model::view::{CheckView, Counts};
use stance_model::{CheckId, CheckStatus, Coverage, Provider, Reason, ResultStatus};
use stance_store::{ResultFilter, Rollup};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;
use crate::status::{self, Standing};
use crate::view::{self, Known};

/// How many results without a verdict are looked at for a reason, at a time and in all.
const SAMPLED: u32 = 200;
const SAMPLED_PAGES: u32 = 20;

impl Service {
    /// Checks with their statuses. Costs the number of checks, not of results.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::ForeignAccount`], [`ServiceError::Store`].
    pub async fn list_check_result(
        &self,
        caller: &Caller,
        query: &CheckQuery,
        page: PageRequest,
    ) -> Result<Page<CheckView>, ServiceError> {
        caller.authorise("yundun-sas:ListCheckResult")?;
        self.checks(caller, query, Listed::Checks, page).await
    }

    /// The same for the 45 items of the older operation's table.
    ///
    /// # Errors
    /// As [`Service::list_check_result`].
    pub async fn describe_risk_check_result(
        &self,
        caller: &Caller,
        query: &CheckQuery,
        page: PageRequest,
    ) -> Result<Page<CheckView>, ServiceError> {
        caller.authorise("yundun-sas:DescribeRiskCheckResult")?;
        let legacy = |check: &&Arc<Check>| check.legacy.is_some();
        let legacy: Vec<i64> = self
            .selected(query)
            .into_iter()
            .filter(legacy)
            .map(|check| check.id.get())
            .collect();
        if legacy.is_empty() {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        }
        let query = CheckQuery {
            check_ids: legacy,
            ..query.clone()
        };
        self.checks(caller, &query, Listed::Checks, page).await
    }

    pub(crate) async fn checks(
        &self,
        caller: &Caller,
        query: &CheckQuery,
        listed: Listed,
        page: PageRequest,
    ) -> Result<Page<CheckView>, ServiceError> {
        self.expire(caller).await?;
        let standings = self.standings(caller, query).await?;
        let selected = self.selected(query);
        let mut rows: Vec<(&Arc<Check>, CheckStatus)> = selected
            .into_iter()
            .filter(|check| listed == Listed::All || check.baseline.is_none())
            .filter(|check| standings.touches(check.id))
            .map(|check| (check, standings.status(check)))
            .filter(|(_, status)| query.statuses.is_empty() || query.statuses.contains(status))
            .collect();
        sort(&mut rows, &query.sort);
        let total = rows.len() as u64;
        let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let mut items = Vec::new();
        for (check, status) in rows.into_iter().skip(offset).take(size) {
            items.push(self.check_view(caller, check, status, &standings).await?);
        }
        Ok(Page { items, total })
    }

    /// The checks of the catalogue that the static filters select, by id.
    pub(crate) fn selected(&self, query: &CheckQuery) -> Vec<&Arc<Check>> {
        self.catalog
            .checks()
            .iter()
            .filter(|check| self.fits(check, query))
            .collect()
    }

    fn fits(&self, check: &Check, query: &CheckQuery) -> bool {
        fn any<T: PartialEq>(wanted: &[T], has: &T) -> bool {
            wanted.is_empty() || wanted.contains(has)
        }
        let policies = self.catalog.policies(check.id);
        any(&query.check_ids, &check.id.get())
            && any(&query.risk_levels, &check.risk_level)
            && any(&query.providers, &check.provider)
            && any(&query.instance_types, &check.instance_type)
            && query
                .has_parameters
                .is_none_or(|wanted| wanted != check.parameters.is_empty())
            && query
                .repair_supported
                .is_none_or(|wanted| wanted == check.repair_supported)
            && query.custom.is_none_or(|wanted| wanted == check.custom)
            && query
                .check_key
                .as_deref()
                .is_none_or(|key| is_named(check, key))
            && (query.types.is_empty()
                || policies
                    .iter()
                    .any(|p| query.types.contains(&p.standard_type)))
            && (query.standard_ids.is_empty()
                || policies
                    .iter()
                    .any(|p| query.standard_ids.contains(&p.standard_id)))
            && (query.requirement_ids.is_empty()
                || policies
                    .iter()
                    .any(|p| query.requirement_ids.contains(&p.requirement_id)))
    }

    /// What is known of every check, under the account and the assets of the query.
    pub(crate) async fn standings(
        &self,
        caller: &Caller,
        query: &CheckQuery,
    ) -> Result<Standings, ServiceError> {
        let tenant = &caller.tenant;
        let account = self.member(caller, query.account.as_deref()).await?;
        let scope = account.as_deref().map(|id| (Provider::Aliyun, id));
        let assets_only = !query.instance_ids.is_empty();
        let rollups = if assets_only {
            self.store
                .asset_rollups(tenant, &query.instance_ids, scope)
                .await?
        } else {
            self.store.rollups(tenant, scope).await?
        };
        let mut standings = Standings::of(rollups);
        standings.account.clone_from(&account);
        standings.asset_ids.clone_from(&query.instance_ids);
        for task in self.store.running(tenant, self.clock.now_ms()).await? {
            standings.running.extend(task.checks);
        }
        for exception in self.store.list_exceptions(tenant).await? {
            if exception.asset_ids.is_empty() {
                standings.excepted.insert(exception.check_id);
            }
        }
        if !assets_only {
            let kept =
                |c: &Coverage| scope.is_none_or(|(p, id)| c.provider == p && c.account == id);
            let coverage = self
                .store
                .coverage(tenant)
                .await?
                .into_iter()
                .map(|stored| stored.coverage);
            standings.add_gaps(coverage.filter(kept));
        }
        Ok(standings)
    }

    /// The member account of the query, where it is one of the tenant's.
    async fn member(
        &self,
        caller: &Caller,
        account: Option<&str>,
    ) -> Result<Option<String>, ServiceError> {
        let Some(account) = account else {
            return Ok(None);
        };
        let accounts = self.store.accounts(&caller.tenant).await?;
        if accounts
            .iter()
            .any(|a| a.provider == Provider::Aliyun && a.id == account)
        {
            Ok(Some(account.to_owned()))
        } else {
            Err(ServiceError::ForeignAccount {
                account: account.to_owned(),
            })
        }
    }

    pub(crate) async fn check_view(
        &self,
        caller: &Caller,
        check: &Check,
        status: CheckStatus,
        standings: &Standings,
    ) -> Result<CheckView, ServiceError> {
        let standing = standings.standing(check);
        let mut reason = status::reason(&standing);
        if reason.is_none() && standing.counts.unknown > 0 {
            reason = Some(status::undecided(
                &standing.counts,
                self.sample_reason(caller, check.id, standings).await?,
            ));
        }
        let last = standings.last.get(&check.id);
        let known = Known {
            status,
            reason,
            task_id: last.map(|(_, task)| *task),
            last_ms: last.map(|(at, _)| *at),
            counts: standing.counts,
        };
        Ok(view::check(check, self.catalog.policies(check.id), known))
    }

    /// Why one of the undecided results of a check is undecided, among those that the query is about.
    async fn sample_reason(
        &self,
        caller: &Caller,
        check_id: CheckId,
        standings: &Standings,
    ) -> Result<Option<Reason>, ServiceError> {
        let filter = ResultFilter {
            check_ids: vec![check_id],
            statuses: vec![CheckStatus::NotCheck],
            account: standings.account.clone().map(|id| (Provider::Aliyun, id)),
            asset_ids: standings.asset_ids.clone(),
            ..ResultFilter::default()
        };
        for number in 1..=SAMPLED_PAGES {
            let page = PageRequest {
                number,
                size: SAMPLED,
            };
            let found = self
                .store
                .list_results(&caller.tenant, &filter, page)
                .await?
                .items;
            // The store lists what does not apply among them.
            let undecided = found.iter().find(|r| r.status == ResultStatus::Unknown);
            if let Some(result) = undecided {
                return Ok(Some(view::unread(result.reason.as_deref())));
            }
            if found.len() < SAMPLED as usize {
                break;
            }
        }
        Ok(None)
    }
}

/// Which of the catalogue's checks a list may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Checks of cloud configuration: items of baselines have operations of their own.
    Checks,
    /// Items of baselines, too.
    All,
}

/// What is known of every check.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    counts: BTreeMap<CheckId, Counts>,
    /// The latest time and task of each check.
    last: BTreeMap<CheckId, (i64, i64)>,
    running: BTreeSet<CheckId>,
    excepted: BTreeSet<CheckId>,
    /// Coverage that is not ok, by asset type, worst first.
    gaps: BTreeMap<String, Vec<Coverage>>,
    /// The member account that the query is limited to.
    account: Option<String>,
    /// The assets that the query is limited to; then only checks with a result of them are listed.
    asset_ids: Vec<String>,
}

impl Standings {
    fn of(rollups: Vec<Rollup>) -> Self {
        let mut standings = Self::default();
        for rollup in rollups {
            standings
                .counts
                .entry(rollup.check_id)
                .or_default()
                .add(&rollup.counts);
            let last = standings.last.entry(rollup.check_id).or_default();
            *last = (*last).max((rollup.last_ms, rollup.task_id));
        }
        standings
    }

    fn add_gaps(&mut self, coverage: impl Iterator<Item = Coverage>) {
        for coverage in coverage.filter(|c| c.problem().is_some()) {
            self.gaps
                .entry(coverage.asset_type.to_string())
                .or_default()
                .push(coverage);
        }
        for gaps in self.gaps.values_mut() {
            // Failed before partial before what was not there to read.
            gaps.sort_by_key(|gap| {
                let unread = status::is_unread(gap);
                (
                    !unread,
                    gap.status != stance_model::CoverageStatus::Failed,
                    gap.account.clone(),
                    gap.region.clone(),
                )
            });
        }
    }

    fn touches(&self, check: CheckId) -> bool {
        self.asset_ids.is_empty() || self.counts.contains_key(&check)
    }

    fn standing(&self, check: &Check) -> Standing {
        Standing {
            running: self.running.contains(&check.id),
            counts: self.counts.get(&check.id).copied().unwrap_or_default(),
            excepted: self.excepted.contains(&check.id),
            gaps: self
                .gaps
                .get(check.asset_type.as_str())
                .cloned()
                .unwrap_or_default(),
        }
    }

    pub(crate) fn status(&self, check: &Check) -> CheckStatus {
        status::of(&self.standing(check))
    }

    pub(crate) fn is_running(&self, check: CheckId) -> bool {
        self.running.contains(&check)
    }
}

/// Whether a person could mean the check by this text: part of its key, its number or its title.
fn is_named(check: &Check, text: &str) -> bool {
    let text = text.to_lowercase();
    let has = |hay: &str| hay.to_lowercase().contains(&text);
    has(&check.key) || has(&check.title.zh) || has(&check.title.en) || check.id.to_string() == text
}

fn sort(rows: &mut [(&Arc<Check>, CheckStatus)], keys: &[CheckSort]) {
    // Stable: equal rows stay in the order of their ids.
    for key in keys.iter().rev() {
        match key {
            CheckSort::RiskLevel => {
                rows.sort_by_key(|(check, _)| std::cmp::Reverse(check.risk_level));
            }
            CheckSort::Status => rows.sort_by_key(|(_, status)| *status),
        }
    }
}
