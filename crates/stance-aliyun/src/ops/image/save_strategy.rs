//! `SaveImageBaselineStrategy`: choose the items that a requested scan looks for.

use serde_json::{Map, Value};
use stance_service::NewStrategy;

use super::{Call, is_about_images, strategy_id};
use crate::error::ApiError;
use crate::params::illegal;

/// Answers `SaveImageBaselineStrategy`. `BaselineItemList` is a JSON array of objects as
/// `DescribeImageBaselineStrategy` answers them, or item keys between commas.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let params = call.params;
    params.lang()?;
    if !is_about_images(params)? {
        return Err(illegal(
            "Source",
            "can only be default: disks are not scanned here",
        ));
    }
    let items = params.packed("BaselineItemList", "ItemKey")?;
    let strategy = NewStrategy {
        id: strategy_id(params)?,
        name: params.text("StrategyName")?.map(str::to_owned),
        keep_days: params.int("ImageVulClean")?,
        items: items.ok_or(ApiError::Missing("BaselineItemList"))?,
    };
    call.service
        .save_image_baseline_strategy(call.caller, &strategy)
        .await?;
    Ok(Map::new())
}
