//! Services that inetd and xinetd start.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::format::words;
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/inetd.conf",
    "etc/inetd.d/*",
    "etc/xinetd.conf",
    "etc/xinetd.d/*",
];

/// How many services are kept.
const MAX_SERVICES: usize = 500;

/// Reads both.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut plain: Vec<Doc<'_>> = files.open("/etc/inetd.conf")?.into_iter().collect();
    plain.extend(files.folder("/etc/inetd.d", "")?);
    let mut blocks: Vec<Doc<'_>> = files.open("/etc/xinetd.conf")?.into_iter().collect();
    blocks.extend(files.folder("/etc/xinetd.d", "")?);
    if plain.is_empty() && blocks.is_empty() {
        return Ok(None);
    }
    let mut services = Vec::new();
    plain.iter().for_each(|doc| lines(doc, &mut services));
    blocks.iter().for_each(|doc| sections(doc, &mut services));
    if services.len() > MAX_SERVICES {
        return Err(files::over(format!("more than {MAX_SERVICES} services")));
    }
    Ok(Some(object!({ "services": services })))
}

fn service(doc: &Doc<'_>, line: usize, name: &str, server: &str) -> Value {
    let what = format!("{name} {server}");
    object!({ "name": name, "server": server, "at": doc.at(line, what.trim().to_owned()) })
}

/// `name type protocol wait user server arguments`.
fn lines(doc: &Doc<'_>, found: &mut Vec<Value>) {
    for (index, raw) in doc.text.lines().enumerate() {
        let words = words::split(raw);
        let (Some(name), Some(server)) = (words.first(), words.get(5)) else {
            continue;
        };
        let name = name.rsplit(':').next().unwrap_or_default();
        if found.len() <= MAX_SERVICES {
            found.push(service(doc, index + 1, name, server));
        }
    }
}

/// `service name { disable = no … }`
fn sections(doc: &Doc<'_>, found: &mut Vec<Value>) {
    let mut open: Option<(usize, String, String, bool)> = None;
    for (index, raw) in doc.text.lines().enumerate() {
        let line = raw.trim();
        if let Some(name) = line.strip_prefix("service ") {
            let name = name.trim_end_matches('{').trim();
            open = Some((index + 1, name.to_owned(), String::new(), true));
        } else if line.starts_with('}') {
            let closed = open.take().filter(|_| found.len() <= MAX_SERVICES);
            if let Some((line, name, server, true)) = closed {
                found.push(service(doc, line, &name, &server));
            }
        } else if let (Some((_, _, server, on)), Some((key, value))) =
            (&mut open, line.split_once('='))
        {
            match key.trim() {
                "disable" => *on = words::truth(value) != "yes",
                "server" => value.trim().clone_into(server),
                _ => {}
            }
        }
    }
}
