//! From what came together to what is stored.

use std::collections::BTreeMap;

use stance_model::{Coverage, CoverageStatus, Provider};
use stance_store::{AccountBatch, CheckBatch};

use super::{Gathered, Intake};

impl Intake<'_> {
    pub(super) fn batches(mut self) -> Vec<AccountBatch> {
        let mut coverage: BTreeMap<(Provider, String), Vec<Coverage>> = BTreeMap::new();
        for ((provider, account, ..), record) in std::mem::take(&mut self.coverage) {
            coverage
                .entry((provider, account))
                .or_default()
                .push(record);
        }
        let (catalog, checks) = (self.catalog, self.checks);
        std::mem::take(&mut self.accounts)
            .into_iter()
            .map(|((provider, account), mut gathered)| {
                let coverage = coverage
                    .remove(&(provider, account.clone()))
                    .unwrap_or_default();
                // A check whose assets were looked for and not found has run, too.
                for record in coverage
                    .iter()
                    .filter(|c| c.status != CoverageStatus::Failed)
                {
                    let judging = catalog.for_type(&record.asset_type).iter();
                    for check in judging.filter(|c| checks.is_none_or(|only| only.contains(&c.id)))
                    {
                        gathered.results.entry(check.id).or_default();
                    }
                }
                let Gathered {
                    name: account_name,
                    assets,
                    images,
                    results,
                } = gathered;
                let results = results
                    .into_iter()
                    .map(|(check_id, results)| CheckBatch { check_id, results })
                    .collect();
                AccountBatch {
                    provider,
                    account,
                    account_name,
                    coverage,
                    assets,
                    images,
                    results,
                }
            })
            .collect()
    }
}
