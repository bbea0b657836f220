//! All pages of a listing.

use std::collections::BTreeSet;

use serde_json::Value;
use stance_model::operation::{Api, CallSpec, Page};

use super::answer::{is_xml, not_documented};
use super::caller::Caller;
use super::failure::Failure;
use super::path;
use super::shape::members;
use super::template::Vars;

/// The most pages of one listing.
const MAX_PAGES: usize = 10_000;

/// What a listing gave.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// The elements that were seen.
    pub(super) items: Vec<Value>,
    /// Why it is not known whether these are all.
    pub(super) failure: Option<Failure>,
}

/// Where a listing is.
#[derive(Default)]
struct Cursor {
    /// How many elements were seen.
    seen: u64,
    /// How many pages.
    pages: u64,
    /// The word for the next page.
    token: Option<Value>,
    tokens: BTreeSet<String>,
}

/// Goes through all pages. Elements before a failure are kept.
pub(super) fn list(caller: &Caller<'_>, call: &CallSpec, api: &Api, vars: &Vars<'_>) -> Listed {
    let (mut listed, mut cursor) = (Listed::default(), Cursor::default());
    loop {
        match page(caller, call, api, vars, &mut cursor, &mut listed.items) {
            Ok(true) => {}
            Ok(false) => return listed,
            Err(failure) => {
                listed.failure = Some(failure);
                return listed;
            }
        }
    }
}

/// One page; whether there is another.
fn page(
    caller: &Caller<'_>,
    call: &CallSpec,
    api: &Api,
    vars: &Vars<'_>,
    cursor: &mut Cursor,
    items: &mut Vec<Value>,
) -> Result<bool, Failure> {
    let answer = caller.call(call, api, vars, &parameters(call.page.as_ref(), cursor))?;
    let found = elements(call, api, &answer)?;
    let count = found.len() as u64;
    items.extend(found);
    cursor.seen += count;
    cursor.pages += 1;
    if cursor.pages >= MAX_PAGES as u64 {
        return Err(not_documented("TooManyPages", "the listing does not end"));
    }
    more(call.page.as_ref(), cursor, &answer, count)
}

/// The elements of an answer. An answer without them is an error, not an empty listing; but XML leaves empty lists out.
pub(super) fn elements(call: &CallSpec, api: &Api, answer: &Value) -> Result<Vec<Value>, Failure> {
    let at = call.items.as_deref().unwrap_or_default();
    if is_xml(api.style) {
        return Ok(path::get(answer, at)
            .cloned()
            .map(members)
            .unwrap_or_default());
    }
    match path::get(answer, at) {
        Some(Value::Array(items)) => Ok(items.clone()),
        _ => {
            let why = format!("the answer has no list at `{at}`");
            Err(not_documented("NoItems", &why))
        }
    }
}

fn parameters(page: Option<&Page>, cursor: &Cursor) -> Vec<(String, Value)> {
    let sized = |size: &Option<(String, u64)>| {
        let size = size.iter().map(|(name, n)| (name.clone(), Value::from(*n)));
        size.collect::<Vec<_>>()
    };
    match page {
        None | Some(Page::Link { .. }) => Vec::new(),
        Some(Page::Number {
            param, first, size, ..
        }) => {
            let mut all = sized(size);
            all.push((param.clone(), Value::from(first + cursor.pages)));
            all
        }
        Some(Page::Offset {
            param, size, text, ..
        }) => {
            let shown = |n: u64| match text {
                true => Value::from(n.to_string()),
                false => Value::from(n),
            };
            vec![
                (size.0.clone(), shown(size.1)),
                (param.clone(), shown(cursor.seen)),
            ]
        }
        Some(Page::Token { param, size, .. }) => {
            let mut all = sized(size);
            all.extend(cursor.token.clone().map(|token| (param.clone(), token)));
            all
        }
    }
}

/// Whether there is another page.
fn more(
    page: Option<&Page>,
    cursor: &mut Cursor,
    answer: &Value,
    count: u64,
) -> Result<bool, Failure> {
    match page {
        None | Some(Page::Link { .. }) => Ok(false),
        Some(Page::Number { size, total, .. }) => {
            let size = size.as_ref().map(|(_, n)| *n);
            Ok(count > 0 && more_by_total(total.as_deref(), cursor, answer, count, size))
        }
        Some(Page::Offset { size, total, .. }) => {
            let size = Some(size.1);
            Ok(count > 0 && more_by_total(total.as_deref(), cursor, answer, count, size))
        }
        Some(Page::Token { from, more, .. }) => {
            let goes_on = more
                .as_ref()
                .map(|at| path::get(answer, at).and_then(path::text));
            if matches!(goes_on, Some(said) if said.as_deref() != Some("true")) {
                return Ok(false);
            }
            next_token(from, cursor, answer)
        }
    }
}

fn next_token(from: &str, cursor: &mut Cursor, answer: &Value) -> Result<bool, Failure> {
    let token = path::get(answer, from).filter(|token| !token.is_null() && *token != "");
    let Some(token) = token else {
        return Ok(false);
    };
    if !cursor.tokens.insert(token.to_string()) {
        let why = "the listing comes back to a page that it has been at";
        return Err(not_documented("PageTokenRepeats", why));
    }
    cursor.token = Some(token.clone());
    Ok(true)
}

/// Some write the total as a text.
fn more_by_total(
    total: Option<&str>,
    cursor: &Cursor,
    answer: &Value,
    count: u64,
    size: Option<u64>,
) -> bool {
    let total = total
        .and_then(|at| path::get(answer, at))
        .and_then(path::text);
    match total.and_then(|text| text.parse::<u64>().ok()) {
        Some(total) => cursor.seen < total,
        None => size.is_none_or(|size| count >= size),
    }
}
