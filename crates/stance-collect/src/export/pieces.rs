//! The elements of an export, one by one, each with the line on which it begins.

use std::borrow::Cow;

use serde_json::{Map, Value};
use sonic_rs::LazyValue;

use super::error::ExportError;
use super::{MAX_RESOURCE, MAX_RESOURCES};

/// Where the list of resources is, by the tools that write it.
const LISTS: [&str; 5] = [
    "configurationItems",
    "baseConfigurationItems",
    "data",
    "value",
    "Results",
];

/// Where a single resource is.
const SINGLE: &str = "DiscoveredResourceDetail";

/// One resource.
pub(super) struct Element<'t> {
    text: Cow<'t, str>,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
}

impl Element<'_> {
    /// Its content; of a text the JSON in it.
    pub(super) fn value(&self) -> Result<Value, ExportError> {
        let broken = |_| broken(self.line, "a resource is no valid JSON");
        let value: Value = serde_json::from_str(&self.text).map_err(broken)?;
        match value {
            Value::String(inner) => serde_json::from_str(&inner).map_err(broken),
            value => Ok(value),
        }
    }
}

fn broken(line: u32, why: &'static str) -> ExportError {
    ExportError::Broken { line, why }
}

/// The elements of an export.
pub(super) fn elements(text: &str) -> Result<Vec<Element<'_>>, ExportError> {
    let start = text.trim_start();
    if start.starts_with('[') {
        return list(text, start);
    }
    let mut found = None;
    for member in sonic_rs::to_object_iter(start) {
        let (key, value) = member.map_err(|_| broken(1, "it is no valid JSON"))?;
        let Some(piece) = within(text, &value) else {
            continue;
        };
        if key == SINGLE {
            let text = Cow::Borrowed(piece);
            return Ok(vec![Element {
                text,
                line: line(text_before(start, piece)),
            }]);
        }
        if LISTS.contains(&&*key) {
            found = Some(piece);
        }
    }
    match found {
        Some(piece) if piece.starts_with('{') => table(text, piece),
        Some(piece) => list(text, piece),
        None => Err(broken(1, "there is no list of resources")),
    }
}

/// The elements of an array.
fn list<'t>(text: &'t str, array: &'t str) -> Result<Vec<Element<'t>>, ExportError> {
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    let mut elements = Vec::new();
    for item in sonic_rs::to_array_iter(array) {
        let item = item.map_err(|_| broken(lines.line, "a list of resources is expected"))?;
        let Some(piece) = within(text, &item) else {
            continue;
        };
        let line = lines.of(piece);
        let too_many = |limit, unit| Err(ExportError::TooMany { limit, unit });
        if piece.len() > MAX_RESOURCE {
            return too_many(MAX_RESOURCE, "bytes in a resource");
        }
        if elements.len() >= MAX_RESOURCES {
            return too_many(MAX_RESOURCES, "resources");
        }
        let text = Cow::Borrowed(piece);
        elements.push(Element { text, line });
    }
    Ok(elements)
}

/// The rows of `{columns: [{name}], rows: [[…]]}`, as older versions of Resource Graph answer.
fn table<'t>(text: &'t str, object: &'t str) -> Result<Vec<Element<'t>>, ExportError> {
    let (mut columns, mut rows) = (None, None);
    for member in sonic_rs::to_object_iter(object) {
        let (key, value) = member.map_err(|_| broken(1, "a table is no valid JSON"))?;
        match &*key {
            "columns" => columns = within(text, &value),
            "rows" => rows = within(text, &value),
            _ => {}
        }
    }
    let (Some(columns), Some(rows)) = (columns, rows) else {
        return Err(broken(1, "a table of resources has `columns` and `rows`"));
    };
    let columns: Vec<Value> =
        serde_json::from_str(columns).map_err(|_| broken(1, "`columns` is no list"))?;
    let name = |column: &Value| {
        column
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let names: Vec<Option<String>> = columns.iter().map(name).collect();
    let row = |element: Element<'t>| {
        let cells: Vec<Value> = serde_json::from_str(&element.text)
            .map_err(|_| broken(element.line, "a row is no list"))?;
        let pairs = names.iter().zip(cells);
        let row: Map<String, Value> = pairs
            .filter_map(|(name, cell)| Some((name.clone()?, cell)))
            .collect();
        Ok(Element {
            text: Cow::Owned(Value::Object(row).to_string()),
            line: element.line,
        })
    };
    list(text, rows)?.into_iter().map(row).collect()
}

/// The piece of the text that a value is.
fn within<'t>(text: &'t str, value: &LazyValue<'_>) -> Option<&'t str> {
    // What was found is a part of the same text, so that its place says where in it the value begins.
    let raw = value.as_raw_str();
    let start = (raw.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    text.get(start..start.checked_add(raw.len())?)
}

/// What stands in a text before a piece of it.
fn text_before<'t>(text: &'t str, piece: &str) -> &'t str {
    let end = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    text.get(..end).unwrap_or_default()
}

fn line(before: &str) -> u32 {
    let ends = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    u32::try_from(ends).unwrap_or(u32::MAX).saturating_add(1)
}

/// Counts lines from piece to piece, so that a long file is gone through once.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, piece: &str) -> u32 {
        let end = text_before(self.text, piece).len();
        let between = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        let ends = memchr::memchr_iter(b'\n', between).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.at = end.max(self.at);
        self.line
    }
}
