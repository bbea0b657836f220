//! `rsyncd.conf`: modules and what holds for all of them.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::flat::switched;
use super::format::ini::{self, Dialect};
use super::format::words;
use super::setting::{Setting, Settings, Written, json};
use crate::root::{Place, Root};

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/rsyncd.conf", "etc/rsyncd.d/**", "etc/rsync/**"];

const DIALECT: Dialect = Dialect {
    inline: &[],
    joined: true,
};
const SWITCHES: &[&str] = &[
    "list",
    "read_only",
    "use_chroot",
    "write_only",
    "strict_modes",
];
/// How many modules are kept.
const MAX_MODULES: usize = 200;

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.first(&["/etc/rsyncd.conf", "/etc/rsync/rsyncd.conf"])? else {
        return Ok(None);
    };
    let mut reader = Reader {
        files,
        settings: Settings::default(),
        modules: Vec::new(),
    };
    reader.file(&main, 0)?;
    let modules: Vec<Value> = reader
        .modules
        .iter()
        .map(|name| reader.module(&main, name))
        .collect();
    Ok(Some(
        object!({ "options": json(reader.settings.list())?, "modules": modules }),
    ))
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
    modules: Vec<String>,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        for entry in ini::entries(&doc.text, DIALECT) {
            if let Some(include) = entry.name.strip_prefix('&') {
                self.include(include, depth)?;
                continue;
            }
            let global = entry.section.eq_ignore_ascii_case("global");
            let context = if global { "" } else { entry.section };
            self.section(context)?;
            let name = words::name(entry.name);
            let value = entry.value.unwrap_or_default();
            let written = Written::plain(entry.line, &name, entry.raw);
            let setting = Setting::new(doc, written, &[value], context);
            self.settings.replace(switched(setting, SWITCHES))?;
        }
        Ok(())
    }

    fn section(&mut self, name: &str) -> Result<(), Reason> {
        if name.is_empty() || self.modules.iter().any(|known| known == name) {
            return Ok(());
        }
        if self.modules.len() >= MAX_MODULES {
            return Err(files::over(format!("more than {MAX_MODULES} modules")));
        }
        self.modules.push(name.to_owned());
        Ok(())
    }

    fn include(&mut self, line: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let (how, path) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let end = if how == "merge" { ".inc" } else { ".conf" };
        let path = path.trim();
        let mut found: Vec<Doc<'_>> = self.files.open(path)?.into_iter().collect();
        if found.is_empty() {
            found = self.files.folder(path, end)?;
        }
        found.iter().try_for_each(|doc| self.file(doc, depth))
    }

    /// What holds in a module: its own, else the global value, else the default.
    fn value<'s>(&'s self, name: &str, module: &str, default: &'s str) -> &'s str {
        self.setting(name, module).map_or(default, |s| &s.value)
    }

    /// The setting that holds in a module, its own or the global one.
    fn setting(&self, name: &str, module: &str) -> Option<&Setting> {
        let own = self.settings.last(name, module);
        own.or_else(|| self.settings.last(name, ""))
    }

    fn module(&self, main: &Doc<'_>, name: &str) -> Value {
        let own = |key| self.settings.last(key, name);
        let place = own("path").map_or_else(|| main.at(0, ""), |s| s.at.clone());
        let of = |place: Place| Place {
            what: format!("[{name}] {}", place.what),
            ..place
        };
        let at = |key| {
            let set = self.setting(key, name).map(|s| s.at.clone());
            of(set.unwrap_or_else(|| place.clone()))
        };
        let root = matches!(self.value("uid", name, "nobody"), "root" | "0");
        object!({
            "name": name,
            "auth": !self.value("auth_users", name, "").is_empty(),
            "limited": !self.value("hosts_allow", name, "").trim_matches('*').is_empty(),
            "read_only": self.value("read_only", name, "yes") == "yes",
            "listed": self.value("list", name, "yes") == "yes",
            "chroot": self.value("use_chroot", name, "yes") != "no",
            "root": root,
            "read_only_at": at("read_only"),
            "chroot_at": at("use_chroot"),
            "root_at": at("uid"),
            "at": of(place.clone()),
        })
    }
}
