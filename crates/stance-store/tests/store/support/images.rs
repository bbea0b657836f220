//! Batches of images in few words.

use stance_model::{Provider, ResultStatus};
use stance_store::{AccountBatch, ImageRow};

use super::build::Build;

pub(crate) const IMAGE: &str = "image/oci/image";
pub(crate) const CONTAINER: &str = "image/oci/container";

/// An empty batch of images of a registry.
pub(crate) fn images(registry: &str) -> Build {
    let mut build = super::batch(registry).at("global", IMAGE);
    build.batch.provider = Provider::Image;
    build
}

impl Build {
    /// An image with the results of items.
    pub(crate) fn image(self, uuid: &str, results: &[(i64, ResultStatus)]) -> Self {
        self.image_of("image", uuid, results)
    }

    /// The same of another kind.
    pub(crate) fn image_of(
        mut self,
        kind: &str,
        uuid: &str,
        results: &[(i64, ResultStatus)],
    ) -> Self {
        let asset_type = if kind == "container" {
            CONTAINER
        } else {
            IMAGE
        };
        self = self.at("global", asset_type).asset(uuid);
        let asset = u32::try_from(self.batch.assets.len() - 1).unwrap();
        self.batch.images.push(ImageRow {
            asset,
            kind: kind.into(),
            registry: self.batch.account.clone(),
            repo_namespace: "library".into(),
            repo_name: format!("repo-{uuid}"),
            tag: "12".into(),
            digest: format!("sha256:{uuid}"),
            image_id: format!("sha256:id-{uuid}"),
            size: 123,
            created_ms: Some(77),
            os: "linux".into(),
            architecture: "amd64".into(),
            layers: 3,
            ..ImageRow::default()
        });
        for (check, status) in results {
            self = self.result(*check, *status);
        }
        self
    }
}

/// Gives the image of a batch another tag.
pub(crate) fn tagged(mut batch: AccountBatch, tag: &str) -> AccountBatch {
    for image in &mut batch.images {
        image.tag = tag.into();
    }
    batch
}
