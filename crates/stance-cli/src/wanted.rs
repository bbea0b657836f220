//! What of a provider is collected: what its checks read.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use stance_catalog::Catalog;
use stance_model::operation::Collection;
use stance_model::{AssetType, Provider};

/// What is to be collected.
pub(crate) struct Wanted<'c> {
    pub(crate) collections: Vec<&'c Collection>,
    /// The calls that somebody reads, by type; the listing is always made.
    pub(crate) calls: BTreeMap<AssetType, BTreeSet<String>>,
}

impl<'c> Wanted<'c> {
    /// The types that checks of the provider read, those that they relate to among them, with the calls that are read.
    pub(crate) fn of(
        catalog: &'c Catalog,
        provider: Provider,
        types: &[AssetType],
    ) -> anyhow::Result<Self> {
        let mut calls: BTreeMap<AssetType, BTreeSet<String>> = BTreeMap::new();
        let picked = |asset_type: &AssetType| types.is_empty() || types.contains(asset_type);
        for check in catalog.checks() {
            if check.provider != provider || !picked(&check.asset_type) {
                continue;
            }
            let own = calls.entry(check.asset_type.clone()).or_default();
            own.extend(check.rule.calls().iter().cloned());
            for related in check.rule.related_types() {
                let info = catalog.asset_type(&related);
                let all = info.into_iter().flat_map(|info| &info.calls);
                let names = all.map(|call| call.name.clone());
                calls.entry(related.clone()).or_default().extend(names);
            }
        }
        let collections: Vec<&Collection> = calls
            .keys()
            .filter_map(|asset_type| catalog.asset_type(asset_type)?.collection.as_ref())
            .collect();
        if collections.is_empty() {
            bail!("no check reads an asset type of {provider} that can be collected");
        }
        Ok(Self { collections, calls })
    }
}
