//! Cutting a whole listing into pages, in the style in which its call is paged.

use serde_json::{Map, Value};
use stance_model::operation::{Page, Style};

use super::operation::{Known, form};
use crate::live::path;
use crate::live::request::Request;

/// The parameter that a next link has.
const SKIP: &str = "$skiptoken";

/// A listing put together from all of its pages.
#[derive(Debug)]
pub(super) struct Listing {
    template: Value,
    items: Vec<Value>,
}

/// How a call is paged, where its answers are JSON.
pub(super) fn of(known: &Known) -> Option<&Page> {
    let json = matches!(
        known.api.style,
        Style::Rpc
            | Style::Roa
            | Style::Tc3
            | Style::Huawei
            | Style::Arm
            | Style::Graph
            | Style::AwsJson
            | Style::AwsRestJson
    );
    known.call.page.as_ref().filter(|_| json)
}

/// The parameters that say the page.
pub(super) fn names(page: &Page) -> Vec<&str> {
    match page {
        Page::Number { param, size, .. } | Page::Token { param, size, .. } => {
            let size = size.as_ref().map(|(name, _)| name.as_str());
            std::iter::once(param.as_str()).chain(size).collect()
        }
        Page::Offset { param, size, .. } => vec![param, &size.0],
        Page::Link { .. } => vec![SKIP],
    }
}

/// All parameters of a request, wherever they are.
pub(super) fn parameters(request: &Request) -> Vec<(String, String)> {
    let mut all = request.query.clone();
    all.extend(form(request));
    if let Ok(Value::Object(body)) = serde_json::from_slice(&request.body) {
        let text = |value: &Value| path::text(value).unwrap_or_else(|| value.to_string());
        all.extend(body.iter().map(|(name, value)| (name.clone(), text(value))));
    }
    all
}

impl Listing {
    pub(super) fn new(body: &Value) -> Self {
        Self {
            template: body.clone(),
            items: Vec::new(),
        }
    }

    /// Adds the elements of an answer.
    pub(super) fn add(&mut self, known: &Known, body: &Value) {
        let at = known.call.items.as_deref().unwrap_or_default();
        if let Some(items) = path::get(within(known, body), at).and_then(Value::as_array) {
            let new = items.iter().filter(|item| !self.items.contains(item));
            let new: Vec<Value> = new.cloned().collect();
            self.items.extend(new);
        }
    }

    /// The page that a request asks for, of at most so many elements.
    pub(super) fn page(
        &self,
        known: &Known,
        page: &Page,
        request: &Request,
        most: usize,
    ) -> Option<Value> {
        let asked = parameters(request);
        let number = |name: &str| {
            let found = asked.iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| value.parse::<usize>().ok())
        };
        let wanted = size(page).and_then(number).unwrap_or(most);
        let size = wanted.min(most).max(1);
        let start = self.start(page, &asked, size)?;
        let end = (start + size).min(self.items.len());
        let items = self.items.get(start.min(end)..end)?.to_vec();
        let mut body = self.template.clone();
        let inner = match known.api.style {
            Style::Tc3 => body.get_mut("Response")?,
            _ => &mut body,
        };
        let at = known.call.items.as_deref().unwrap_or_default();
        set(inner, at, Value::Array(items));
        let more = end < self.items.len();
        self.mark(inner, page, request, more.then_some(end));
        Some(body)
    }

    /// The number of the first element of a page.
    fn start(&self, page: &Page, asked: &[(String, String)], size: usize) -> Option<usize> {
        let value = |name: &str| asked.iter().find(|(known, _)| known == name);
        let value = |name: &str| value(name).map(|(_, value)| value.as_str());
        match page {
            Page::Number { param, first, .. } => {
                let number: usize = value(param)?.parse().ok()?;
                let before = number.checked_sub(usize::try_from(*first).ok()?)?;
                Some(before * size)
            }
            Page::Offset { param, .. } => value(param).map_or(Some(0), |at| at.parse().ok()),
            Page::Token { param, from, .. } => match (value(param), from.split_once("[-1].")) {
                (None, _) => Some(0),
                (Some(last), Some((_, at))) => {
                    let is_last = |item: &Value| {
                        path::get(item, at).and_then(path::text).as_deref() == Some(last)
                    };
                    Some(self.items.iter().position(is_last)? + 1)
                }
                (Some(token), None) => token.strip_prefix("from-")?.parse().ok(),
            },
            Page::Link { .. } => value(SKIP).map_or(Some(0), |at| at.parse().ok()),
        }
    }

    /// Says how many there are, and where it goes on.
    fn mark(&self, body: &mut Value, page: &Page, request: &Request, next: Option<usize>) {
        match page {
            Page::Number { total, .. } | Page::Offset { total, .. } => {
                if let Some(at) = total {
                    set(body, at, Value::from(self.items.len()));
                }
            }
            Page::Token { from, more, .. } => {
                if !from.contains('[') {
                    let token = next.map(|next| Value::from(format!("from-{next}")));
                    set(body, from, token.unwrap_or(Value::Null));
                }
                if let Some(at) = more {
                    set(body, at, Value::from(next.is_some()));
                }
            }
            Page::Link { from } => {
                let link = next.map(|next| Value::from(link(request, next)));
                set(body, from, link.unwrap_or(Value::Null));
            }
        }
    }
}

fn size(page: &Page) -> Option<&str> {
    match page {
        Page::Number { size, .. } | Page::Token { size, .. } => {
            size.as_ref().map(|(name, _)| name.as_str())
        }
        Page::Offset { size, .. } => Some(&size.0),
        Page::Link { .. } => None,
    }
}

fn link(request: &Request, next: usize) -> String {
    let query = request.query.iter().filter(|(name, _)| name != SKIP);
    let query: Vec<String> = query
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let (host, path) = (&request.host, &request.path);
    format!("https://{host}{path}?{}&{SKIP}={next}", query.join("&"))
}

fn within<'b>(known: &Known, body: &'b Value) -> &'b Value {
    match known.api.style {
        Style::Tc3 => body.get("Response").unwrap_or(body),
        _ => body,
    }
}

/// Sets the member at a dotted path; objects on the way are made where there are none.
pub(super) fn set(body: &mut Value, at: &str, value: Value) {
    let whole = at.starts_with('@') || !at.contains('.');
    let (name, rest) = match at.split_once('.') {
        Some((name, rest)) if !whole => (name, rest),
        _ => (at, ""),
    };
    if at.is_empty() {
        *body = value;
        return;
    }
    if !body.is_object() {
        *body = Value::Object(Map::new());
    }
    if let Some(map) = body.as_object_mut() {
        let member = map.entry(name.to_owned()).or_insert(Value::Null);
        set(member, rest, value);
    }
}
