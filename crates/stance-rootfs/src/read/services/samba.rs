//! `smb.conf` of Samba: global settings and shares.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::flat::switched;
use super::format::ini::{self, Dialect};
use super::format::words;
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/samba/**"];

const MAIN: &str = "/etc/samba/smb.conf";
const GLOBAL: &str = "global";
const DIALECT: Dialect = Dialect {
    inline: &[],
    joined: true,
};
/// Other names of the same setting.
const SYNONYMS: &[(&str, &str)] = &[
    ("public", "guest_ok"),
    ("min_protocol", "server_min_protocol"),
    ("max_protocol", "server_max_protocol"),
    ("directory", "path"),
    ("allow_hosts", "hosts_allow"),
];
const SWITCHES: &[&str] = &[
    "guest_ok",
    "guest_only",
    "read_only",
    "null_passwords",
    "available",
    "encrypt_passwords",
    "usershare_allow_guests",
];
/// What holds without a word, as smb.conf(5) of Samba 4.11 and later says.
const DEFAULTS: &[(&str, &str)] = &[
    ("map_to_guest", "Never"),
    ("null_passwords", "no"),
    ("server_min_protocol", "SMB2_02"),
    ("server_signing", "default"),
];
/// How many shares are kept.
const MAX_SHARES: usize = 200;

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.open(MAIN)? else {
        return Ok(None);
    };
    let mut reader = Reader {
        files,
        settings: Settings::default(),
        shares: Vec::new(),
    };
    reader.file(&main, 0)?;
    reader.settings.defaults(&main, GLOBAL, DEFAULTS)?;
    let shares: Vec<Value> = reader
        .shares
        .iter()
        .map(|name| reader.share(&main, name))
        .collect();
    Ok(Some(
        object!({ "options": json(reader.settings.list())?, "shares": shares }),
    ))
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
    shares: Vec<String>,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        for entry in ini::entries(&doc.text, DIALECT) {
            let section = entry.section.to_lowercase();
            let name = words::name(entry.name);
            let value = entry.value.unwrap_or_default();
            if name == "include" {
                self.include(&value, depth)?;
                continue;
            }
            self.section(&section)?;
            let (name, value) = canonical(&name, value);
            let written = Written::plain(entry.line, name, entry.raw);
            let setting = Setting::new(doc, written, &[value], &section);
            self.settings.replace(switched(setting, SWITCHES))?;
        }
        Ok(())
    }

    fn include(&mut self, path: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let found = self.files.open(path)?;
        found.iter().try_for_each(|doc| self.file(doc, depth))
    }

    fn section(&mut self, name: &str) -> Result<(), Reason> {
        if name == GLOBAL || self.shares.iter().any(|known| known == name) {
            return Ok(());
        }
        if self.shares.len() >= MAX_SHARES {
            return Err(files::over(format!("more than {MAX_SHARES} shares")));
        }
        self.shares.push(name.to_owned());
        Ok(())
    }

    fn share(&self, main: &Doc<'_>, name: &str) -> Value {
        let held = |key| {
            self.settings
                .last(key, name)
                .or_else(|| self.settings.last(key, GLOBAL))
        };
        let yes = |key| held(key).is_some_and(|s| s.value == "yes");
        let place = self
            .settings
            .last("guest_ok", name)
            .or_else(|| self.settings.last("path", name));
        object!({
            "name": name,
            "guest": yes("guest_ok"),
            "writable": held("read_only").is_some_and(|s| s.value == "no"),
            "limited": held("hosts_allow").is_some(),
            "at": place.map_or_else(|| main.at(0, format!("[{name}]")), |s| s.at.clone()),
        })
    }
}

/// The name of today, and the value where a synonym means the reverse.
fn canonical(name: &str, value: String) -> (&str, String) {
    if matches!(name, "writable" | "writeable" | "write_ok") {
        let writable = words::truth(&value) == "yes";
        return ("read_only", if writable { "no" } else { "yes" }.to_owned());
    }
    let known = SYNONYMS.iter().find(|(other, _)| *other == name);
    (known.map_or(name, |(_, today)| today), value)
}
