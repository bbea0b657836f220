//! Which items are looked for when a request starts a scan: `DescribeImageBaselineStrategy` and
//! `SaveImageBaselineStrategy`.

use std::collections::BTreeSet;
use std::sync::Arc;

use stance_catalog::Check;
use stance_model::CheckId;
use stance_model::view::BaselineView;
use stance_store::ImageStrategy;

use super::baseline_of;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// The number of the strategy by which requested scans judge.
const DEFAULT: i64 = 0;

/// The most days that fixed risks are kept.
const KEEP_DAYS: i64 = 3_650;

/// The longest name, in characters.
const NAME: usize = 128;

/// `Type` of a strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrategyKind {
    /// The one by which requested scans judge, with a selection.
    Default,
    /// All items, whatever the catalogue has.
    Full,
}

/// A strategy as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyView {
    /// Its number; 0: the default one.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: StrategyKind,
    /// Baseline and key of the selected items.
    pub items: Vec<(BaselineView, String)>,
    /// How many items there are to select from.
    pub total: u64,
    /// How many days a risk is kept after it was fixed; 0: for good.
    pub keep_days: i64,
}

/// A strategy that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewStrategy {
    /// Its number; none: the default one.
    pub id: Option<i64>,
    /// Its name; none: it stays as it is.
    pub name: Option<String>,
    /// The keys of the selected items.
    pub items: Vec<String>,
    /// How many days a risk is kept after it was fixed; none: it stays as it is.
    pub keep_days: Option<i64>,
}

impl Service {
    /// A strategy; no number given: the default one, which selects all items until somebody stores another selection.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::Invalid`] for a number that no strategy has;
    /// [`ServiceError::Store`].
    pub async fn describe_image_baseline_strategy(
        &self,
        caller: &Caller,
        id: Option<i64>,
    ) -> Result<StrategyView, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageBaselineStrategy")?;
        let stored = self.strategy(caller, id).await?;
        let chosen = |item: &&Arc<Check>| {
            let items = stored.items.as_ref();
            items.is_none_or(|items| items.contains(&item.key))
        };
        let items = self.items().filter(chosen);
        Ok(StrategyView {
            id: stored.id,
            name: stored.name.clone(),
            kind: if stored.items.is_none() {
                StrategyKind::Full
            } else {
                StrategyKind::Default
            },
            items: items
                .filter_map(|item| Some((baseline_of(item)?, item.key.clone())))
                .collect(),
            total: self.items().count() as u64,
            keep_days: stored.keep_days,
        })
    }

    /// Stores a selection. The key of a baseline or a class selects all its items; a selection of all items stays one of
    /// all when the catalogue grows.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::UnknownCheck`] for a key that names nothing;
    /// [`ServiceError::Invalid`]; [`ServiceError::Store`].
    pub async fn save_image_baseline_strategy(
        &self,
        caller: &Caller,
        new: &NewStrategy,
    ) -> Result<(), ServiceError> {
        caller.authorise("yundun-sas:SaveImageBaselineStrategy")?;
        let mut strategy = self.strategy(caller, new.id).await?;
        let items = self.items_named(&new.items)?;
        if let Some(days) = new.keep_days {
            if !(0..=KEEP_DAYS).contains(&days) {
                return Err(invalid("days", format!("must be from 0 to {KEEP_DAYS}")));
            }
            strategy.keep_days = days;
        }
        if let Some(name) = &new.name {
            if name.chars().count() > NAME {
                return Err(invalid("name", format!("has more than {NAME} characters")));
            }
            strategy.name.clone_from(name);
        }
        strategy.items = if items.len() == self.items().count() {
            None
        } else {
            Some(items.into_iter().map(|item| item.key.clone()).collect())
        };
        let saved = self.store.save_image_strategy(&caller.tenant, &strategy);
        saved.await?;
        Ok(())
    }

    pub(super) async fn strategy(
        &self,
        caller: &Caller,
        id: Option<i64>,
    ) -> Result<ImageStrategy, ServiceError> {
        let id = id.unwrap_or(DEFAULT);
        if let Some(stored) = self.store.image_strategy(&caller.tenant, id).await? {
            return Ok(stored);
        }
        if id != DEFAULT {
            return Err(invalid(
                "strategy",
                format!("there is none with the number {id}"),
            ));
        }
        Ok(ImageStrategy {
            id: DEFAULT,
            name: "default".to_owned(),
            source: "default".to_owned(),
            items: None,
            keep_days: 0,
        })
    }

    /// The items by which a requested scan judges.
    pub(super) async fn chosen_items(
        &self,
        caller: &Caller,
    ) -> Result<BTreeSet<CheckId>, ServiceError> {
        let strategy = self.strategy(caller, None).await?;
        let chosen = |item: &&Arc<Check>| {
            let items = strategy.items.as_ref();
            items.is_none_or(|items| items.contains(&item.key))
        };
        Ok(self.items().filter(chosen).map(|item| item.id).collect())
    }
}

fn invalid(what: &'static str, why: String) -> ServiceError {
    ServiceError::Invalid { what, why }
}
