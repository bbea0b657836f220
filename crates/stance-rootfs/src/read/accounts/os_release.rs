//! `/etc/os-release` (os-release(5)): which distribution it is, and until when its makers mend it.

use std::collections::BTreeMap;

use serde_json::json;

use super::lines::{Facts, at, fact, open, settings};
use crate::read::FactReader;
use crate::root::Root;

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "os_release",
    wants: &["etc/os-release", "usr/lib/os-release"],
    read: |root, _| fact(facts(root)),
};

/// The last day of free security updates: distribution, version, day. Debian's days include its long-term support.
const ENDS: &[(&str, &str, &str)] = &[
    ("debian", "8", "2020-06-30"),
    ("debian", "9", "2022-06-30"),
    ("debian", "10", "2024-06-30"),
    ("debian", "11", "2026-08-31"),
    ("debian", "12", "2028-06-30"),
    ("debian", "13", "2030-06-30"),
    ("ubuntu", "14.04", "2019-04-25"),
    ("ubuntu", "16.04", "2021-04-30"),
    ("ubuntu", "18.04", "2023-05-31"),
    ("ubuntu", "20.04", "2025-05-31"),
    ("ubuntu", "22.04", "2027-04-30"),
    ("ubuntu", "24.04", "2029-04-30"),
    ("alpine", "3.8", "2020-05-01"),
    ("alpine", "3.9", "2020-11-01"),
    ("alpine", "3.10", "2021-05-01"),
    ("alpine", "3.11", "2021-11-01"),
    ("alpine", "3.12", "2022-05-01"),
    ("alpine", "3.13", "2022-11-01"),
    ("alpine", "3.14", "2023-05-01"),
    ("alpine", "3.15", "2023-11-01"),
    ("alpine", "3.16", "2024-05-23"),
    ("alpine", "3.17", "2024-11-22"),
    ("alpine", "3.18", "2025-05-09"),
    ("alpine", "3.19", "2025-11-01"),
    ("alpine", "3.20", "2026-04-01"),
    ("alpine", "3.21", "2026-11-01"),
    ("alpine", "3.22", "2027-05-01"),
    ("centos", "6", "2020-11-30"),
    ("centos", "7", "2024-06-30"),
    ("centos", "8", "2021-12-31"),
];

fn facts(root: &Root) -> Facts {
    let file = match open(root, "etc/os-release")? {
        Some(file) => file,
        None => match open(root, "usr/lib/os-release")? {
            Some(file) => file,
            None => return Ok(None),
        },
    };
    let mut fields: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for (line, text) in settings(&file)? {
        if let Some((name, value)) = text.split_once('=') {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            fields.insert(name.trim().to_owned(), (line, value));
        }
    }
    let value = |name: &str| fields.get(name).map(|(_, value)| value.clone());
    let (id, version) = (value("ID"), value("VERSION_ID"));
    let end = id.as_deref().zip(version.as_deref());
    let line = fields.get("VERSION_ID").map(|(line, _)| *line);
    let name = value("PRETTY_NAME").or_else(|| id.clone());
    Ok(Some(json!({
        "id": id,
        "version": version,
        "name": name,
        "end_of_life": end.and_then(|(id, version)| end_of_life(id, version)),
        "at": at(&file, line, name.as_deref().unwrap_or_default()),
    })))
}

/// The day of a version; what is written after the listed version (`3.18.4`) does not matter.
fn end_of_life(id: &str, version: &str) -> Option<&'static str> {
    let found = ENDS.iter().find(|(distribution, listed, _)| {
        let rest = version.strip_prefix(listed);
        *distribution == id && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    found.map(|(_, _, day)| *day)
}
