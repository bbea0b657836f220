//! Faults that a replay puts in by rules: everything that was seen to go wrong at real providers.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use serde_json::{Value, json};
use stance_model::bounded;
use stance_model::operation::{Page, Style};

use super::forms::{About, Told, failure, told};
use super::operation::Known;
use super::paging::set;
use crate::live::answer::Answer;
use crate::live::path;
use crate::live::request::Request;

/// The most bytes of a file of rules.
const MAX_FILE: u64 = 1 << 20;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fault {
    /// Throttled, in the provider's own words.
    Throttle,
    /// 429 with `Retry-After: 1`.
    RetryAfter,
    /// 503 with a page for people.
    Unavailable,
    /// No answer.
    Hang,
    /// The answer comes byte by byte.
    Slow,
    /// The connection is closed without an answer.
    Reset,
    /// Half of the body.
    Truncated,
    /// 200 with JSON of another shape.
    WrongShape,
    /// 200 with a page for people.
    Html,
    /// No permission.
    Denied,
    /// It is not there.
    NotFound,
    /// The keys ran out.
    Expired,
    /// The secret is wrong.
    Invalid,
    /// The same page, and the same word for the next one, again and again.
    RepeatCursor,
    /// The total falls from page to page.
    ShrinkingTotal,
    /// An element twice.
    Duplicates,
    /// Numbers as texts.
    TextNumber,
    /// The flag in the body says that it went wrong.
    SuccessFalse,
    /// The next page lies on another host.
    ForeignLink,
    /// The rule's own status and code.
    Error,
}

/// When something goes wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The action, or the path where requests name none; `*` stands for anything.
    action: String,
    /// The region; none: all.
    #[serde(default)]
    region: Option<String>,
    /// The first of the matching requests that it hits, from 1.
    #[serde(default = "one")]
    from: u64,
    /// The last one; none: all from then on.
    #[serde(default)]
    to: Option<u64>,
    fault: Fault,
    /// For `error`.
    #[serde(default)]
    status: Option<u16>,
    /// For `error`.
    #[serde(default)]
    code: Option<String>,
    #[serde(skip)]
    met: AtomicU64,
}

fn one() -> u64 {
    1
}

/// Rules cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{path}` is no list of faults: {why}; write it like [{{\"action\": \"Describe*\", \"from\": 1, \"to\": 2, \"fault\": \"throttle\"}}]"
)]
pub struct FaultError {
    path: PathBuf,
    why: String,
}

/// The rules of a file: a JSON list of `{action, region, from, to, fault}`.
///
/// # Errors
/// When it is no such list.
pub fn read_faults(path: &Path) -> Result<Vec<FaultRule>, FaultError> {
    let failed = |why: String| FaultError {
        path: path.to_owned(),
        why,
    };
    let text = bounded::read_text(path, MAX_FILE).map_err(|e| failed(e.to_string()))?;
    serde_json::from_str(&text).map_err(|e| failed(e.to_string()))
}

impl FaultRule {
    /// Whether it hits a request, which is counted.
    pub(super) fn hits(&self, action: &str, request: &Request) -> bool {
        if !glob(&self.action, action) || !self.region.as_ref().is_none_or(|r| is_in(request, r)) {
            return false;
        }
        let number = self.met.fetch_add(1, Ordering::Relaxed) + 1;
        number >= self.from && self.to.is_none_or(|to| number <= to)
    }

    pub(super) fn fault(&self) -> Fault {
        self.fault
    }

    /// The answer that stands instead of the right one; none where the right one is only changed.
    pub(super) fn instead(&self, style: Style) -> Option<Answer> {
        let of = |about| Some(failure(style, told(style, about)));
        match self.fault {
            Fault::Throttle => of(About::Throttled),
            Fault::Denied => of(About::Denied),
            Fault::NotFound => of(About::NotFound),
            Fault::Expired => of(About::Expired),
            Fault::Invalid => of(About::Signature),
            Fault::RetryAfter => Some(Answer {
                headers: vec![("retry-after".to_owned(), "1".to_owned())],
                ..failure(
                    style,
                    Told {
                        status: 429,
                        ..told(style, About::Throttled)
                    },
                )
            }),
            Fault::Unavailable => Some(page(503)),
            Fault::Html => Some(page(200)),
            Fault::WrongShape => Some(Answer {
                status: 200,
                headers: Vec::new(),
                body: json!({"RequestId": "r", "Response": {"RequestId": "r"}})
                    .to_string()
                    .into_bytes(),
            }),
            Fault::Error => Some(failure(
                style,
                Told {
                    status: self.status.unwrap_or(400),
                    code: self.code.as_deref().unwrap_or("Unknown"),
                },
            )),
            _ => None,
        }
    }
}

/// The right answer, changed.
pub(super) fn changed(fault: Fault, known: Option<&Known>, mut answer: Answer) -> Answer {
    if fault == Fault::Truncated {
        answer.body.truncate(answer.body.len() / 2);
        return answer;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else {
        return answer;
    };
    if let Some(known) = known {
        let inner = match known.api.style {
            Style::Tc3 => body.get_mut("Response"),
            _ => Some(&mut body),
        };
        if let Some(inner) = inner {
            change(fault, known, inner);
        }
    }
    answer.body = body.to_string().into_bytes();
    answer
}

fn change(fault: Fault, known: &Known, body: &mut Value) {
    let items = known.call.items.as_deref().unwrap_or_default();
    let total = total(known);
    match (fault, known.call.page.as_ref()) {
        (Fault::RepeatCursor, Some(Page::Token { from, .. })) => set(body, from, json!("again")),
        (Fault::ForeignLink, Some(Page::Link { from })) => {
            set(body, from, json!("https://127.0.0.2/next"));
        }
        (Fault::Duplicates, _) => {
            let mut list = path::get(body, items)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            list.extend(list.first().cloned());
            set(body, items, Value::Array(list));
        }
        (Fault::ShrinkingTotal, _) => {
            if let Some(at) = total {
                set(body, at, json!(1));
            }
        }
        (Fault::TextNumber, _) => {
            let text = total
                .and_then(|at| path::get(body, at))
                .and_then(path::text);
            if let (Some(at), Some(text)) = (total, text) {
                set(body, at, json!(text));
            }
        }
        (Fault::SuccessFalse, _) => {
            let at = known.call.success.as_ref().map_or("Success", |(at, _)| at);
            set(body, at, json!(false));
        }
        _ => {}
    }
}

fn total(known: &Known) -> Option<&str> {
    match known.call.page.as_ref()? {
        Page::Number { total, .. } | Page::Offset { total, .. } => total.as_deref(),
        _ => None,
    }
}

/// A page for people, as proxies and gateways answer.
fn page(status: u16) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<html><head><title>Sorry</title></head><body>Later<br></body></html>".to_vec(),
    }
}

/// Whether a request concerns a region.
fn is_in(request: &Request, region: &str) -> bool {
    let parameter = request
        .query
        .iter()
        .any(|(name, value)| name == "RegionId" && value == region);
    let labels = request.host.split('.');
    let mut labels = labels.map(|label| label.strip_prefix("oss-").unwrap_or(label));
    parameter
        || request.header("x-tc-region") == Some(region)
        || labels.any(|label| label == region)
}

/// Whether a text is as a pattern says in which `*` stands for anything.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|left| {
            let mut ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
            ends.any(|at| left.get(at..).is_some_and(|left| glob(rest, left)))
        }),
    }
}
