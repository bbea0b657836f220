//! `php.ini` of every server interface with its folder of additions: later wins.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::flat::switched;
use super::format::ini::{self, Dialect};
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/php/*/*/php.ini",
    "etc/php/*/*/conf.d/*.ini",
    "etc/php*/php.ini",
    "etc/php*/conf.d/*.ini",
    "etc/php.ini",
    "etc/php.d/*.ini",
    "usr/local/etc/php/php.ini",
    "usr/local/etc/php/conf.d/*.ini",
    "usr/local/lib/php.ini",
    "usr/local/lib/php.d/*.ini",
];

/// Where `php.ini` lies, and where what it is added to.
const PLACES: &[(&str, &str)] = &[
    ("etc/php/*/*/php.ini", "conf.d"),
    ("etc/php*/php.ini", "conf.d"),
    ("etc/php.ini", "php.d"),
    ("usr/local/etc/php/php.ini", "conf.d"),
    ("usr/local/lib/php.ini", "php.d"),
];
/// The folder of the official images, in which there may be no `php.ini`.
const OFFICIAL: &str = "/usr/local/etc/php";
const DIALECT: Dialect = Dialect {
    inline: &[';'],
    joined: false,
};
const SWITCHES: &[&str] = &[
    "allow_url_fopen",
    "allow_url_include",
    "cgi.fix_pathinfo",
    "display_errors",
    "display_startup_errors",
    "enable_dl",
    "expose_php",
    "file_uploads",
    "log_errors",
    "session.cookie_httponly",
    "session.cookie_secure",
    "session.use_only_cookies",
    "session.use_strict_mode",
];
/// What holds without a word, as the manual's list of directives says.
const DEFAULTS: &[(&str, &str)] = &[
    ("allow_url_fopen", "yes"),
    ("allow_url_include", "no"),
    ("cgi.fix_pathinfo", "yes"),
    ("disable_functions", ""),
    ("display_errors", "yes"),
    ("display_startup_errors", "yes"),
    ("enable_dl", "yes"),
    ("expose_php", "yes"),
    ("file_uploads", "yes"),
    ("log_errors", "yes"),
    ("open_basedir", ""),
    ("session.cookie_httponly", "no"),
    ("session.cookie_secure", "no"),
    ("session.use_only_cookies", "yes"),
    ("session.use_strict_mode", "no"),
];

/// Reads the configuration of every interface.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut reader = Reader {
        files: Files::new(root, WANTS),
        settings: Settings::default(),
        interfaces: Vec::new(),
    };
    for (pattern, additions) in PLACES {
        for main in reader.files.glob(pattern)? {
            let path = main.path();
            let dir = files::folder_of(&path);
            let more = reader.files.folder(&files::below(dir, additions), ".ini")?;
            reader.interface(dir, &main, &more)?;
        }
    }
    reader.official()?;
    if reader.interfaces.is_empty() {
        return Ok(None);
    }
    let rows = reader.interfaces.iter();
    let interfaces: Vec<Value> = rows
        .map(|(dir, web)| object!({ "path": dir, "web": web }))
        .collect();
    Ok(Some(
        object!({ "options": json(reader.settings.list())?, "interfaces": interfaces }),
    ))
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
    interfaces: Vec<(String, bool)>,
}

impl Reader<'_> {
    /// The official images' interface, whose first addition stands for the missing `php.ini`.
    fn official(&mut self) -> Result<(), Reason> {
        let found = self.files.folder(&format!("{OFFICIAL}/conf.d"), ".ini")?;
        match found.split_first() {
            Some((main, more)) => self.interface(OFFICIAL, main, more),
            None => Ok(()),
        }
    }

    fn interface(&mut self, dir: &str, main: &Doc<'_>, more: &[Doc<'_>]) -> Result<(), Reason> {
        if self.interfaces.iter().any(|(seen, _)| seen == dir) {
            return Ok(());
        }
        self.file(main, dir)?;
        more.iter().try_for_each(|doc| self.file(doc, dir))?;
        self.settings.defaults(main, dir, DEFAULTS)?;
        self.interfaces
            .push((dir.to_owned(), !dir.ends_with("/cli")));
        Ok(())
    }

    fn file(&mut self, doc: &Doc<'_>, context: &str) -> Result<(), Reason> {
        for entry in ini::entries(&doc.text, DIALECT) {
            // Sections for one folder or host hold there only.
            let special = entry.section.starts_with("PATH=") || entry.section.starts_with("HOST=");
            let Some(value) = entry.value.filter(|_| !special) else {
                continue;
            };
            let written = Written {
                line: entry.line,
                name: entry.name,
                raw: entry.raw,
                secret: entry.name.ends_with("default_pw") || entry.name.ends_with(".password"),
            };
            let setting = Setting::new(doc, written, &[value], context);
            self.settings.replace(switched(setting, SWITCHES))?;
        }
        Ok(())
    }
}
