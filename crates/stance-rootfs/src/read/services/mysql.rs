//! Option files of MySQL and MariaDB: groups, `!include`, later settings win.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::flat::switched;
use super::format::ini::{self, Dialect, Entry};
use super::net;
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/my.cnf",
    "etc/my.cnf.d/**",
    "etc/alternatives/my.cnf",
    "etc/mysql/**",
    "usr/etc/my.cnf",
];

const MAIN: &[&str] = &["/etc/my.cnf", "/etc/mysql/my.cnf", "/usr/etc/my.cnf"];
/// Where Debian's link `my.cnf` points, for trees in which it was not made.
const DEBIAN: &[&str] = &["/etc/mysql/mariadb.cnf", "/etc/mysql/mysql.cnf"];
/// The context of what the server reads.
const SERVER: &str = "server";
const DIALECT: Dialect = Dialect {
    inline: &['#'],
    joined: false,
};
const SECRETS: &[&str] = &[
    "password",
    "master_password",
    "wsrep_sst_auth",
    "ssl_passphrase",
];
const SWITCHES: &[&str] = &[
    "allow_suspicious_udfs",
    "general_log",
    "local_infile",
    "old_passwords",
    "require_secure_transport",
    "secure_auth",
    "skip_grant_tables",
    "skip_name_resolve",
    "skip_networking",
    "skip_show_database",
    "slow_query_log",
    "symbolic_links",
];

/// Reads the option files in the order of the server.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut reader = Reader {
        files: Files::new(root, WANTS),
        settings: Settings::default(),
        mariadb: false,
    };
    let mut main = None;
    for path in MAIN {
        if let Some(doc) = reader.files.open(path)? {
            reader.file(&doc, 0)?;
            main = main.or(Some(doc));
        }
    }
    if main.is_none() {
        main = reader.files.first(DEBIAN)?;
        main.iter().try_for_each(|doc| reader.file(doc, 0))?;
    }
    let served = reader.settings.list().iter().any(|s| s.context == SERVER);
    match main {
        Some(main) if served => reader.facts(&main).map(Some),
        _ => Ok(None),
    }
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
    mariadb: bool,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        self.mariadb |= doc.path().contains("mariadb");
        for entry in ini::entries(&doc.text, DIALECT) {
            match entry.name.strip_prefix('!') {
                Some(include) => self.include(include, depth)?,
                None => self.entry(doc, &entry)?,
            }
        }
        Ok(())
    }

    fn include(&mut self, line: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let (how, path) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let found = match how {
            "includedir" => self.files.folder(path.trim(), ".cnf")?,
            _ => self.files.open(path.trim())?.into_iter().collect(),
        };
        found.iter().try_for_each(|doc| self.file(doc, depth))
    }

    fn entry(&mut self, doc: &Doc<'_>, entry: &Entry<'_>) -> Result<(), Reason> {
        self.mariadb |= entry.section.starts_with("mariadb");
        let context = if is_server(entry.section) {
            SERVER
        } else {
            entry.section
        };
        let name = entry.name.replace('-', "_");
        let name = name.strip_prefix("loose_").unwrap_or(&name);
        let value = entry.value.clone().unwrap_or_else(|| "yes".to_owned());
        let written = Written {
            line: entry.line,
            name,
            raw: entry.raw,
            secret: SECRETS.contains(&name),
        };
        let setting = Setting::new(doc, written, &[value], context);
        self.settings.replace(switched(setting, SWITCHES))
    }

    fn facts(mut self, main: &Doc<'_>) -> Result<Value, Reason> {
        let infile = if self.mariadb { "yes" } else { "no" };
        let defaults = [
            ("bind_address", "*"),
            ("local_infile", infile),
            ("skip_grant_tables", "no"),
            ("skip_networking", "no"),
        ];
        self.settings.defaults(main, SERVER, &defaults)?;
        let quiet = self.settings.value("skip_networking", SERVER) == "yes";
        let addresses = self.settings.value("bind_address", SERVER).split(',');
        let exposed = !quiet && net::exposed(addresses, true);
        Ok(object!({
            "options": json(self.settings.list())?,
            "mariadb": self.mariadb,
            "exposed": exposed,
        }))
    }
}

/// Whether the server reads a group.
fn is_server(group: &str) -> bool {
    let bare = group.split('-').next().unwrap_or_default();
    matches!(bare, "mysqld" | "server" | "mariadb" | "mariadbd") && !group.ends_with("-client")
}
