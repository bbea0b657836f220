//! Kernel settings in files (sysctl.d(5), sysctl(8)): which value is in effect, and where it stands.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, base, fact, open, settings};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "sysctl",
    wants: &[
        "etc/sysctl.conf",
        "etc/sysctl.d/*.conf",
        "run/sysctl.d/*.conf",
        "usr/local/lib/sysctl.d/*.conf",
        "usr/lib/sysctl.d/*.conf",
        "lib/sysctl.d/*.conf",
    ],
    read: |root, _| fact(facts(root)),
};

/// The folders: a file of an earlier one hides the files of the same name in later ones.
const FOLDERS: [&str; 5] = [
    "etc/sysctl.d",
    "run/sysctl.d",
    "usr/local/lib/sysctl.d",
    "usr/lib/sysctl.d",
    "lib/sysctl.d",
];

fn facts(root: &Root) -> Facts {
    let mut in_effect: BTreeMap<String, (String, Value)> = BTreeMap::new();
    for file in files(root)? {
        for (line, text) in settings(&file)? {
            let Some((name, value)) = setting(&text) else {
                continue;
            };
            let place = at(&file, Some(line), &format!("{name} = {value}"));
            // A later file is stronger: it replaces what stood there.
            in_effect.insert(name, (value, place));
        }
    }
    let mut rows = Rows::default();
    for (name, (value, place)) in in_effect {
        let number = value.parse::<i64>().ok();
        rows.push(json!({"name": name, "value": value, "number": number, "at": place}));
    }
    Ok(Some(json!({"settings": rows.finish("settings")?})))
}

/// The files in the order in which they are applied: by name, and `/etc/sysctl.conf` last.
fn files(root: &Root) -> Result<Vec<FileRef<'_>>, Reason> {
    let mut named: BTreeMap<String, FileRef<'_>> = BTreeMap::new();
    for folder in FOLDERS {
        for file in root.glob(&format!("{folder}/*.conf"))? {
            let path = file.path();
            named.entry(base(&path).to_owned()).or_insert(file);
        }
    }
    let mut files: Vec<_> = named.into_values().collect();
    files.extend(open(root, "etc/sysctl.conf")?);
    Ok(files)
}

/// Name and value of a line, the name with dots. A `-` in front only says that a failure does not matter; a name without
/// a value keeps patterns off it and sets nothing; `;` begins a comment.
fn setting(text: &str) -> Option<(String, String)> {
    let text = text.trim_start_matches('-');
    if text.starts_with(';') {
        return None;
    }
    let (name, value) = text.split_once('=')?;
    // Slashes are allowed in place of dots; where the first separator is a slash, dots are part of names.
    let name = name.trim().trim_start_matches('/').replace('/', ".");
    let name = name.strip_prefix("proc.sys.").unwrap_or(&name).to_owned();
    (!name.is_empty()).then(|| (name, value.trim().to_owned()))
}
