//! Trust by host name: `/etc/hosts.equiv`, `/etc/ssh/shosts.equiv`, `~/.rhosts`, `~/.shosts` (hosts.equiv(5)).

use serde_json::json;
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, open, settings};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "ssh_trust",
    wants: &[
        "etc/hosts.equiv",
        "etc/shosts.equiv",
        "etc/ssh/shosts.equiv",
        "root/.rhosts",
        "root/.shosts",
        "home/*/.rhosts",
        "home/*/.shosts",
    ],
    read: |root, _| fact(facts(root)),
};

fn facts(root: &Root) -> Facts {
    let mut entries = Rows::default();
    for pattern in READER.wants {
        let files = match pattern.contains('*') {
            true => root.glob(pattern)?,
            false => open(root, pattern)?.into_iter().collect(),
        };
        for file in files {
            trusted(&file, &mut entries)?;
        }
    }
    Ok(Some(json!({"entries": entries.finish("hosts")?})))
}

/// One row a line that trusts; a line that begins with `-` distrusts.
fn trusted(file: &FileRef<'_>, entries: &mut Rows) -> Result<(), Reason> {
    for (line, text) in settings(file)? {
        if text.starts_with('-') {
            continue;
        }
        let any = text.split_whitespace().any(|word| word == "+");
        entries.push(json!({"any": any, "at": at(file, Some(line), &text)}));
    }
    Ok(())
}
