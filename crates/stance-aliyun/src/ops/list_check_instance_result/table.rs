//! The columns of the list and the cells under them: those that every check has, then one for each value of the
//! check's evidence.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_model::view::{CheckView, ResultView};
use stance_model::{Lang, Text};

use crate::encode::encode;
use crate::regions;

/// A column of the list; `Checks` holds its cells under `Key`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Column<'a> {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) key: String,
    pub(super) show_name: &'a str,
    pub(super) search: bool,
    /// The request parameter that searches in it; empty where none does.
    pub(super) search_key: &'static str,
    /// The details of an instance; on the column of the instance only.
    pub(super) grids: Vec<Grid<'a>>,
}

/// One detail of an instance.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Grid<'a> {
    #[serde(rename = "Type")]
    kind: &'static str,
    key: String,
    show_name: &'a str,
}

/// The three columns that every check has, then one for each value of the check's evidence.
pub(super) fn columns(check: &CheckView, lang: Lang) -> Vec<Column<'_>> {
    let kind = if check.console.is_some() {
        "link"
    } else {
        "text"
    };
    let searched = |kind, key: &str, show_name, search_key| Column {
        kind,
        key: key.to_owned(),
        show_name,
        search: true,
        search_key,
        grids: Vec::new(),
    };
    let mut columns = vec![
        Column {
            grids: grids(check, lang),
            ..searched(
                kind,
                "InstanceIdShow",
                Text::pick(lang, "实例 ID", "Instance ID"),
                "InstanceIdKey",
            )
        },
        searched(
            "text",
            "InstanceNameShow",
            Text::pick(lang, "实例名称", "Instance name"),
            "InstanceNameKey",
        ),
        searched(
            "text",
            "RegionIdShow",
            Text::pick(lang, "地域", "Region"),
            "RegionIdKey",
        ),
    ];
    let evidence = grids(check, lang).into_iter();
    columns.extend(evidence.map(|grid| Column {
        kind: grid.kind,
        key: grid.key,
        show_name: grid.show_name,
        search: false,
        search_key: "",
        grids: Vec::new(),
    }));
    columns
}

fn grids(check: &CheckView, lang: Lang) -> Vec<Grid<'_>> {
    let grid = |name: &str, show_name| Grid {
        kind: "text",
        key: key_of(name),
        show_name,
    };
    check
        .evidence
        .iter()
        .map(|column| grid(&column.name, column.title.get(lang)))
        .collect()
}

/// The column key of an evidence value; one that is named like a column that every check has keeps apart from it.
fn key_of(name: &str) -> String {
    match name {
        "InstanceId" | "InstanceName" | "RegionId" => format!("{name}ValueShow"),
        _ => format!("{name}Show"),
    }
}

/// The cells of one asset, by the keys of the columns.
pub(super) fn cells(check: &CheckView, result: &ResultView, lang: Lang) -> Map<String, Value> {
    let mut cells = Map::new();
    let region = regions::show_name(result.provider, &result.region, lang);
    cells.insert(
        "InstanceIdShow".to_owned(),
        cell(&result.asset_id, link(check, result)),
    );
    cells.insert(
        "InstanceNameShow".to_owned(),
        cell(&result.asset_name, None),
    );
    cells.insert("RegionIdShow".to_owned(), cell(region, None));
    for column in &check.evidence {
        let item = result
            .evidence
            .items
            .iter()
            .find(|item| item.name == column.name);
        cells.insert(
            key_of(&column.name),
            cell(item.map_or("", |item| &item.value), None),
        );
    }
    cells
}

fn cell(value: &str, link: Option<String>) -> Value {
    let mut cell = Map::new();
    cell.insert("value".to_owned(), value.into());
    cell.extend(link.map(|link| ("link".to_owned(), link.into())));
    Value::Object(cell)
}

/// The console page of the asset. What is filled in is percent-encoded: an id must not change where a link leads.
fn link(check: &CheckView, result: &ResultView) -> Option<String> {
    let values = [
        ("{id}", &result.asset_id),
        ("{region}", &result.region),
        ("{account}", &result.account),
        ("{name}", &result.asset_name),
    ];
    let template = check.console.clone()?;
    // Braces are encoded in every value, so a value cannot bring a further placeholder.
    Some(values.into_iter().fold(template, |text, (place, value)| {
        text.replace(place, &encode(value))
    }))
}
