//! `DescribeRiskCheckResult`: the 45 items of the legacy table. Phased out by the vendor, still callable.

use serde::Serialize;
use serde_json::{Map, Value, json};
use stance_model::query::{CheckQuery, PageRequest};
use stance_model::view::{CheckView, LegacyItem};
use stance_model::{CheckStatus, Lang, RiskLevel, Text};

use super::{Call, object};
use crate::error::ApiError;
use crate::params::{Params, illegal, parsed};

/// All of a list, on one page.
const ALL: PageRequest = PageRequest {
    number: 1,
    size: u32::MAX,
};

/// Answers `DescribeRiskCheckResult`. `SourceIp` and `ResourceOwnerId` say who asks; they filter nothing.
pub(super) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let lang = call.params.lang()?;
    let page = call.params.page()?;
    let filter = Filter::read(call.params)?;
    // The table is small and its positions are part of the answer, so all of it is read and filtered here.
    let found = call
        .service
        .describe_risk_check_result(call.caller, &CheckQuery::default(), ALL)
        .await?;
    let rows: Vec<Row<'_>> = table(&found.items)
        .into_iter()
        .filter(|row| filter.admits(row))
        .collect();
    object(&Response::new(&rows, page, lang))
}

/// An item with its position in the table.
struct Row<'a> {
    sort: usize,
    view: &'a CheckView,
    legacy: &'a LegacyItem,
}

/// The items in the order of the table, which is that of their ids.
fn table(views: &[CheckView]) -> Vec<Row<'_>> {
    let mut items: Vec<_> = views
        .iter()
        .filter_map(|view| Some((view, view.legacy.as_ref()?)))
        .collect();
    items.sort_by_key(|(view, _)| view.id);
    items
        .into_iter()
        .zip(1..)
        .map(|((view, legacy), sort)| Row { sort, view, legacy })
        .collect()
}

/// What the request asks for; `None` and empty ask for all.
struct Filter<'a> {
    group: Option<i64>,
    risk_level: Option<RiskLevel>,
    status: Option<Status>,
    asset_type: Option<&'a str>,
    name: Option<String>,
    item_ids: Vec<i64>,
    supported: bool,
}

impl<'a> Filter<'a> {
    fn read(params: &'a Params) -> Result<Self, ApiError> {
        let group = params.int("GroupId")?;
        if group.is_some_and(|group| !(1..=6).contains(&group)) {
            return Err(illegal("GroupId", "must be from 1 to 6"));
        }
        Ok(Self {
            group,
            risk_level: params.word("RiskLevel", |word| {
                parsed(word).filter(|l: &RiskLevel| l.key() == word)
            })?,
            status: params.word("Status", Status::read)?,
            asset_type: params.text("AssetType")?,
            name: params.text("Name")?.map(str::to_lowercase),
            item_ids: params.ints("ItemIds")?,
            supported: params.word("QueryFlag", query_flag)?.unwrap_or(true),
        })
    }

    fn admits(&self, row: &Row<'_>) -> bool {
        self.supported
            && self.group.is_none_or(|group| group == row.legacy.group)
            && self
                .risk_level
                .is_none_or(|level| level == row.view.risk_level)
            && self
                .status
                .is_none_or(|status| status == Status::of(row.view.status))
            && self
                .asset_type
                .is_none_or(|word| word.eq_ignore_ascii_case(&row.legacy.asset_type))
            && self
                .name
                .as_ref()
                .is_none_or(|name| has_name(row.view, name))
            && (self.item_ids.is_empty() || self.item_ids.contains(&row.view.id.get()))
    }
}

/// `QueryFlag`. Every item is supported here, whatever the edition.
fn query_flag(word: &str) -> Option<bool> {
    match word {
        "enabled" => Some(true),
        "disabled" => Some(false),
        _ => None,
    }
}

/// Whether the title, in either language, or the key contains `name`, which is in lower case.
fn has_name(view: &CheckView, name: &str) -> bool {
    [&view.title.zh, &view.title.en, &view.key]
        .into_iter()
        .any(|text| text.to_lowercase().contains(name))
}

