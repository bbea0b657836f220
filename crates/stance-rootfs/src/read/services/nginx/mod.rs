//! nginx: nested blocks with includes; a server inherits what it does not set itself.

mod effective;

use serde_json::{Value, json as object};
use stance_model::Reason;

use self::effective::Effective;
use super::files::{self, Doc, Files};
use super::format::blocks::{self, Event, Statement};
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/nginx/**",
    "etc/letsencrypt/*.conf",
    "usr/local/nginx/conf/**",
    "usr/local/openresty/nginx/conf/**",
    "usr/share/nginx/modules-available/*",
];

const MAIN: &[&str] = &[
    "/etc/nginx/nginx.conf",
    "/usr/local/nginx/conf/nginx.conf",
    "/usr/local/openresty/nginx/conf/nginx.conf",
];
/// Blocks of data, no settings.
const DATA: &[&str] = &["types", "map", "geo", "charset_map", "split_clients"];
/// How long the names of blocks around a setting may be, characters.
const MAX_CONTEXT: usize = 256;

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.first(MAIN)? else {
        return Ok(None);
    };
    let mut reader = Reader {
        files,
        dir: files::folder_of(&main.path()).to_owned(),
        blocks: Vec::new(),
        settings: Settings::default(),
        effective: Effective::default(),
    };
    reader.file(&main, 0)?;
    let tls = reader.effective.has_tls();
    let effective = reader.effective.finish(&main);
    Ok(Some(object!({
        "options": json(reader.settings.list())?,
        "effective": json(effective)?,
        "tls": tls,
    })))
}

/// A block that is open.
struct Block {
    name: String,
    label: String,
}

struct Reader<'r> {
    files: Files<'r>,
    dir: String,
    blocks: Vec<Block>,
    settings: Settings,
    effective: Effective,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        let events = blocks::events(&doc.text).map_err(|why| files::malformed(doc, why))?;
        for event in events {
            match event {
                Event::Open(statement) => self.open(&statement),
                Event::Close => drop(self.blocks.pop()),
                Event::Simple(statement) if self.is_data() => drop(statement),
                Event::Simple(statement) => self.simple(doc, &statement, depth)?,
            }
        }
        Ok(())
    }

    fn open(&mut self, statement: &Statement) {
        let name = statement.words.first().cloned().unwrap_or_default();
        if name == "server" && self.blocks.last().is_some_and(|block| block.name == "http") {
            self.effective.server();
        }
        let label = statement.words.join(" ").chars().take(64).collect();
        self.blocks.push(Block { name, label });
    }

    fn is_data(&self) -> bool {
        self.blocks
            .iter()
            .any(|block| DATA.contains(&block.name.as_str()))
    }

    fn simple(&mut self, doc: &Doc<'_>, statement: &Statement, depth: usize) -> Result<(), Reason> {
        let Some((name, args)) = statement.words.split_first() else {
            return Ok(());
        };
        if name == "include" {
            return self.include(args, depth);
        }
        let written = Written {
            line: statement.line,
            name,
            raw: &statement.words.join(" "),
            secret: name == "ssl_password_file",
        };
        let setting = Setting::new(doc, written, args, &self.context());
        self.effective
            .set(&setting, self.blocks.iter().map(|b| b.name.as_str()));
        self.settings.push(setting)
    }

    fn include(&mut self, args: &[String], depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        for pattern in args {
            for doc in self.files.glob(&files::below(&self.dir, pattern))? {
                self.file(&doc, depth)?;
            }
        }
        Ok(())
    }

    fn context(&self) -> String {
        let labels: Vec<&str> = self
            .blocks
            .iter()
            .map(|block| block.label.as_str())
            .collect();
        labels.join(" / ").chars().take(MAX_CONTEXT).collect()
    }
}
