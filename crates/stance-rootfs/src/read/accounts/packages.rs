//! Installed packages of dpkg (deb-status) and apk.

use serde_json::{Map, Value, json};
use stance_model::{Reason, ReasonKind};

use super::lines::{Facts, at, fact, lines, open};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "packages",
    wants: &[
        "var/lib/dpkg/status",
        "var/lib/dpkg/status.d/*",
        "lib/apk/db/installed",
        "usr/lib/apk/db/installed",
    ],
    read: |root, _| fact(facts(root)),
};

/// The paths whose entries are looked at: databases that are not read, which must not look as if nothing were installed.
pub(super) const SEES: &[&str] = &[
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/Packages.db",
];

/// The most packages that are kept.
const MOST: usize = 20_000;

/// A database: the keys of a name, a version and a state.
struct Format {
    name: &'static str,
    version: &'static str,
    state: Option<&'static str>,
}

const DPKG: Format = Format {
    name: "Package: ",
    version: "Version: ",
    state: Some("Status: "),
};

const APK: Format = Format {
    name: "P:",
    version: "V:",
    state: None,
};

fn facts(root: &Root) -> Facts {
    for path in SEES {
        if open(root, path)?.is_some() {
            let message = format!("/{path} is an RPM database, which is not read");
            return Err(Reason::new(ReasonKind::NotCollected, message));
        }
    }
    let mut installed = Map::new();
    let mut manager: Option<(&str, FileRef<'_>)> = None;
    if let Some(file) = open(root, "var/lib/dpkg/status")? {
        read(&file, &DPKG, &mut installed)?;
        manager = Some(("dpkg", file));
    }
    for file in root.glob("var/lib/dpkg/status.d/*")? {
        read(&file, &DPKG, &mut installed)?;
        manager = Some(("dpkg", file));
    }
    for path in ["lib/apk/db/installed", "usr/lib/apk/db/installed"] {
        if let Some(file) = open(root, path)? {
            read(&file, &APK, &mut installed)?;
            manager = Some(("apk", file));
        }
    }
    Ok(manager.map(|(manager, file)| {
        json!({
            "manager": manager,
            "installed": installed,
            "at": at(&file, None, manager),
        })
    }))
}

/// The stanzas of a file; an empty line ends one.
fn read(
    file: &FileRef<'_>,
    format: &Format,
    installed: &mut Map<String, Value>,
) -> Result<(), Reason> {
    let (mut name, mut version, mut there) = (None, String::new(), true);
    let mut put = |name: &mut Option<String>, version: &mut String, there: &mut bool| {
        if let Some(name) = name.take().filter(|_| *there && installed.len() <= MOST) {
            installed.insert(name, json!(std::mem::take(version)));
        }
        *there = true;
    };
    for line in lines(file)? {
        let text = line.text.as_ref();
        if text.trim().is_empty() {
            put(&mut name, &mut version, &mut there);
        } else if let Some(value) = text.strip_prefix(format.name) {
            name = Some(value.trim().to_owned());
        } else if let Some(value) = text.strip_prefix(format.version) {
            value.trim().clone_into(&mut version);
        } else if let Some(value) = format.state.and_then(|state| text.strip_prefix(state)) {
            there = value.trim().ends_with(" installed");
        }
    }
    put(&mut name, &mut version, &mut there);
    match installed.len() > MOST {
        true => Err(Reason::new(
            ReasonKind::Budget,
            format!("more than {MOST} packages"),
        )),
        false => Ok(()),
    }
}
