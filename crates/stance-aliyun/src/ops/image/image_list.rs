//! `DescribeImageListWithBaselineName`: the images that fail a baseline.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::query::Page;
use stance_service::{FailingImage, ImageQuery};

use super::{Call, PageInfo, criteria, digest, is_given, object, ranges};
use crate::error::ApiError;

/// How many images a page has unless `PageSize` says otherwise: fewer than elsewhere, as documented.
const PAGE_SIZE: u32 = 10;

/// Filters by what images here never have.
const ELSEWHERE: [&str; 4] = ["ClusterId", "ClusterName", "Namespace", "Pod"];

/// Answers `DescribeImageListWithBaselineName`. Images here belong to no cluster, so that cluster, namespace and pod find
/// none; `RepoInstanceId` is the registry's host.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let params = call.params;
    let lang = params.lang()?;
    let page = params.page_of(PAGE_SIZE)?;
    let owned = |name| params.text(name).map(|text| text.map(str::to_owned));
    let query = ImageQuery {
        criteria: criteria(params, lang)?,
        ranges: ranges(params)?,
        image: owned("Image")?,
        digest: params.text("ImageDigest")?.map(digest),
        registry: owned("RepoInstanceId")?,
        repo_namespace: owned("RepoNamespace")?,
        repo_name: owned("RepoName")?,
        container_id: owned("ContainerId")?,
        baseline_name: params.required("BaselineNameKey")?.to_owned(),
    };
    let elsewhere = is_given(params, &ELSEWHERE)?;
    let mut found = call
        .service
        .describe_image_list_with_baseline_name(call.caller, &query, page)
        .await?;
    if elsewhere {
        found = Page {
            items: Vec::new(),
            total: 0,
        };
    }
    let images = found.items.iter();
    object(&Response {
        page_info: PageInfo::new(page, found.total, found.items.len()),
        image_infos: images.map(Image::new).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    page_info: PageInfo,
    image_infos: Vec<Image<'a>>,
}

/// One entry of `ImageInfos`. What belongs to clusters, servers and disks is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Image<'a> {
    uuid: &'a str,
    image: &'a str,
    image_id: &'a str,
    digest: &'a str,
    tag: &'a str,
    repo_id: String,
    repo_name: &'a str,
    repo_namespace: &'a str,
    repo_type: &'static str,
    /// The registry's host; empty for what comes from none.
    instance_id: &'a str,
    /// The container's name; else empty.
    instance_name: &'a str,
    region_id: &'static str,
    image_size: i64,
    /// Milliseconds since 1970; 0 when the image does not say when it was built.
    image_create: i64,
    /// Milliseconds since 1970; an image does not change once it is built.
    image_update: i64,
    container_id: &'a str,
    cluster_id: &'static str,
    cluster_name: &'static str,
    namespace: &'static str,
    pod: &'static str,
    internet_ip: &'static str,
    intranet_ip: &'static str,
    target_id: &'static str,
    target_name: &'static str,
    target_type: &'static str,
    risk_status: &'static str,
    /// Items of the baseline that fail in this image, as the next two.
    high_risk_image: u64,
    middle_risk_image: u64,
    low_risk_image: u64,
    /// Items of the baseline that pass in this image.
    no_risk_image: u64,
    /// Items of the baseline that fail in this image.
    total_item_count: u64,
    /// Milliseconds since 1970.
    first_scan_time: i64,
    /// Milliseconds since 1970.
    last_scan_time: i64,
}

impl<'a> Image<'a> {
    fn new(found: &'a FailingImage) -> Self {
        let (image, failing) = (&found.image, found.failing);
        let created = image.created_ms.unwrap_or_default();
        Self {
            uuid: &image.uuid,
            image: &image.name,
            image_id: &image.image_id,
            digest: &image.digest,
            tag: &image.tag,
            repo_id: image.repository(),
            repo_name: &image.repo_name,
            repo_namespace: &image.repo_namespace,
            repo_type: "",
            instance_id: &image.registry,
            instance_name: &image.container_name,
            region_id: "",
            image_size: image.size,
            image_create: created,
            image_update: created,
            container_id: &image.container_id,
            cluster_id: "",
            cluster_name: "",
            namespace: "",
            pod: "",
            internet_ip: "",
            intranet_ip: "",
            target_id: "",
            target_name: "",
            target_type: "",
            risk_status: "YES",
            high_risk_image: failing.high,
            middle_risk_image: failing.medium,
            low_risk_image: failing.low,
            no_risk_image: found.passing,
            total_item_count: failing.total(),
            first_scan_time: image.first_ms,
            last_scan_time: image.last_ms,
        }
    }
}
