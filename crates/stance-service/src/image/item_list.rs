//! The items that fail or failed in images: `DescribeImageBaselineItemList`.

use stance_catalog::Check;
use stance_model::query::{Page, PageRequest};
use stance_store::{ItemResult, ItemState};

use super::catalogue::Named;
use super::found::Whitelist;
use super::paged;
use super::view::{ItemQuery, ItemView};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// The most images that one question is about.
const IMAGES: usize = 100;

impl Service {
    /// The items that fail or failed in one of some images, in the order of the catalogue; those that exceptions cover
    /// are among them, and say so.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::Invalid`] for more than 100 images; [`ServiceError::Store`].
    pub async fn describe_image_baseline_item_list(
        &self,
        caller: &Caller,
        query: &ItemQuery,
        page: PageRequest,
    ) -> Result<Page<ItemView>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageBaselineItemList")?;
        if query.uuids.len() > IMAGES {
            return Err(ServiceError::Invalid {
                what: "images",
                why: format!("more than {IMAGES} are asked for at a time"),
            });
        }
        self.expire(caller).await?;
        let fits = |wanted: &Option<String>, key: &str| wanted.as_ref().is_none_or(|w| w == key);
        let mut baselines = self.baselines_by(None);
        baselines.retain(|named| {
            fits(&query.class, &named.class.key) && fits(&query.name, &named.name.key)
        });
        let uuids = self
            .known_uuids(caller, &query.uuids, &query.ranges)
            .await?;
        let found = self.found(caller, &uuids, &baselines).await?;
        let exceptions = self.store.list_exceptions(&caller.tenant).await?;
        let whitelist = Whitelist::of(exceptions);
        let items = baselines
            .iter()
            .flat_map(|named| named.name.items.iter().map(move |item| (named, item)));
        let rows = items
            .filter_map(|(named, item)| shown(*named, item, found.of(item.id), &whitelist))
            .filter(|row| query.fixed.is_none_or(|fixed| fixed == row.fixed))
            .collect();
        Ok(paged(rows, page))
    }
}

/// The item as it is shown; none when it neither fails nor failed in any of the images.
fn shown(
    named: Named<'_>,
    item: &Check,
    results: &[ItemResult],
    whitelist: &Whitelist,
) -> Option<ItemView> {
    use ItemState::{Excepted, Failing, Fixed};
    let concerned = |result: &&ItemResult| matches!(result.state, Failing | Excepted | Fixed);
    let results: Vec<&ItemResult> = results.iter().filter(concerned).collect();
    if results.is_empty() {
        return None;
    }
    Some(ItemView {
        baseline: named.view(),
        key: item.key.clone(),
        title: item.title.clone(),
        fixed: results.iter().all(|result| result.state == Fixed),
        whitelisted: results.iter().all(|result| whitelist.covers(result)),
    })
}
