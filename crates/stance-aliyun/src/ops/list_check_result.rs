//! `ListCheckResult`: the checks with their own status.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::query::{CheckQuery, CheckSort, Page, PageRequest};
use stance_model::view::{CheckView, PolicyView, ResultReason};
use stance_model::{Lang, Provider, RiskLevel};

use super::{Call, object};
use crate::error::ApiError;
use crate::params::{Params, parsed};

/// A check id that no check has: ids begin at 1. A query for it is authorised like any other and finds nothing.
const NO_CHECK: i64 = 0;

/// Answers `ListCheckResult`. `RegionId` names the service centre, which the classic Python SDK always sends; it filters
/// nothing.
pub(super) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let page = call.params.page()?;
    let query = query(call.params)?;
    let found = call
        .service
        .list_check_result(call.caller, &query, page)
        .await?;
    object(&Response::new(&found, page, lang))
}

fn query(params: &Params) -> Result<CheckQuery, ApiError> {
    Ok(CheckQuery {
        check_ids: check_ids(params)?,
        standard_ids: params.ints("StandardIds")?,
        requirement_ids: params.ints("RequirementIds")?,
        types: params.words("Types", parsed)?,
        statuses: params.words("Statuses", parsed)?,
        risk_levels: params.words("RiskLevels", |word| {
            parsed(word).filter(|l: &RiskLevel| l.wire() == word)
        })?,
        providers: params.words("Vendors", vendor)?.concat(),
        instance_types: instance_types(params)?,
        instance_ids: params.texts("InstanceIds")?,
        check_key: params.text("CheckKey")?.map(str::to_owned),
        has_parameters: params.bool("CustomParam")?,
        repair_supported: one_of(
            params,
            "OperationTypes",
            "SUPPORT_REPAIR",
            "NOT_SUPPORT_REPAIR",
        )?,
        custom: one_of(params, "CheckTypes", "CUSTOM", "SYSTEM")?,
        account: params
            .int("ResourceDirectoryAccountId")?
            .map(|id| id.to_string()),
        sort: params.words("SortTypes", sort)?,
    })
}

/// `CheckIds`, or what finds nothing when the results of another task source are wanted: none of ours comes from
/// YAO_CHI.
fn check_ids(params: &Params) -> Result<Vec<i64>, ApiError> {
    let ids = params.ints("CheckIds")?;
    let sources = params.words("TaskSources", |word| (word == "YAO_CHI").then_some(()))?;
    Ok(if sources.is_empty() {
        ids
    } else {
        vec![NO_CHECK]
    })
}

fn vendor(word: &str) -> Option<Vec<Provider>> {
    let providers: Vec<Provider> = Provider::ALL
        .into_iter()
        .filter(|p| p.vendor() == word)
        .collect();
    if providers.is_empty() {
        None
    } else {
        Some(providers)
    }
}

/// `InstanceTypes`. This reference calls RDS for PostgreSQL `POSTGRESQL`, the legacy one AnalyticDB for PostgreSQL;
/// the filter finds both, and the answer keeps RDS apart. Words of other clouds are no closed list: an unknown one
/// matches nothing.
fn instance_types(params: &Params) -> Result<Vec<String>, ApiError> {
    let mut types: Vec<String> = params
        .list("InstanceTypes")?
        .into_iter()
        .map(str::to_ascii_uppercase)
        .collect();
    let rds = "RDS".to_owned();
    if types.iter().any(|t| t == "POSTGRESQL") && !types.contains(&rds) {
        types.push(rds);
    }
    Ok(types)
}

/// A list of two words as a filter: one of them is `Some`, both or none filter nothing.
fn one_of(params: &Params, name: &str, yes: &str, no: &str) -> Result<Option<bool>, ApiError> {
    let given = params.words(name, |word| {
        if word == yes {
            Some(true)
        } else {
            (word == no).then_some(false)
        }
    })?;
    Ok(match (given.contains(&true), given.contains(&false)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    })
}

