//! Libraries that every program loads: `/etc/ld.so.preload` and `LD_PRELOAD` of `/etc/environment` (ld.so(8)).

use serde_json::{Value, json};

use super::lines::{Facts, Rows, at, fact, open, settings, writable};
use crate::read::FactReader;
use crate::root::{FileRef, Lookup, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "ld_preload",
    wants: &["etc/ld.so.preload", "etc/environment"],
    read: |root, _| fact(facts(root)),
};

fn facts(root: &Root) -> Facts {
    let mut entries = Rows::default();
    if let Some(file) = open(root, "etc/ld.so.preload")? {
        for (line, text) in settings(&file)? {
            let text = text.split('#').next().unwrap_or_default();
            libraries(root, &file, line, text, &mut entries);
        }
    }
    if let Some(file) = open(root, "etc/environment")? {
        for (line, text) in settings(&file)? {
            let text = text.strip_prefix("export ").unwrap_or(&text);
            if let Some(value) = text.trim_start().strip_prefix("LD_PRELOAD=") {
                let value = value.trim().trim_matches(['"', '\'']);
                libraries(root, &file, line, value, &mut entries);
            }
        }
    }
    Ok(Some(json!({"entries": entries.finish("libraries")?})))
}

fn libraries(root: &Root, file: &FileRef<'_>, line: u64, text: &str, entries: &mut Rows) {
    let names = text.split(|c: char| c.is_whitespace() || c == ':');
    for library in names.filter(|name| !name.is_empty()) {
        let found: Value = match root.look(library) {
            Lookup::Found(found) => json!(writable(&found)),
            _ => Value::Null,
        };
        entries.push(json!({
            "library": library,
            "writable": found,
            "at": at(file, Some(line), library),
        }));
    }
}
