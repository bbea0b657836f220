//! `DescribeImageBaselineCheckResult`: what the baselines found in one image.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::Lang;
use stance_service::BaselineResult;

use super::{Call, PageInfo, baselines, object};
use crate::error::ApiError;

/// Answers `DescribeImageBaselineCheckResult`. An image that is not known has no results.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let page = call.params.page()?;
    let query = baselines(call.params, lang)?;
    let uuid = call.params.required("ImageUuid")?;
    let found = call
        .service
        .describe_image_baseline_check_result(call.caller, uuid, &query, page)
        .await?;
    let results = found.items.iter();
    object(&Response {
        page_info: PageInfo::new(page, found.total, found.items.len()),
        baseline_result: results.map(|result| Baseline::new(result, lang)).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    page_info: PageInfo,
    baseline_result: Vec<Baseline<'a>>,
}

/// One entry of `BaselineResult`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Baseline<'a> {
    /// 0 unfixed, 1 fixed.
    status: i32,
    baseline_name_key: &'a str,
    baseline_name_alias: &'a str,
    /// The key of the class, whatever the name says: this operation has no other field for it.
    baseline_class_alias: &'a str,
    baseline_name_level: &'static str,
    /// Items that were checked.
    baseline_item_count: u64,
    /// Items that fail, as the next two.
    high_risk_item_count: u64,
    middle_risk_item_count: u64,
    low_risk_item_count: u64,
    /// Milliseconds since 1970.
    first_scan_time: i64,
    /// Milliseconds since 1970.
    last_scan_time: i64,
}

impl<'a> Baseline<'a> {
    fn new(result: &'a BaselineResult, lang: Lang) -> Self {
        Self {
            status: i32::from(result.fixed),
            baseline_name_key: &result.baseline.name,
            baseline_name_alias: result.baseline.name_title.get(lang),
            baseline_class_alias: &result.baseline.class,
            baseline_name_level: result.level.key(),
            baseline_item_count: result.items,
            high_risk_item_count: result.failing.high,
            middle_risk_item_count: result.failing.medium,
            low_risk_item_count: result.failing.low,
            first_scan_time: result.first_ms,
            last_scan_time: result.last_ms,
        }
    }
}
