//! A transport that keeps what goes through it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::exchange::{Asked, Exchange, Kept, RecordError};
use super::redact;
use crate::live::answer::Answer;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::transport::Transport;

/// The most bytes of a body that is kept.
const MAX_KEPT: usize = 8 << 20;

/// The headers of requests that say what is asked.
const ASKING: [&str; 6] = [
    "content-type",
    "x-acs-action",
    "x-acs-version",
    "x-tc-action",
    "x-tc-region",
    "x-amz-target",
];

/// The headers of answers that say how they are meant.
const ANSWERING: [&str; 3] = ["content-type", "retry-after", "x-amzn-errortype"];

/// Sends by another transport and keeps each exchange in a file, without keys, signatures, tokens and secrets.
pub struct Recorder<'r> {
    inner: &'r dyn Transport,
    path: PathBuf,
    out: Mutex<(BufWriter<File>, Option<std::io::Error>)>,
}

impl<'r> Recorder<'r> {
    /// A recorder that writes to a new file at `path`, which only its owner may read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(inner: &'r dyn Transport, path: &Path) -> Result<Self, RecordError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| RecordError::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            inner,
            path: path.to_owned(),
            out: Mutex::new((BufWriter::new(file), None)),
        })
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When something could not be written, now or before.
    pub fn finish(self) -> Result<(), RecordError> {
        let (mut out, failed) = self
            .out
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match failed.map_or_else(|| out.flush(), Err) {
            Ok(()) => Ok(()),
            Err(source) => Err(RecordError::File {
                path: self.path,
                source,
            }),
        }
    }

    fn keep(&self, request: &Request, answer: &Answer) {
        let exchange = Exchange {
            request: asked(request),
            answer: kept(answer),
        };
        let Ok(mut line) = serde_json::to_vec(&exchange) else {
            return;
        };
        line.push(b'\n');
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = out.0.write_all(&line) {
            out.1.get_or_insert(error);
        }
    }
}

impl Transport for Recorder<'_> {
    fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let answer = self.inner.send(request)?;
        self.keep(request, &answer);
        Ok(answer)
    }
}

fn asked(request: &Request) -> Asked {
    Asked {
        method: request.method.clone(),
        host: request.host.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        headers: named(&request.headers, &ASKING),
        body: String::from_utf8_lossy(&request.body).into_owned(),
    }
}

fn kept(answer: &Answer) -> Kept {
    let body = match answer.body.len() <= MAX_KEPT {
        true => redact::body(&answer.body),
        // Not well-formed on purpose: a replay must not take it for the answer.
        false => Value::String("left out: too long to keep".to_owned()),
    };
    Kept {
        status: answer.status,
        headers: named(&answer.headers, &ANSWERING),
        body,
    }
}

fn named(headers: &[(String, String)], names: &[&str]) -> Vec<(String, String)> {
    let named = headers
        .iter()
        .filter(|(name, _)| names.contains(&name.as_str()));
    named.cloned().collect()
}
