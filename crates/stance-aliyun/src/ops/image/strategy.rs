//! `DescribeImageBaselineStrategy`: which items a requested scan looks for.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::view::BaselineView;
use stance_service::{StrategyKind, StrategyView};

use super::{Call, is_about_images, object, strategy_id};
use crate::error::ApiError;

/// Answers `DescribeImageBaselineStrategy`. Of `Source` agentless there are no items: disks are not looked at here.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    call.params.lang()?;
    let about_images = is_about_images(call.params)?;
    let id = strategy_id(call.params)?;
    let found = call
        .service
        .describe_image_baseline_strategy(call.caller, id);
    let mut found = found.await?;
    if !about_images {
        found.items.clear();
        found.total = 0;
    }
    object(&Response {
        strategy: Strategy::new(&found),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    strategy: Strategy<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Strategy<'a> {
    strategy_id: i64,
    strategy_name: &'a str,
    #[serde(rename = "Type")]
    kind: &'static str,
    selected_item_count: usize,
    total_item_count: u64,
    baseline_item_list: Vec<Item<'a>>,
    /// Of scans without an agent, which are not done here.
    baseline_item: &'static str,
    /// Days that a fixed risk is kept; 0: for good.
    image_vul_clean: i64,
}

/// One entry of `BaselineItemList`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    class_key: &'a str,
    name_key: &'a str,
    item_key: &'a str,
}

impl<'a> Strategy<'a> {
    fn new(strategy: &'a StrategyView) -> Self {
        let item = |(baseline, key): &'a (BaselineView, String)| Item {
            class_key: &baseline.class,
            name_key: &baseline.name,
            item_key: key,
        };
        Self {
            strategy_id: strategy.id,
            strategy_name: &strategy.name,
            kind: match strategy.kind {
                StrategyKind::Default => "default",
                StrategyKind::Full => "full",
            },
            selected_item_count: strategy.items.len(),
            total_item_count: strategy.total,
            baseline_item_list: strategy.items.iter().map(item).collect(),
            baseline_item: "",
            image_vul_clean: strategy.keep_days,
        }
    }
}
