//! What is known of items in some images.

use std::collections::{BTreeMap, BTreeSet};

use stance_model::CheckId;
use stance_model::exception::Exception;
use stance_store::{ItemResult, ItemState};

use super::catalogue::Named;
use super::ids;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

const DAY_MS: i64 = 86_400_000;

/// What is known of items, by item.
#[derive(Default)]
pub(super) struct Found {
    by_item: BTreeMap<CheckId, Vec<ItemResult>>,
}

impl Found {
    /// What is known of an item, image by image.
    pub(super) fn of(&self, item: CheckId) -> &[ItemResult] {
        self.by_item.get(&item).map_or(&[], Vec::as_slice)
    }
}

impl Service {
    /// What is known of the items of some baselines in some images. What was fixed longer ago than the default strategy
    /// keeps it shows as passing.
    pub(super) async fn found(
        &self,
        caller: &Caller,
        uuids: &[String],
        baselines: &[Named<'_>],
    ) -> Result<Found, ServiceError> {
        let items = ids(baselines.iter().flat_map(|named| &named.name.items));
        let mut found = Found::default();
        if uuids.is_empty() || items.is_empty() {
            return Ok(found);
        }
        let kept_from = self.kept_from(caller).await?;
        let results = self
            .store
            .image_item_results(&caller.tenant, uuids, &items)
            .await?;
        for mut result in results {
            let old = result.failed_last_ms.is_some_and(|at| at < kept_from);
            if result.state == ItemState::Fixed && old {
                result.state = ItemState::Passing;
            }
            let of_item = found.by_item.entry(result.check_id).or_default();
            of_item.push(result);
        }
        Ok(found)
    }

    /// From when on fixed risks are kept, in milliseconds since 1970.
    async fn kept_from(&self, caller: &Caller) -> Result<i64, ServiceError> {
        let days = self.strategy(caller, None).await?.keep_days;
        Ok(if days > 0 {
            self.clock
                .now_ms()
                .saturating_sub(days.saturating_mul(DAY_MS))
        } else {
            i64::MIN
        })
    }
}

/// What exceptions cover.
pub(super) struct Whitelist {
    whole: BTreeSet<CheckId>,
    single: BTreeSet<(CheckId, String)>,
}

impl Whitelist {
    pub(super) fn of(exceptions: Vec<Exception>) -> Self {
        let (mut whole, mut single) = (BTreeSet::new(), BTreeSet::new());
        for exception in exceptions {
            if exception.asset_ids.is_empty() {
                whole.insert(exception.check_id);
            }
            let pairs = exception.asset_ids.into_iter();
            single.extend(pairs.map(|id| (exception.check_id, id)));
        }
        Self { whole, single }
    }

    pub(super) fn covers(&self, result: &ItemResult) -> bool {
        let item = result.check_id;
        self.whole.contains(&item) || self.single.contains(&(item, result.uuid.clone()))
    }
}