fn sort(word: &str) -> Option<CheckSort> {
    match word {
        "RISK_LEVEL" => Some(CheckSort::RiskLevel),
        "STATUS" => Some(CheckSort::Status),
        _ => None,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    page_info: PageInfo,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PageInfo {
    current_page: u32,
    page_size: u32,
    total_count: u64,
    count: usize,
}

/// One entry of `Checks`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Check<'a> {
    check_id: i64,
    check_show_name: &'a str,
    vendor: &'static str,
    vendor_show_name: &'static str,
    instance_type: &'a str,
    instance_sub_type: &'a str,
    risk_level: &'static str,
    status: &'static str,
    /// Empty before any task has touched the check.
    task_id: String,
    /// Milliseconds since 1970; 0 before any task has touched the check.
    last_check_time: i64,
    /// Nothing here needs a trial.
    trial_permission: bool,
    /// Why it could not be checked, or not wholly; else empty.
    status_message: String,
    /// 0 paid, 1 free.
    check_sale_type: i64,
    asset_vendor: i64,
    check_type: &'static str,
    /// One of the listed numbers; -1 for assets that the reference does not number. Zero would claim ECS.
    asset_type: i64,
    /// The reference lists no subtypes.
    asset_sub_type: i64,
    operation_type: &'static str,
    /// 1: not required.
    trial_permission_type: i64,
    check_policies: Vec<Policy<'a>>,
}

/// One entry of `CheckPolicies`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy<'a> {
    standard_id: i64,
    standard_show_name: &'a str,
    requirement_id: i64,
    requirement_show_name: &'a str,
    section_id: i64,
    section_show_name: &'a str,
}

impl<'a> Response<'a> {
    fn new(found: &'a Page<CheckView>, page: PageRequest, lang: Lang) -> Self {
        Self {
            page_info: PageInfo {
                current_page: page.number,
                page_size: page.size,
                total_count: found.total,
                count: found.items.len(),
            },
            checks: found
                .items
                .iter()
                .map(|view| Check::new(view, lang))
                .collect(),
        }
    }
}

impl<'a> Check<'a> {
    fn new(view: &'a CheckView, lang: Lang) -> Self {
        Self {
            check_id: view.id.get(),
            check_show_name: view.title.get(lang),
            vendor: view.provider.vendor(),
            vendor_show_name: view.provider.show_name(lang),
            instance_type: &view.instance_type,
            instance_sub_type: &view.instance_sub_type,
            risk_level: view.risk_level.wire(),
            status: view.status.wire(),
            task_id: view.task_id.map(|id| id.to_string()).unwrap_or_default(),
            last_check_time: view.last_ms.unwrap_or_default(),
            trial_permission: false,
            status_message: status_message(view, lang),
            check_sale_type: i64::from(view.free),
            asset_vendor: view.provider.asset_vendor(),
            check_type: if view.custom { "CUSTOM" } else { "SYSTEM" },
            asset_type: view.asset_type_number,
            asset_sub_type: 0,
            operation_type: if view.repair_supported {
                "SUPPORT_REPAIR"
            } else {
                "NOT_SUPPORT_REPAIR"
            },
            trial_permission_type: 1,
            check_policies: view
                .policies
                .iter()
                .map(|policy| Policy::new(policy, lang))
                .collect(),
        }
    }
}

fn status_message(view: &CheckView, lang: Lang) -> String {
    view.reason
        .clone()
        .map(|reason| ResultReason::Unread(reason).wire(lang))
        .unwrap_or_default()
}

impl<'a> Policy<'a> {
    fn new(view: &'a PolicyView, lang: Lang) -> Self {
        Self {
            standard_id: view.standard_id,
            standard_show_name: view.standard.get(lang),
            requirement_id: view.requirement_id,
            requirement_show_name: view.requirement.get(lang),
            section_id: view.section_id,
            section_show_name: view.section.get(lang),
        }
    }
}

#[cfg(test)]
mod tests;
