//! `ListCheckInstanceResult`: the assets that one check judged.

mod table;

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::query::{InstanceQuery, Page, PageRequest};
use stance_model::view::{CheckView, EvidenceValue, ResultView};
use stance_model::{CheckStatus, Lang};

use super::{Call, object};
use crate::error::ApiError;
use crate::params::{Params, parsed};
use table::{Column, cells, columns};

/// Answers `ListCheckInstanceResult`. Without `Statuses` it lists every result of the check.
pub(super) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let page = call.params.page()?;
    let query = query(call.params)?;
    let check_id = call.params.required_int("CheckId")?;
    let (check, found) = call
        .service
        .list_check_instance_result(call.caller, check_id, &query, page)
        .await?;
    object(&Response::new(&check, &found, page, lang))
}

fn query(params: &Params) -> Result<InstanceQuery, ApiError> {
    // This operation lists no FAILED: a result that could not be read is shown as NOT_CHECK with its reason.
    let statuses = params.words("Statuses", |word| {
        parsed(word).filter(|s| *s != CheckStatus::Failed)
    })?;
    let sort = params.words("SortTypes", |word| (word == "STATUS").then_some(()))?;
    let owned = |name| params.text(name).map(|text| text.map(str::to_owned));
    Ok(InstanceQuery {
        statuses,
        id_contains: owned("InstanceIdKey")?,
        name_contains: owned("InstanceNameKey")?,
        region_contains: owned("RegionIdKey")?,
        instance_ids: params.texts("InstanceIds")?,
        sort_by_status: !sort.is_empty(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    basic_data: Vec<BasicData<'a>>,
    columns: Vec<Column<'a>>,
    checks: Vec<Map<String, Value>>,
    page_info: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PageInfo {
    current_page: u32,
    page_size: u32,
    total_count: u64,
    /// A string, here alone.
    count: String,
}

/// One asset with its result.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BasicData<'a> {
    id: i64,
    status: &'static str,
    region_id: &'a str,
    instance_id: &'a str,
    instance_name: &'a str,
    /// Why there is no verdict, or why it was excepted; else empty.
    status_message: String,
    vendor_user_name: &'a str,
    instance_info: InstanceInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceInfo<'a> {
    /// Milliseconds since 1970.
    first_update_time: i64,
    /// Milliseconds since 1970.
    last_update_time: i64,
    config: Vec<Config<'a>>,
}

/// One named value of the evidence.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Config<'a> {
    name: &'a str,
    value: &'a str,
    show_name: &'a str,
}

impl<'a> Response<'a> {
    fn new(
        check: &'a CheckView,
        found: &'a Page<ResultView>,
        page: PageRequest,
        lang: Lang,
    ) -> Self {
        Self {
            basic_data: found
                .items
                .iter()
                .map(|result| BasicData::new(result, lang))
                .collect(),
            columns: columns(check, lang),
            checks: found
                .items
                .iter()
                .map(|result| cells(check, result, lang))
                .collect(),
            page_info: PageInfo {
                current_page: page.number,
                page_size: page.size,
                total_count: found.total,
                count: found.items.len().to_string(),
            },
        }
    }
}

impl<'a> BasicData<'a> {
    fn new(result: &'a ResultView, lang: Lang) -> Self {
        Self {
            id: result.id,
            status: result.status.wire(),
            region_id: &result.region,
            instance_id: &result.asset_id,
            instance_name: &result.asset_name,
            status_message: result
                .reason
                .as_ref()
                .map(|reason| reason.wire(lang))
                .unwrap_or_default(),
            vendor_user_name: &result.account_name,
            instance_info: InstanceInfo {
                first_update_time: result.first_ms,
                last_update_time: result.last_ms,
                config: result
                    .evidence
                    .items
                    .iter()
                    .map(|item| Config::new(item, lang))
                    .collect(),
            },
        }
    }
}

impl<'a> Config<'a> {
    fn new(item: &'a EvidenceValue, lang: Lang) -> Self {
        Self {
            name: &item.name,
            value: &item.value,
            show_name: item.title.get(lang),
        }
    }
}

#[cfg(test)]
mod tests;
