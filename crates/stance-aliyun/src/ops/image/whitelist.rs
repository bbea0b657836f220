//! `OperateImageBaselineWhitelist`: accept the failures of items, or no longer.

use serde_json::{Map, Value};
use stance_service::WhitelistChange;

use super::{Call, ranges};
use crate::error::ApiError;

/// Answers `OperateImageBaselineWhitelist`. The list of keys is one text, as the vendor's clients send it.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let params = call.params;
    params.lang()?;
    let add = params.word("Operation", |word| match word {
        "add" => Some(true),
        "del" => Some(false),
        _ => None,
    })?;
    let items = params.packed("BaselineItemKeyList", "ItemKey")?;
    let change = WhitelistChange {
        add: add.ok_or(ApiError::Missing("Operation"))?,
        items: items.ok_or(ApiError::Missing("BaselineItemKeyList"))?,
        uuid: params.text("ImageUuid")?.map(str::to_owned),
        ranges: ranges(params)?,
    };
    call.service
        .operate_image_baseline_whitelist(call.caller, &change)
        .await?;
    Ok(Map::new())
}
