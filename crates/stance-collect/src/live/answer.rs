//! An answer from the wire → its content, or why it is a failure.

use std::time::Duration;

use serde_json::Value;
use stance_model::ReasonKind;
use stance_model::operation::{CallSpec, Style};

use super::failure::{Failure, kind};
use super::{path, xml};

/// The deepest nesting of JSON.
const MAX_DEPTH: usize = 64;

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
    let failed = |code: String, value: Option<&Value>| {
        let said = value.and_then(|v| first(v, &MESSAGES));
        Failure {
            kind: kind(style, answer.status, &code),
            code,
            request_id: value.and_then(|v| first(v, &REQUEST_IDS)).or_else(|| {
                REQUEST_HEADERS
                    .iter()
                    .find_map(|h| answer.header(h))
                    .map(str::to_owned)
            }),
            message: said.unwrap_or_default(),
            retry_after: answer.retry_after(),
        }
    };
    if !(200..300).contains(&answer.status) {
        let code = parsed.as_ref().and_then(|v| code(style, v));
        let code = code.or_else(|| header_code(answer));
        let code = code.unwrap_or_else(|| format!("HTTP {}", answer.status));
        return Err(failed(code, parsed.as_ref()));
    }
    let Some(value) = parsed else {
        return Err(not_documented(
            "NotParsed",
            "the answer is neither whole nor well-formed",
        ));
    };
    if style == Style::Tc3 {
        return match path::get(&value, "Response.Error.Code").and_then(Value::as_str) {
            Some(code) => Err(failed(code.to_owned(), Some(&value))),
            None => path::get(&value, "Response")
                .cloned()
                .ok_or_else(|| not_documented("NoResponse", "the answer has no `Response`")),
        };
    }
    match &call.success {
        Some((at, wanted)) if path::get(&value, at) != Some(wanted) => {
            let code = code(style, &value).unwrap_or_else(|| "NotSuccessful".to_owned());
            Err(failed(code, Some(&value)))
        }
        _ => Ok(value),
    }
}

/// An answer that is not what the API documents.
pub(super) fn not_documented(code: &str, message: &str) -> Failure {
    Failure::own(ReasonKind::BadResponse, code, message)
}

fn parse(style: Style, body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    if is_xml(style) || text.trim_start().starts_with('<') {
        let root = xml::parse(text).filter(|_| is_xml(style))?;
        // The root element only wraps.
        let Value::Object(map) = root else {
            return None;
        };
        return map.into_iter().next().map(|(_, value)| value);
    }
    if crate::snapshot::is_deeper(body, MAX_DEPTH) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Whether answers are XML.
pub(super) fn is_xml(style: Style) -> bool {
    matches!(
        style,
        Style::Oss | Style::AwsQuery | Style::AwsEc2 | Style::AwsRestXml
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
