//! Apache's httpd: directives in sections, with includes; conditions on modules are followed.

mod modules;
mod server;

use serde_json::{Value, json as object};
use stance_model::Reason;

use self::modules::Modules;
use super::files::{self, Doc, Files};
use super::format::sections::{self, Event, Line};
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/apache2/**",
    "etc/httpd/**",
    "etc/letsencrypt/*.conf",
    "usr/local/apache2/conf/**",
];

const MAIN: &[&str] = &[
    "/etc/apache2/apache2.conf",
    "/etc/apache2/httpd.conf",
    "/etc/httpd/conf/httpd.conf",
    "/usr/local/apache2/conf/httpd.conf",
];
/// How long the names of sections around a setting may be, characters.
const MAX_CONTEXT: usize = 256;

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.first(MAIN)? else {
        return Ok(None);
    };
    let path = main.path();
    let dir = files::folder_of(&path).trim_end_matches("/conf");
    let mut reader = Reader {
        files,
        server_root: dir.to_owned(),
        sections: Vec::new(),
        modules: Modules::default(),
        settings: Settings::default(),
    };
    reader.file(&main, 0)?;
    let effective = server::effective(&main, reader.settings.list());
    let tls = reader.settings.list().iter().any(server::is_tls);
    Ok(Some(object!({
        "options": json(reader.settings.list())?,
        "effective": json(effective)?,
        "tls": tls,
    })))
}

/// A section that is open.
struct Section {
    label: String,
    /// Whether its directives count: a condition that does not hold makes them not.
    holds: bool,
}

struct Reader<'r> {
    files: Files<'r>,
    server_root: String,
    sections: Vec<Section>,
    modules: Modules,
    settings: Settings,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, depth: usize) -> Result<(), Reason> {
        let events = sections::events(&doc.text).map_err(|why| files::malformed(doc, why))?;
        for event in events {
            match event {
                Event::Open(line) => self.open(&line),
                Event::Close => drop(self.sections.pop()),
                Event::Directive(line) if self.holds() => self.directive(doc, &line, depth)?,
                Event::Directive(_) => {}
            }
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        self.sections.iter().all(|section| section.holds)
    }

    fn open(&mut self, line: &Line<'_>) {
        let condition = self
            .modules
            .condition(&line.name, line.args.first().map(String::as_str));
        let label = match condition {
            Some(_) => String::new(),
            None => format!("{} {}", line.name, line.args.join(" "))
                .chars()
                .take(64)
                .collect(),
        };
        self.sections.push(Section {
            label,
            holds: condition.unwrap_or(true),
        });
    }

    fn directive(&mut self, doc: &Doc<'_>, line: &Line<'_>, depth: usize) -> Result<(), Reason> {
        let first = line.args.first().map(String::as_str).unwrap_or_default();
        match line.name.as_str() {
            "include" | "includeoptional" => return self.include(first, depth),
            "serverroot" => first.clone_into(&mut self.server_root),
            "loadmodule" => self.modules.load(first),
            "define" => self.modules.define(first),
            _ => {}
        }
        let written = Written {
            line: line.line,
            name: &line.name,
            raw: line.raw,
            secret: line.name == "authldapbindpassword" || line.name == "dbdparams",
        };
        let context = self.context();
        let setting = Setting::new(doc, written, &line.args, &context);
        self.settings.push(server::read(setting))
    }

    fn include(&mut self, pattern: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        let pattern = files::below(&self.server_root, pattern);
        let found = match pattern.strip_suffix('/') {
            Some(dir) => self.files.folder(dir, "")?,
            None => self.files.glob(&pattern)?,
        };
        found.iter().try_for_each(|doc| self.file(doc, depth))
    }

    fn context(&self) -> String {
        let labels = self.sections.iter().map(|section| section.label.as_str());
        let labels: Vec<&str> = labels.filter(|label| !label.is_empty()).collect();
        labels.join(" / ").chars().take(MAX_CONTEXT).collect()
    }
}
