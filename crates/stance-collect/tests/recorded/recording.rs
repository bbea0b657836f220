//! Files of recorded exchanges, played back.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};
use stance_collect::live::{Answer, Failure, Request, Transport};
use stance_model::ReasonKind;
use stance_model::operation::{Api, CallSpec};

/// A recorded exchange.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) sequence: String,
    pub(crate) region: String,
    pub(crate) path: String,
    host: String,
    action: String,
    method: String,
    tencent: bool,
    parameters: Map<String, Value>,
    status: u16,
    body: Value,
}

/// Parameters of which listings are, whatever else is asked.
const PAGING: [&str; 6] = [
    "Limit",
    "Offset",
    "limit",
    "offset",
    "marker",
    "enterprise_project_id",
];

impl Exchange {
    fn of(value: &Value) -> Self {
        let text = |at: &str| {
            let found = value.pointer(at).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let tencent = text("/vendor") == "TENCENT";
        let sent = if tencent {
            "/request/body"
        } else {
            "/request/query"
        };
        let parameters = value.pointer(sent).and_then(Value::as_object).cloned();
        Self {
            sequence: text("/sequence"),
            region: text("/region"),
            path: text("/request/path"),
            host: text("/request/host"),
            action: text("/action"),
            method: text("/request/method"),
            tencent,
            parameters: parameters.unwrap_or_default(),
            status: value
                .pointer("/response/status")
                .and_then(Value::as_u64)
                .map_or(0, |status| u16::try_from(status).unwrap()),
            body: value.pointer("/response/body").cloned().unwrap_or_default(),
        }
    }

    /// Whether it answers this call, for whatever asset.
    pub(crate) fn is_of(&self, call: &CallSpec, api: &Api) -> bool {
        let same = if self.tencent {
            self.action == call.action
        } else {
            let part = call.path.replace("{project}", &self.project());
            // Parts of a bucket are named by parameters.
            let names = call.query.iter().filter(|(_, value)| *value == "");
            self.path == part
                && self.method == call.method
                && self.parameters.values().filter(|v| **v == "").count() == names.count()
        };
        same && self.host.split('.').next() == api.host.split('.').next()
            && self.status == 200
            && !self.text().is_empty()
    }

    /// The project in the path; none where there is none.
    pub(crate) fn project(&self) -> String {
        let parts: Vec<&str> = self.path.split('/').collect();
        match parts.as_slice() {
            ["", version, project, _, ..] if version.starts_with('v') && !self.tencent => {
                (*project).to_owned()
            }
            _ => String::new(),
        }
    }

    /// What the answer says, below what wraps it.
    pub(crate) fn content(&self) -> Value {
        let parsed: Value = match &self.body {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            body => body.clone(),
        };
        match parsed.get("Response") {
            Some(inner) => inner.clone(),
            None if self.text().contains("<Bucket>") => buckets(&self.text()),
            None => parsed,
        }
    }

    fn text(&self) -> String {
        match &self.body {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            body => body.to_string(),
        }
    }

    fn answer(&self) -> Answer {
        Answer {
            status: self.status,
            body: self.text().into_bytes(),
            ..Answer::default()
        }
    }

    /// Whether it may answer this request: the same operation, and nothing that both say differs.
    fn answers(&self, request: &Request) -> bool {
        if self.tencent {
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let differs = |(name, value): (&String, &Value)| {
                !PAGING.contains(&name.as_str()) && sent.get(name).is_some_and(|own| own != value)
            };
            return request.header("x-tc-action") == Some(&self.action)
                && !self.parameters.iter().any(differs);
        }
        let sent = |name: &str| request.query.iter().find(|(known, _)| known == name);
        let differs = |(name, value): (&String, &Value)| {
            !PAGING.contains(&name.as_str())
                && sent(name).is_some_and(|(_, own)| Some(own.as_str()) != value.as_str())
        };
        self.path == request.path
            && self.method == request.method
            && !self.parameters.iter().any(differs)
    }
}

/// A listing of buckets, as far as this test needs it.
fn buckets(xml: &str) -> Value {
    let names = xml.split("<Name>").skip(1);
    let names = names.filter_map(|rest| rest.split_once("</Name>"));
    let list: Vec<Value> = names
        .map(|(name, _)| serde_json::json!({"Name": name}))
        .collect();
    serde_json::json!({"Buckets": {"Bucket": list}})
}

/// The list at a dotted path.
pub(crate) fn at(value: &Value, path: &str) -> Option<Vec<Value>> {
    let pointer = format!("/{}", path.replace('.', "/"));
    value.pointer(&pointer)?.as_array().cloned()
}

/// All exchanges of a folder.
pub(crate) fn read(folder: &Path) -> Vec<Exchange> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    let lines: Vec<String> = texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    lines
        .iter()
        .map(|line| Exchange::of(&serde_json::from_str(line).unwrap()))
        .collect()
}

/// Answers the first request with a listing, others with what was recorded for them.
pub(crate) struct Playback<'p> {
    listing: &'p Exchange,
    all: &'p [Exchange],
    listed: AtomicBool,
}

impl<'p> Playback<'p> {
    pub(crate) fn new(listing: &'p Exchange, all: &'p [Exchange]) -> Self {
        Self {
            listing,
            all,
            listed: AtomicBool::new(false),
        }
    }
}

impl Transport for Playback<'_> {
    fn send(&self, request: &Request) -> Result<Answer, Failure> {
        if !self.listed.swap(true, Ordering::SeqCst) {
            return Ok(self.listing.answer());
        }
        // A second page of the listing was not recorded with it.
        let follow = self
            .all
            .iter()
            .find(|exchange| exchange.action != self.listing.action && exchange.answers(request));
        follow.map(Exchange::answer).ok_or_else(|| {
            Failure::own(ReasonKind::NotFound, "NotRecorded", "nobody recorded that")
        })
    }
}
