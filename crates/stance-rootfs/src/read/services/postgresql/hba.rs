//! Records of `pg_hba.conf`: who may connect from where, and how they prove themselves.

use serde::Serialize;
use stance_model::Reason;

use crate::read::services::files::{self, Doc, Files, over};
use crate::read::services::format::words;
use crate::read::services::{mask, net};
use crate::root::Place;

/// How many records are kept.
const MAX_RECORDS: usize = 2_000;

/// One record.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    /// `local`, `host`, `hostssl` …
    kind: String,
    database: String,
    user: String,
    /// The address as written; empty for `local`.
    address: String,
    /// `trust`, `peer`, `scram-sha-256` …
    method: String,
    /// Whether it admits any address.
    any: bool,
    /// Whether it admits other machines, by its address.
    remote: bool,
    /// Whether the server listens for other machines at all.
    exposed: bool,
    at: Place,
}

/// Reads a file with what it includes.
pub(super) fn read(
    doc: &Doc<'_>,
    files: &mut Files<'_>,
    exposed: bool,
    into: &mut Vec<Record>,
    depth: usize,
) -> Result<(), Reason> {
    for (index, raw) in doc.text.lines().enumerate() {
        let words = words::split(raw);
        let Some(kind) = words.first() else { continue };
        if kind.starts_with("include") {
            let path = words.get(1).map(String::as_str).unwrap_or_default();
            let depth = files::deeper(depth)?;
            for doc in included(doc, files, kind, path)? {
                read(&doc, files, exposed, into, depth)?;
            }
        } else if let Some(record) = record(&words, exposed, doc.at(index + 1, mask::shown(raw))) {
            if into.len() >= MAX_RECORDS {
                return Err(over(format!(
                    "more than {MAX_RECORDS} records of pg_hba.conf"
                )));
            }
            into.push(record);
        }
    }
    Ok(())
}

fn included<'r>(
    doc: &Doc<'_>,
    files: &mut Files<'r>,
    how: &str,
    path: &str,
) -> Result<Vec<Doc<'r>>, Reason> {
    let path = files::below(files::folder_of(&doc.path()), path);
    match how {
        "include_dir" => files.folder(&path, ".conf"),
        _ => Ok(files.open(&path)?.into_iter().collect()),
    }
}

fn record(words: &[String], exposed: bool, at: Place) -> Option<Record> {
    let word = |index: usize| words.get(index).map(String::as_str);
    let kind = word(0).filter(|kind| *kind == "local" || kind.starts_with("host"))?;
    let (address, method) = match kind {
        "local" => ("", word(3)?),
        // An address with its mask in a word of its own.
        _ if word(4).is_some_and(|mask| mask.contains(['.', ':'])) => (word(3)?, word(5)?),
        _ => (word(3)?, word(4)?),
    };
    let zero_mask = word(4).is_some_and(|mask| mask == "0.0.0.0" || mask == "::");
    let any = matches!(address, "all" | "0.0.0.0/0" | "::/0" | "::0/0") || zero_mask;
    let host = address.split('/').next().unwrap_or_default();
    Some(Record {
        kind: kind.to_owned(),
        database: word(1)?.to_owned(),
        user: word(2)?.to_owned(),
        address: address.to_owned(),
        method: method.to_ascii_lowercase(),
        any,
        remote: kind != "local" && (any || !net::is_loopback(host)),
        exposed,
        at,
    })
}