/// `Status` of the legacy table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Pass,
    Failed,
    Running,
    Waiting,
    Ignored,
    /// A person's verdict that the finding is wrong, which Stance does not know: nothing is ever in it.
    FalsePositive,
}

impl Status {
    const ALL: [Self; 6] = [
        Self::Pass,
        Self::Failed,
        Self::Running,
        Self::Waiting,
        Self::Ignored,
        Self::FalsePositive,
    ];

    fn wire(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Ignored => "ignored",
            Self::FalsePositive => "falsePositive",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.wire() == word)
    }

    /// The legacy word for a check's status. `failed` means a risk was found; a check that could not be read has
    /// found none and passed none, so it is waiting for a task that can.
    fn of(status: CheckStatus) -> Self {
        match status {
            CheckStatus::Pass => Self::Pass,
            CheckStatus::NotPass => Self::Failed,
            CheckStatus::Checking => Self::Running,
            CheckStatus::NotCheck | CheckStatus::Failed => Self::Waiting,
            CheckStatus::Whitelist => Self::Ignored,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    current_page: u32,
    page_size: u32,
    total_count: usize,
    page_count: usize,
    count: usize,
    list: Vec<Item<'a>>,
}

/// One entry of `List`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    item_id: i64,
    title: &'a str,
    /// The name of its group.
    #[serde(rename = "Type")]
    kind: &'static str,
    risk_level: &'static str,
    status: &'static str,
    /// Its position in the table, from 1.
    sort: usize,
    repair_status: &'static str,
    /// No next check is planned: checks run when somebody scans.
    remaining_time: i64,
    start_status: &'static str,
    affected_count: i64,
    risk_assert_type: &'a str,
    /// 0 before any task has touched the check.
    task_id: i64,
    /// Milliseconds since 1970; 0 before any task has touched the check.
    check_time: i64,
    risk_item_resources: [Value; 4],
}

impl<'a> Response<'a> {
    fn new(rows: &[Row<'a>], page: PageRequest, lang: Lang) -> Self {
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        let list: Vec<Item<'a>> = rows
            .iter()
            .skip(skipped)
            .take(size)
            .map(|row| Item::new(row, lang))
            .collect();
        Self {
            current_page: page.number,
            page_size: page.size,
            total_count: rows.len(),
            page_count: rows.len().div_ceil(size.max(1)),
            count: list.len(),
            list,
        }
    }
}

impl<'a> Item<'a> {
    fn new(row: &Row<'a>, lang: Lang) -> Self {
        let view = row.view;
        Self {
            item_id: view.id.get(),
            title: view.title.get(lang),
            kind: group_name(row.legacy.group, lang),
            risk_level: view.risk_level.key(),
            status: Status::of(view.status).wire(),
            sort: row.sort,
            repair_status: if view.repair_supported {
                "enabled"
            } else {
                "disabled"
            },
            remaining_time: 0,
            start_status: "enabled",
            affected_count: view.counts.fail,
            risk_assert_type: &row.legacy.asset_type,
            task_id: view.task_id.unwrap_or_default(),
            check_time: view.last_ms.unwrap_or_default(),
            risk_item_resources: resources(view, lang),
        }
    }
}

/// The texts of an item: what it checks, what a failure means, what to do, where to read more.
fn resources(view: &CheckView, lang: Lang) -> [Value; 4] {
    let text = |name, text: &Text| json!({"ResourceName": name, "ContentResource": {"type": "text", "value": text.get(lang)}});
    let help = view.help.get(lang);
    [
        text("bestPractice", &view.description),
        text("influence", &view.risk),
        text("suggestion", &view.solution),
        json!({"ResourceName": "helpResource", "ContentResource": {"type": "link", "value": help, "url": help}}),
    ]
}

/// The name of a group of the table.
fn group_name(group: i64, lang: Lang) -> &'static str {
    let (zh, en) = match group {
        1 => ("身份认证及权限", "Identity authentication and permissions"),
        2 => ("网络访问控制", "Network access control"),
        3 => ("日志审计", "Log audit"),
        4 => ("数据安全", "Data security"),
        5 => ("监控告警", "Monitoring and alerting"),
        _ => ("基础安全防护", "Basic security protection"),
    };
    Text::pick(lang, zh, en)
}

#[cfg(test)]
mod tests;
