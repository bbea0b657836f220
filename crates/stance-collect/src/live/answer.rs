//! An answer from the wire → its content, or why it is a failure.

use std::time::Duration;

use serde_json::Value;
use stance_model::ReasonKind;
use stance_model::operation::{CallSpec, Style};

use super::failure::{Failure, NOT_PARSED, kind};
use super::{path, xml};

/// The deepest nesting of JSON.
const MAX_DEPTH: usize = 64;

/// The longest code, in characters.
const MAX_CODE: usize = 100;

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `Retry-After` in seconds.
    fn retry_after(&self) -> Option<Duration> {
        let seconds: u64 = self.header("retry-after")?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds.min(120)))
    }
}

/// The content of an answer.
///
/// # Errors
/// The failure that its status, or the answer itself, tells of.
pub(super) fn content(style: Style, call: &CallSpec, answer: &Answer) -> Result<Value, Failure> {
    let parsed = parse(style, &answer.body);
    let value = parsed.as_ref().map(|parsed| &parsed.value);
    let failed = |code: &str| failed(answer, code, value);
    if !(200..300).contains(&answer.status) {
        let code = value.and_then(|value| code(style, value));
        let code = code.or_else(|| header_code(answer));
        let code = code.unwrap_or_else(|| format!("HTTP {}", answer.status));
        return Err(failed(&code));
    }
    let Some(value) = value.filter(|_| parsed.as_ref().is_some_and(|p| p.answers(style, call)))
    else {
        let why = "the answer is neither whole nor well-formed";
        return Err(not_documented(NOT_PARSED, why));
    };
    if let Some(code) = error_inside(style, call, value) {
        return Err(failed(&code));
    }
    let mut value = parsed.map(|parsed| parsed.value).unwrap_or_default();
    if style == Style::Tc3 {
        let inner = value.get_mut("Response").map(Value::take);
        return inner.ok_or_else(|| not_documented("NoResponse", "the answer has no `Response`"));
    }
    Ok(value)
}

/// The code of a failure that an answer tells of although its status says that all went well.
fn error_inside(style: Style, call: &CallSpec, value: &Value) -> Option<String> {
    if style == Style::Tc3 {
        let code = path::get(value, "Response.Error.Code").and_then(Value::as_str);
        if let Some(code) = code {
            return Some(code.to_owned());
        }
    }
    let (at, wanted) = call.success.as_ref()?;
    let within = match style {
        Style::Tc3 => path::get(value, "Response").unwrap_or(value),
        _ => value,
    };
    // A flag may be a text, in XML always.
    let said = path::get(within, at).and_then(path::text);
    if said.is_some() && said == path::text(wanted) {
        return None;
    }
    Some(code(style, within).unwrap_or_else(|| "NotSuccessful".to_owned()))
}

fn failed(answer: &Answer, code: &str, value: Option<&Value>) -> Failure {
    let in_header = || {
        let mut found = REQUEST_HEADERS.iter().filter_map(|h| answer.header(h));
        found.next().map(str::to_owned)
    };
    Failure {
        kind: kind(answer.status, code),
        code: code.chars().take(MAX_CODE).collect(),
        request_id: value
            .and_then(|v| first(v, &REQUEST_IDS))
            .or_else(in_header),
        message: value.and_then(|v| first(v, &MESSAGES)).unwrap_or_default(),
        retry_after: answer.retry_after(),
    }
}

/// An answer that is not what the API documents.
pub(super) fn not_documented(code: &str, message: &str) -> Failure {
    Failure::own(ReasonKind::BadResponse, code, message)
}

/// A body that was read.
struct Parsed {
    /// The root element of XML, which only wraps.
    root: Option<String>,
    value: Value,
}

impl Parsed {
    /// Whether it can be the answer to a call: not a page of some proxy, nor the answer to another call.
    fn answers(&self, style: Style, call: &CallSpec) -> bool {
        match (&self.root, style) {
            (Some(root), Style::AwsQuery | Style::AwsEc2) => {
                root.strip_suffix("Response") == Some(&call.action)
            }
            (Some(root), _) => !root.eq_ignore_ascii_case("html") && root != "Error",
            // Only policies of buckets are JSON where XML is spoken.
            (None, style) => !matches!(style, Style::AwsQuery | Style::AwsEc2),
        }
    }
}

/// XML where the API speaks it, JSON otherwise; policies of buckets are JSON among XML.
fn parse(style: Style, body: &[u8]) -> Option<Parsed> {
    let text = std::str::from_utf8(body).ok()?;
    if text.trim_start().starts_with('<') {
        let Value::Object(map) = xml::parse(text).filter(|_| is_xml(style))? else {
            return None;
        };
        let (root, value) = map.into_iter().next()?;
        return Some(Parsed {
            root: Some(root),
            value,
        });
    }
    if crate::snapshot::is_deeper(body, MAX_DEPTH) {
        return None;
    }
    let value = serde_json::from_str(text).ok()?;
    Some(Parsed { root: None, value })
}

/// Whether answers are XML.
pub(super) fn is_xml(style: Style) -> bool {
    matches!(
        style,
        Style::Oss | Style::Obs | Style::AwsQuery | Style::AwsEc2 | Style::AwsRestXml
    )
}

/// Where answers name their error.
const CODES: [&str; 9] = [
    "Error.Code",
    "Errors.Error.Code",
    "Response.Error.Code",
    "error.code",
    "error_code",
    "errorCode",
    "__type",
    "Code",
    "code",
];

const MESSAGES: [&str; 9] = [
    "Error.Message",
    "Errors.Error.Message",
    "Response.Error.Message",
    "error.message",
    "error_msg",
    "errorMessage",
    "Message",
    "message",
    "msg",
];

const REQUEST_IDS: [&str; 6] = [
    "RequestId",
    "requestId",
    "RequestID",
    "request_id",
    "Response.RequestId",
    "ResponseMetadata.RequestId",
];

const REQUEST_HEADERS: [&str; 5] = [
    "x-request-id",
    "x-acs-request-id",
    "x-oss-request-id",
    "x-amzn-requestid",
    "x-ms-request-id",
];

fn first(value: &Value, paths: &[&str]) -> Option<String> {
    let mut found = paths.iter().filter_map(|at| path::get(value, at));
    found.find_map(path::text)
}

fn code(style: Style, value: &Value) -> Option<String> {
    let code = first(value, &CODES)?;
    // AWS puts a name space before it.
    let short = match style {
        Style::AwsJson | Style::AwsRestJson => code.rsplit('#').next().unwrap_or(&code),
        _ => &code,
    };
    Some(short.to_owned())
}

fn header_code(answer: &Answer) -> Option<String> {
    let code = answer.header("x-amzn-errortype")?;
    Some(code.split(':').next().unwrap_or(code).to_owned())
}
