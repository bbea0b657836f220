//! `DescribeImageInfoList`: what images are.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_service::ImageView;

use super::{Call, object};
use crate::error::ApiError;

/// Answers `DescribeImageInfoList`. Ids that are not known are left out.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let uuids = call.params.packed("Uuids", "Uuid")?;
    let uuids = uuids.ok_or(ApiError::Missing("Uuids"))?;
    let found = call.service.describe_image_info_list(call.caller, &uuids);
    let found = found.await?;
    let images = found.iter();
    object(&Response {
        image_infos: images
            .map(|(image, risk)| Image::new(image, *risk))
            .collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    image_infos: Vec<Image<'a>>,
}

/// One entry of `ImageInfos`. Vulnerabilities, alerts and what only a registry's owner knows are left out: they were not
/// looked for, and a zero would claim that there are none.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Image<'a> {
    uuid: &'a str,
    image_id: &'a str,
    digest: &'a str,
    tag: &'a str,
    repo_id: String,
    repo_name: &'a str,
    repo_namespace: &'a str,
    /// The registry's host; empty for what comes from none.
    instance_id: &'a str,
    endpoints: &'a str,
    region_id: &'static str,
    image_size: i64,
    /// Milliseconds since 1970; 0 when the image does not say when it was built.
    image_create: i64,
    /// Milliseconds since 1970; an image does not change once it is built.
    image_update: i64,
    /// Whether an item of a baseline fails.
    risk_status: &'static str,
}

impl<'a> Image<'a> {
    fn new(image: &'a ImageView, risk: bool) -> Self {
        let created = image.created_ms.unwrap_or_default();
        Self {
            uuid: &image.uuid,
            image_id: &image.image_id,
            digest: &image.digest,
            tag: &image.tag,
            repo_id: image.repository(),
            repo_name: &image.repo_name,
            repo_namespace: &image.repo_namespace,
            instance_id: &image.registry,
            endpoints: &image.registry,
            region_id: "",
            image_size: image.size,
            image_create: created,
            image_update: created,
            risk_status: if risk { "YES" } else { "NO" },
        }
    }
}
