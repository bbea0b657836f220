//! `DescribeImageBaselineCheckSummary`: what the baselines found over all images.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::Lang;
use stance_model::query::Page;
use stance_service::BaselineSummary;

use super::{Call, PageInfo, baselines, is_given, object};
use crate::error::ApiError;

/// Answers `DescribeImageBaselineCheckSummary`. Images here belong to no cluster, so that `ClusterId` finds none.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let page = call.params.page()?;
    let query = baselines(call.params, lang)?;
    let elsewhere = is_given(call.params, &["ClusterId"])?;
    let mut found = call
        .service
        .describe_image_baseline_check_summary(call.caller, &query, page)
        .await?;
    if elsewhere {
        found = Page {
            items: Vec::new(),
            total: 0,
        };
    }
    let summaries = found.items.iter();
    object(&Response {
        page_info: PageInfo::new(page, found.total, found.items.len()),
        baseline_result_summary: summaries.map(|s| Summary::new(s, lang)).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    page_info: PageInfo,
    baseline_result_summary: Vec<Summary<'a>>,
}

/// One entry of `BaselineResultSummary`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary<'a> {
    /// 0 unfixed, 1 fixed. Nothing waits for a verification here, and nothing is repaired.
    status: i32,
    baseline_class_key: &'a str,
    baseline_class_alias: &'a str,
    baseline_name_key: &'a str,
    baseline_name_alias: &'a str,
    baseline_name_level: &'static str,
    /// Images whose worst failing item is high, as the next two.
    high_risk_image: u64,
    middle_risk_image: u64,
    low_risk_image: u64,
    /// Milliseconds since 1970.
    first_scan_time: i64,
    /// Milliseconds since 1970.
    last_scan_time: i64,
}

impl<'a> Summary<'a> {
    fn new(summary: &'a BaselineSummary, lang: Lang) -> Self {
        Self {
            status: i32::from(summary.fixed),
            baseline_class_key: &summary.baseline.class,
            baseline_class_alias: summary.baseline.class_title.get(lang),
            baseline_name_key: &summary.baseline.name,
            baseline_name_alias: summary.baseline.name_title.get(lang),
            baseline_name_level: summary.level.key(),
            high_risk_image: summary.images.high,
            middle_risk_image: summary.images.medium,
            low_risk_image: summary.images.low,
            first_scan_time: summary.first_ms,
            last_scan_time: summary.last_ms,
        }
    }
}
