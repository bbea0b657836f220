//! Image baselines: what their items found in images, one use case a file.
//!
//! Items are checks, so scanning, history and exceptions are those of all checks. Here they are folded into baselines:
//! an item *fails* in an image until a later scan finds that it no longer does; then it is *fixed*. A scan that could not
//! read what the item needs leaves it as it was. An item that an exception covers is neither.

mod catalogue;
mod check_result;
mod detail;
mod found;
mod images;
mod info;
mod item_list;
mod scan_task;
mod scanner;
mod selection;
mod strategy;
mod summary;
mod task_view;
mod view;
mod whitelist;

pub use scan_task::{ScanAnswer, ScanRequest};
pub use scanner::ImageScanner;
pub use strategy::{NewStrategy, StrategyKind, StrategyView};
pub use task_view::{ImageTaskStatus, ImageTaskView};
pub use view::{
    BaselineQuery, BaselineResult, BaselineSummary, ClassView, Criteria, CriteriaType,
    FailingImage, ImageQuery, ImageView, ItemDetail, ItemQuery, ItemView, Levels, NameView,
    ScanRange,
};
pub use whitelist::WhitelistChange;

pub(crate) use scanner::ImageScans;

use stance_catalog::Check;
use stance_model::CheckId;
use stance_model::query::{Page, PageRequest};
use stance_model::view::BaselineView;

/// The baseline of an item; none for a check that is no item.
pub(crate) fn baseline_of(check: &Check) -> Option<BaselineView> {
    let baseline = check.baseline.as_ref()?;
    Some(BaselineView {
        class: baseline.class.clone(),
        name: baseline.name.clone(),
        class_title: baseline.class_title.clone(),
        name_title: baseline.name_title.clone(),
    })
}

/// The numbers of some checks.
fn ids<'c>(checks: impl IntoIterator<Item = &'c std::sync::Arc<Check>>) -> Vec<CheckId> {
    checks.into_iter().map(|check| check.id).collect()
}

/// One page of a list that is there as a whole.
fn paged<T>(all: Vec<T>, page: PageRequest) -> Page<T> {
    let total = all.len() as u64;
    let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    Page {
        items: all.into_iter().skip(skipped).take(size).collect(),
        total,
    }
}

/// Nothing found.
fn empty<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        total: 0,
    }
}
