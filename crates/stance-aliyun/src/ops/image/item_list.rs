//! `DescribeImageBaselineItemList`: the items that fail or failed in images.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::Lang;
use stance_model::query::Page;
use stance_service::{ItemQuery, ItemView};

use super::{Call, PageInfo, object, ranges};
use crate::error::ApiError;

/// `Status` that nothing here has: nothing waits for a verification, and nothing is repaired.
const NEVER: [&str; 2] = ["2", "3"];

/// Answers `DescribeImageBaselineItemList`. The image is `ImageUuid` or, for several, `Uuids`; without the first, the
/// second must be there.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let params = call.params;
    let lang = params.lang()?;
    let page = params.page()?;
    let owned = |name| params.text(name).map(|text| text.map(str::to_owned));
    let status = params.word("Status", |word| match word {
        "0" => Some(Some(false)),
        "1" => Some(Some(true)),
        never => NEVER.contains(&never).then_some(None),
    })?;
    let mut uuids = params.texts("Uuids")?;
    uuids.extend(owned("ImageUuid")?);
    if uuids.is_empty() {
        return Err(ApiError::Missing("ImageUuid"));
    }
    let query = ItemQuery {
        uuids,
        class: owned("BaselineClassKey")?,
        name: owned("BaselineNameKey")?,
        fixed: status.flatten(),
        ranges: ranges(params)?,
    };
    let found = call
        .service
        .describe_image_baseline_item_list(call.caller, &query, page);
    let mut found = found.await?;
    if status == Some(None) {
        found = Page {
            items: Vec::new(),
            total: 0,
        };
    }
    let items = found.items.iter();
    object(&Response {
        page_info: PageInfo::new(page, found.total, found.items.len()),
        baseline_item_infos: items.map(|item| Item::new(item, lang)).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    page_info: PageInfo,
    baseline_item_infos: Vec<Item<'a>>,
}

/// One entry of `BaselineItemInfos`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    baseline_class_key: &'a str,
    baseline_class_alias: &'a str,
    baseline_name_key: &'a str,
    baseline_name_alias: &'a str,
    baseline_item_key: &'a str,
    baseline_item_alias: &'a str,
    /// 0 unfixed, 1 fixed.
    status: i32,
    /// 1: it is on the whitelist.
    white_list: i32,
}

impl<'a> Item<'a> {
    fn new(item: &'a ItemView, lang: Lang) -> Self {
        Self {
            baseline_class_key: &item.baseline.class,
            baseline_class_alias: item.baseline.class_title.get(lang),
            baseline_name_key: &item.baseline.name,
            baseline_name_alias: item.baseline.name_title.get(lang),
            baseline_item_key: &item.key,
            baseline_item_alias: item.title.get(lang),
            status: i32::from(item.fixed),
            white_list: i32::from(item.whitelisted),
        }
    }
}
