//! Accepting the failures of items: `OperateImageBaselineWhitelist`. Exceptions hold it, so that people see it wherever
//! exceptions are shown.

use std::collections::BTreeSet;

use stance_model::CheckId;
use stance_model::exception::Exception;
use stance_model::query::PageRequest;
use stance_store::ImageFilter;

use super::ids;
use super::view::ScanRange;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// The most images that one exception names.
const IMAGES: usize = 10_000;

/// What is to be done to the whitelist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhitelistChange {
    /// Whether items are added to it or taken from it.
    pub add: bool,
    /// The keys of the items.
    pub items: Vec<String>,
    /// The image; none: all of them, those that are scanned later included.
    pub uuid: Option<String>,
    /// Only for images of these ranges. Of one range alone, those that are known now.
    pub ranges: Vec<ScanRange>,
}

impl Service {
    /// Adds items to the whitelist or takes them from it, for one image or for all. Adding what is there, and taking
    /// what is not, changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::UnknownCheck`] and [`ServiceError::Invalid`], after which nothing
    /// was changed; [`ServiceError::Store`].
    pub async fn operate_image_baseline_whitelist(
        &self,
        caller: &Caller,
        change: &WhitelistChange,
    ) -> Result<(), ServiceError> {
        caller.authorise("yundun-sas:OperateImageBaselineWhitelist")?;
        let items = ids(self.items_named(&change.items)?);
        if items.is_empty() {
            return Err(invalid("items", "none is named"));
        }
        self.expire(caller).await?;
        let images = self.meant(caller, change).await?;
        let exceptions = self.store.list_exceptions(&caller.tenant).await?;
        if !change.add {
            check_removable(&items, images.as_ref(), &exceptions)?;
        }
        for item in items {
            let of_item = exceptions.iter().filter(|e| e.check_id == item);
            if change.add {
                self.accept(caller, item, images.as_ref(), of_item).await?;
            } else {
                self.take_back(caller, images.as_ref(), of_item).await?;
            }
        }
        Ok(())
    }

    /// The images that a change is about; none: all, for good.
    async fn meant(
        &self,
        caller: &Caller,
        change: &WhitelistChange,
    ) -> Result<Option<BTreeSet<String>>, ServiceError> {
        if let Some(uuid) = &change.uuid {
            let uuids = [uuid.clone()];
            let known = self.known_uuids(caller, &uuids, &change.ranges).await?;
            if known.is_empty() {
                return Err(invalid("image", "no such image was scanned"));
            }
            return Ok(Some(known.into_iter().collect()));
        }
        let kinds = ScanRange::kinds(&change.ranges);
        if kinds.is_empty() {
            return Ok(None);
        }
        let filter = ImageFilter {
            kinds,
            ..ImageFilter::default()
        };
        let page = PageRequest {
            number: 1,
            size: u32::try_from(IMAGES).unwrap_or(u32::MAX),
        };
        let images = self.store.images(&caller.tenant, &filter, page).await?;
        if images.total > images.items.len() as u64 {
            return Err(invalid(
                "images",
                "there are more than 10000; leave the range out to mean all",
            ));
        }
        Ok(Some(images.items.into_iter().map(|i| i.uuid).collect()))
    }

    /// Covers an item in the images in which nothing covers it yet.
    async fn accept(
        &self,
        caller: &Caller,
        item: CheckId,
        images: Option<&BTreeSet<String>>,
        present: impl Iterator<Item = &Exception>,
    ) -> Result<(), ServiceError> {
        let mut wanted: BTreeSet<String> = images.cloned().unwrap_or_default();
        for exception in present {
            if exception.asset_ids.is_empty() {
                return Ok(());
            }
            for id in &exception.asset_ids {
                wanted.remove(id);
            }
        }
        if images.is_some() && wanted.is_empty() {
            return Ok(());
        }
        let exception = Exception {
            id: 0,
            check_id: item,
            asset_ids: wanted.into_iter().collect(),
            reason: "OperateImageBaselineWhitelist".to_owned(),
            author: caller.principal.clone(),
            created_ms: self.clock.now_ms(),
            expires_ms: None,
        };
        self.store.add_exception(&caller.tenant, &exception).await?;
        Ok(())
    }

    /// Ends what covers an item in the images, and keeps what covers it in others.
    async fn take_back(
        &self,
        caller: &Caller,
        images: Option<&BTreeSet<String>>,
        present: impl Iterator<Item = &Exception>,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now_ms();
        for exception in present {
            let taken = |id: &String| images.is_none_or(|images| images.contains(id));
            let (gone, kept): (Vec<_>, Vec<_>) =
                exception.asset_ids.iter().cloned().partition(taken);
            if gone.is_empty() && images.is_some() {
                continue;
            }
            // The rest first: no moment may show as failing what stays accepted.
            if !kept.is_empty() {
                let rest = Exception {
                    id: 0,
                    asset_ids: kept,
                    ..exception.clone()
                };
                self.store.add_exception(&caller.tenant, &rest).await?;
            }
            self.store
                .remove_exception(&caller.tenant, exception.id, now)
                .await?;
        }
        Ok(())
    }
}

/// What covers all images cannot be taken from some.
fn check_removable(
    items: &[CheckId],
    images: Option<&BTreeSet<String>>,
    exceptions: &[Exception],
) -> Result<(), ServiceError> {
    let whole = |e: &&Exception| e.asset_ids.is_empty() && items.contains(&e.check_id);
    match (images, exceptions.iter().find(whole)) {
        (Some(_), Some(exception)) => {
            let why = format!(
                "item {} is on the whitelist for all images; take it from there without naming an image",
                exception.check_id
            );
            Err(invalid("items", &why))
        }
        _ => Ok(()),
    }
}

fn invalid(what: &'static str, why: &str) -> ServiceError {
    ServiceError::Invalid {
        what,
        why: why.to_owned(),
    }
}
