//! `exports` of the NFS server.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files, over};
use super::format::words;
use super::mask;
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/exports", "etc/exports.d/*.exports"];

/// How many clients of exports are kept.
const MAX_EXPORTS: usize = 2_000;

/// Reads the exports.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut found: Vec<Doc<'_>> = files.open("/etc/exports")?.into_iter().collect();
    found.extend(files.glob("/etc/exports.d/*.exports")?);
    if found.is_empty() {
        return Ok(None);
    }
    let mut exports = Vec::new();
    for doc in &found {
        for (index, raw) in doc.text.lines().enumerate() {
            exports.extend(line(doc, index + 1, raw));
            if exports.len() > MAX_EXPORTS {
                return Err(over(format!("more than {MAX_EXPORTS} exports")));
            }
        }
    }
    Ok(Some(object!({ "exports": exports })))
}

/// `path client(options) client(options)`; `-options` before them hold for all.
fn line(doc: &Doc<'_>, number: usize, raw: &str) -> Vec<Value> {
    let words = words::split(raw.trim_end_matches('\\'));
    let Some((path, clients)) = words.split_first() else {
        return Vec::new();
    };
    let mut common = "";
    let mut found = Vec::new();
    for client in clients.iter().take(MAX_EXPORTS) {
        if let Some(options) = client.strip_prefix('-') {
            common = options;
            continue;
        }
        let (name, own) = client.split_once('(').unwrap_or((client, ""));
        let options = format!("{common},{}", own.trim_end_matches(')'));
        let has = |wanted: &str| options.split(',').any(|option| option.trim() == wanted);
        found.push(object!({
            "path": path,
            "client": name,
            "any": matches!(name, "" | "*" | "0.0.0.0/0" | "::/0"),
            "writable": has("rw"),
            "root": has("no_root_squash"),
            "insecure": has("insecure"),
            "at": doc.at(number, mask::shown(&format!("{path} {client}"))),
        }));
    }
    found
}
