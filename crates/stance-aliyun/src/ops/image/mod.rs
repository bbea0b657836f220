//! The operations on image baselines: one file each, and here what they share.

pub(super) mod all_baselines;
pub(super) mod check_result;
pub(super) mod check_summary;
pub(super) mod create_scan_task;
pub(super) mod detail;
pub(super) mod image_list;
pub(super) mod info_list;
pub(super) mod item_list;
pub(super) mod latest_scan_task;
pub(super) mod save_strategy;
pub(super) mod strategy;
pub(super) mod whitelist;

use serde::Serialize;
use stance_model::query::PageRequest;
use stance_model::{Lang, RiskLevel};
use stance_service::{BaselineQuery, Criteria, CriteriaType, ScanRange};

use super::{Call, object};
use crate::error::ApiError;
use crate::params::{Params, illegal, parsed};

/// `PageInfo`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PageInfo {
    current_page: u32,
    page_size: u32,
    total_count: u64,
    count: usize,
}

impl PageInfo {
    fn new(page: PageRequest, total_count: u64, count: usize) -> Self {
        Self {
            current_page: page.number,
            page_size: page.size,
            total_count,
            count,
        }
    }
}

/// `ScanRange`; none: all.
fn ranges(params: &Params) -> Result<Vec<ScanRange>, ApiError> {
    params.words("ScanRange", ScanRange::read)
}

/// `Criteria` and `CriteriaType`. A type alone searches for nothing.
fn criteria(params: &Params, lang: Lang) -> Result<Option<Criteria>, ApiError> {
    let by = params.word("CriteriaType", |word| match word {
        "BaselineNameAlias" => Some(CriteriaType::Name),
        "BaselineClassAlias" => Some(CriteriaType::Class),
        _ => None,
    })?;
    Ok(params.text("Criteria")?.map(|text| Criteria {
        by,
        text: text.to_owned(),
        lang,
    }))
}

/// What selects baselines in the two operations that list them.
fn baselines(params: &Params, lang: Lang) -> Result<BaselineQuery, ApiError> {
    Ok(BaselineQuery {
        risk_levels: params.words("RiskLevel", |word| {
            parsed(word).filter(|level: &RiskLevel| level.key() == word)
        })?,
        criteria: criteria(params, lang)?,
        ranges: ranges(params)?,
    })
}

/// `Source` of a strategy: whether it is about images. What is scanned without an agent is not looked at here.
fn is_about_images(params: &Params) -> Result<bool, ApiError> {
    let source = params.word("Source", |word| match word {
        "default" => Some(true),
        "agentless" => Some(false),
        _ => None,
    })?;
    Ok(source.unwrap_or(true))
}

/// A number of a strategy.
fn strategy_id(params: &Params) -> Result<Option<i64>, ApiError> {
    let id = params.int("StrategyId")?;
    match id {
        Some(id) if id < 0 => Err(illegal("StrategyId", "must not be negative")),
        _ => Ok(id),
    }
}

/// A digest as the store has it. The vendor's documents show digests without their algorithm.
fn digest(text: &str) -> String {
    let bare = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let text = text.to_ascii_lowercase();
    if bare { format!("sha256:{text}") } else { text }
}

/// Whether one of these parameters is given: filters by what images here never have, so that nothing is found.
fn is_given(params: &Params, names: &[&str]) -> Result<bool, ApiError> {
    for name in names {
        if params.text(name)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
