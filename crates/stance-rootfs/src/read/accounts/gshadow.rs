//! `/etc/gshadow` (gshadow(5)): passwords of groups.

use serde_json::json;

use super::lines::{Facts, Rows, at, fact, open, settings};
use crate::password::Scheme;
use crate::read::FactReader;
use crate::root::Root;

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "gshadow",
    wants: &["etc/gshadow"],
    read: |root, _| fact(facts(root)),
};

fn facts(root: &Root) -> Facts {
    let Some(file) = open(root, "etc/gshadow")? else {
        return Ok(None);
    };
    let (mut entries, mut broken) = (Rows::default(), Rows::default());
    for (line, text) in settings(&file)? {
        let fields: Vec<&str> = text.split(':').collect();
        let [name, password, ..] = fields.as_slice() else {
            broken.push(at(&file, Some(line), ""));
            continue;
        };
        let scheme = Scheme::of(password);
        entries.push(json!({
            "name": name,
            "scheme": scheme.name(),
            "password": scheme.is_hash() && !password.starts_with('!'),
            "at": at(&file, Some(line), name),
        }));
    }
    Ok(Some(json!({
        "entries": entries.finish("groups")?,
        "broken": broken.finish("broken lines")?,
    })))
}
