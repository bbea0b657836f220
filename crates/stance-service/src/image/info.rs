//! What images are: `DescribeImageInfoList`.

use std::collections::BTreeSet;

use stance_store::ImageFilter;

use super::ids;
use super::images::{ALL, view};
use super::view::ImageView;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

impl Service {
    /// The images of some ids, each with whether an item of any baseline fails in it. Ids that are not known have none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn describe_image_info_list(
        &self,
        caller: &Caller,
        uuids: &[String],
    ) -> Result<Vec<(ImageView, bool)>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageInfoList")?;
        self.expire(caller).await?;
        let images = self.images_of(caller, uuids, &[]).await?;
        let items = ids(self.items());
        let mut at_risk = BTreeSet::new();
        if !images.is_empty() && !items.is_empty() {
            let filter = ImageFilter {
                uuids: uuids.to_vec(),
                failing: items,
                ..ImageFilter::default()
            };
            let failing = self.store.images(&caller.tenant, &filter, ALL).await?;
            at_risk.extend(failing.items.into_iter().map(|image| image.asset_no));
        }
        let images = images.into_iter();
        Ok(images
            .map(|image| {
                let risk = at_risk.contains(&image.asset_no);
                (view(image), risk)
            })
            .collect())
    }
}
