//! One exchange, as a line of a file: what was asked and what came back, without keys, signatures and tokens.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stance_model::bounded::{Line, Lines};

use crate::live::answer::Answer;
use crate::live::request::Request;

/// The most bytes of a line.
const MAX_LINE: usize = 64 << 20;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// What was asked.
    pub request: Asked,
    /// What came back.
    pub answer: Kept,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `GET`, `POST`.
    pub method: String,
    /// The host.
    pub host: String,
    /// The path.
    #[serde(default = "root")]
    pub path: String,
    /// The parameters in the query.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The headers that say what is asked, such as the action.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default)]
    pub body: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The status.
    pub status: u16,
    /// The headers that say how the answer is meant, such as `retry-after`.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body; a JSON value stands for its text.
    #[serde(default)]
    pub body: serde_json::Value,
}

fn root() -> String {
    "/".to_owned()
}

impl Kept {
    /// The answer.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let body = match &self.body {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        Answer {
            status: self.status,
            headers: self.headers.clone(),
            body: body.into_bytes(),
        }
    }
}

impl Asked {
    /// The request, unsigned.
    #[must_use]
    pub fn request(&self) -> Request {
        Request {
            method: self.method.clone(),
            host: self.host.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.clone().into_bytes(),
        }
    }
}

/// Exchanges cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file system says no.
    #[error("`{path}` cannot be used")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is no exchange.
    #[error("line {line} of `{path}` is no recorded exchange: {why}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Why.
        why: String,
    },
}

/// The exchanges of a file, or of all `.jsonl` files of a folder.
///
/// # Errors
/// [`RecordError`].
pub fn read_exchanges(path: &Path) -> Result<Vec<Exchange>, RecordError> {
    let failed = |source| RecordError::File {
        path: path.to_owned(),
        source,
    };
    if !path.is_dir() {
        return read_file(path);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|e| e == "jsonl") {
            files.push(file);
        }
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(read_file(&file)?);
    }
    Ok(all)
}

fn read_file(path: &Path) -> Result<Vec<Exchange>, RecordError> {
    let failed = |source| RecordError::File {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut lines = Lines::new(BufReader::new(file), MAX_LINE);
    let (mut buffer, mut all) = (Vec::new(), Vec::new());
    loop {
        let wrong = |line, why: String| RecordError::Line {
            path: path.to_owned(),
            line,
            why,
        };
        match lines.read(&mut buffer).map_err(failed)? {
            Line::End => return Ok(all),
            Line::TooLong => return Err(wrong(lines.number(), "it is too long".to_owned())),
            Line::Whole if buffer.trim_ascii().is_empty() => {}
            Line::Whole => {
                let exchange = serde_json::from_slice(&buffer);
                all.push(exchange.map_err(|e| wrong(lines.number(), e.to_string()))?);
            }
        }
    }
}
