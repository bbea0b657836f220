//! `postgresql.conf` with its includes (later wins) and the records of `pg_hba.conf`.

mod hba;

use serde_json::{Value, json as object};
use stance_model::Reason;

use self::hba::Record;
use super::files::{self, Doc, Files};
use super::flat::switched;
use super::format::{properties, words};
use super::net;
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "**/postgresql.conf",
    "**/postgresql.auto.conf",
    "**/pg_hba.conf",
    "etc/postgresql/**",
];

const SECRETS: &[&str] = &["primary_conninfo", "ssl_passphrase_command"];
const SWITCHES: &[&str] = &[
    "log_connections",
    "log_disconnections",
    "ssl",
    "db_user_namespace",
    "fsync",
];
/// What holds without a word, as the manual of version 15 says.
const DEFAULTS: &[(&str, &str)] = &[
    ("listen_addresses", "localhost"),
    ("log_connections", "no"),
    ("log_disconnections", "no"),
    ("password_encryption", "scram-sha-256"),
    ("ssl", "no"),
    ("ssl_min_protocol_version", "TLSv1.2"),
];

/// Reads every cluster of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut reader = Reader {
        files: Files::new(root, WANTS),
        settings: Settings::default(),
        records: Vec::new(),
    };
    let mut clusters = Vec::new();
    for main in reader.files.named("postgresql.conf")? {
        clusters.push(reader.cluster(&main)?);
    }
    if clusters.is_empty() {
        return Ok(None);
    }
    Ok(Some(object!({
        "options": json(reader.settings.list())?,
        "clusters": clusters,
        "hba": json(reader.records)?,
    })))
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
    records: Vec<Record>,
}

impl Reader<'_> {
    fn cluster(&mut self, main: &Doc<'_>) -> Result<Value, Reason> {
        let path = main.path();
        let dir = files::folder_of(&path);
        self.file(main, &path, 0)?;
        if let Some(auto) = self
            .files
            .open(&files::below(dir, "postgresql.auto.conf"))?
        {
            self.file(&auto, &path, 0)?;
        }
        self.settings.defaults(main, &path, DEFAULTS)?;
        let addresses = self.settings.value("listen_addresses", &path).split(',');
        let exposed = net::exposed(addresses, false);
        let hba = match self.settings.value("hba_file", &path) {
            "" => files::below(dir, "pg_hba.conf"),
            named => named.to_owned(),
        };
        if let Some(doc) = self.files.open(&hba)? {
            hba::read(&doc, &mut self.files, exposed, &mut self.records, 0)?;
        }
        let listen = self.settings.last("listen_addresses", &path);
        Ok(object!({ "path": path, "exposed": exposed, "at": listen.map(|s| s.at.clone()) }))
    }

    fn file(&mut self, doc: &Doc<'_>, context: &str, depth: usize) -> Result<(), Reason> {
        for entry in properties::entries(&doc.text, &['=']) {
            let name = entry.name.to_ascii_lowercase();
            let value = value(entry.rest);
            if name.starts_with("include") {
                self.include(doc, (&name, &value), context, depth)?;
                continue;
            }
            let written = Written {
                line: entry.line,
                name: &name,
                raw: entry.raw,
                secret: SECRETS.contains(&name.as_str()),
            };
            let setting = Setting::new(doc, written, &[value], context);
            self.settings.replace(switched(setting, SWITCHES))?;
        }
        Ok(())
    }

    fn include(
        &mut self,
        doc: &Doc<'_>,
        (how, value): (&str, &str),
        context: &str,
        depth: usize,
    ) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let path = files::below(files::folder_of(&doc.path()), value);
        let found = match how {
            "include_dir" => self.files.folder(&path, ".conf")?,
            _ => self.files.open(&path)?.into_iter().collect(),
        };
        found
            .iter()
            .try_for_each(|doc| self.file(doc, context, depth))
    }
}

/// A value without its quotes and the comment after it.
fn value(rest: &str) -> String {
    words::split(rest).into_iter().next().unwrap_or_default()
}
