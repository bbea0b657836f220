//! Images that fail a baseline: `DescribeImageListWithBaselineName`.

use stance_model::query::{Page, PageRequest};
use stance_store::{ImageFilter, ItemState, StoredImage};

use super::catalogue::Named;
use super::found::Found;
use super::view::{FailingImage, ImageQuery, ImageView, Levels, ScanRange};
use super::{empty, ids};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// Where assets lie that come from no registry.
pub(super) const LOCAL: &str = "local";

impl Service {
    /// The images in which an item of a baseline fails, by name. A baseline that does not exist has none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn describe_image_list_with_baseline_name(
        &self,
        caller: &Caller,
        query: &ImageQuery,
        page: PageRequest,
    ) -> Result<Page<FailingImage>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageListWithBaselineName")?;
        self.expire(caller).await?;
        let mut baselines = self.baselines_by(query.criteria.as_ref());
        baselines.retain(|named| named.name.key == query.baseline_name);
        let items = ids(baselines.iter().flat_map(|named| &named.name.items));
        if items.is_empty() {
            return Ok(empty());
        }
        let filter = ImageFilter {
            digests: query.digest.iter().cloned().collect(),
            kinds: ScanRange::kinds(&query.ranges),
            text: query.image.clone(),
            registry: query.registry.clone(),
            repo_namespace: query.repo_namespace.clone(),
            repo_name: query.repo_name.clone(),
            container_id: query.container_id.clone(),
            failing: items,
            ..ImageFilter::default()
        };
        let images = self.store.images(&caller.tenant, &filter, page).await?;
        let uuids: Vec<String> = images
            .items
            .iter()
            .map(|image| image.uuid.clone())
            .collect();
        let found = self.found(caller, &uuids, &baselines).await?;
        let items = images.items.into_iter();
        Ok(Page {
            items: items
                .map(|image| failing(image, &baselines, &found))
                .collect(),
            total: images.total,
        })
    }

    /// Those of some ids that are images of the ranges.
    pub(super) async fn known_uuids(
        &self,
        caller: &Caller,
        uuids: &[String],
        ranges: &[ScanRange],
    ) -> Result<Vec<String>, ServiceError> {
        let images = self.images_of(caller, uuids, ranges).await?;
        let mut uuids: Vec<String> = images.into_iter().map(|image| image.uuid).collect();
        uuids.dedup();
        Ok(uuids)
    }

    /// The images of some ids.
    pub(super) async fn images_of(
        &self,
        caller: &Caller,
        uuids: &[String],
        ranges: &[ScanRange],
    ) -> Result<Vec<StoredImage>, ServiceError> {
        if uuids.is_empty() {
            return Ok(Vec::new());
        }
        let filter = ImageFilter {
            uuids: uuids.to_vec(),
            kinds: ScanRange::kinds(ranges),
            ..ImageFilter::default()
        };
        Ok(self.store.images(&caller.tenant, &filter, ALL).await?.items)
    }
}

/// All of a list whose length the ids that select it bound.
pub(super) const ALL: PageRequest = PageRequest {
    number: 1,
    size: 10_000,
};

fn failing(image: StoredImage, baselines: &[Named<'_>], found: &Found) -> FailingImage {
    let (mut failing, mut passing) = (Levels::default(), 0);
    for item in baselines.iter().flat_map(|named| &named.name.items) {
        let of_item = found.of(item.id).iter();
        for result in of_item.filter(|result| result.asset_no == image.asset_no) {
            match result.state {
                ItemState::Failing => failing.add(item.risk_level),
                ItemState::Passing | ItemState::Fixed => passing += 1,
                _ => {}
            }
        }
    }
    FailingImage {
        image: view(image),
        failing,
        passing,
    }
}

/// An image as it is shown.
pub(super) fn view(image: StoredImage) -> ImageView {
    let registry = if image.registry == LOCAL {
        String::new()
    } else {
        image.registry
    };
    ImageView {
        uuid: image.uuid,
        name: image.name,
        registry,
        repo_namespace: image.repo_namespace,
        repo_name: image.repo_name,
        tag: image.tag,
        digest: image.digest,
        image_id: image.image_id,
        size: image.size,
        created_ms: image.created_ms,
        container_id: image.container_id,
        container_name: image.container_name,
        first_ms: image.first_ms,
        last_ms: image.last_ms,
    }
}
