//! `sshd_config`: the first value wins, `Match` blocks override what is global, `Include` takes shell patterns.

mod value;

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::format::{properties, words};
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["etc/ssh/**", "usr/etc/ssh/**"];

const MAIN: &[&str] = &["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"];
/// Keywords that may be given several times, each adding to the others.
const SEVERAL: &[&str] = &[
    "acceptenv",
    "allowgroups",
    "allowusers",
    "denygroups",
    "denyusers",
    "hostcertificate",
    "hostkey",
    "listenaddress",
    "permitlisten",
    "permitopen",
    "port",
    "setenv",
    "subsystem",
];
/// The context of `Match all`, which holds for everyone.
const EVERYONE: &str = "match all";

/// What holds without a word, as sshd_config(5) of OpenSSH 9 says.
const DEFAULTS: &[(&str, &str)] = &[
    ("allowagentforwarding", "yes"),
    ("allowtcpforwarding", "yes"),
    ("banner", "none"),
    ("clientalivecountmax", "3"),
    ("clientaliveinterval", "0"),
    ("disableforwarding", "no"),
    ("gatewayports", "no"),
    ("gssapiauthentication", "no"),
    ("hostbasedauthentication", "no"),
    ("ignorerhosts", "yes"),
    ("kbdinteractiveauthentication", "yes"),
    ("logingracetime", "120"),
    ("loglevel", "INFO"),
    ("maxauthtries", "6"),
    ("maxsessions", "10"),
    ("maxstartups", "10:30:100"),
    ("passwordauthentication", "yes"),
    ("permitemptypasswords", "no"),
    ("permitrootlogin", "prohibit-password"),
    ("permittunnel", "no"),
    ("permituserenvironment", "no"),
    ("port", "22"),
    ("pubkeyauthentication", "yes"),
    ("strictmodes", "yes"),
    ("usepam", "no"),
    ("x11forwarding", "no"),
];

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let Some(main) = files.first(MAIN)? else {
        return Ok(None);
    };
    let mut reader = Reader {
        files,
        settings: Settings::default(),
    };
    reader.file(&main, "", 0)?;
    let mut settings = for_everyone(reader.settings)?;
    settings.defaults(&main, "", DEFAULTS)?;
    for (name, algorithms) in value::ALGORITHMS {
        settings.defaults(&main, "", &[(name, algorithms)])?;
    }
    let host_keys = host_keys(root);
    Ok(Some(
        object!({ "options": json(settings.list())?, "host_keys": host_keys }),
    ))
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
}

impl Reader<'_> {
    fn file(&mut self, doc: &Doc<'_>, context: &str, depth: usize) -> Result<(), Reason> {
        let mut context = context.to_owned();
        for entry in properties::entries(&doc.text, &['=']) {
            let args = words::split(entry.rest);
            let lower = entry.name.to_ascii_lowercase();
            let name = value::canonical(&lower);
            match name {
                "match" => context = format!("match {}", args.join(" ")),
                "include" => self.include(&args, &context, depth)?,
                _ if args.is_empty() => {}
                _ => {
                    let written = Written::plain(entry.line, name, entry.raw);
                    self.set(value::read(Setting::new(doc, written, &args, &context)))?;
                }
            }
        }
        Ok(())
    }

    fn set(&mut self, setting: Setting) -> Result<(), Reason> {
        if SEVERAL.contains(&setting.name.as_str()) {
            return self.settings.push(setting);
        }
        self.settings.keep(setting)
    }

    fn include(&mut self, patterns: &[String], context: &str, depth: usize) -> Result<(), Reason> {
        let depth = files::deeper(depth)?;
        for pattern in patterns {
            for doc in self.files.glob(&files::below("/etc/ssh", pattern))? {
                self.file(&doc, context, depth)?;
            }
        }
        Ok(())
    }
}

/// What `Match all` sets holds in place of what is global.
fn for_everyone(read: Settings) -> Result<Settings, Reason> {
    let everyone = |s: &Setting| s.context.eq_ignore_ascii_case(EVERYONE);
    if !read.list().iter().any(everyone) {
        return Ok(read);
    }
    let mut settings = Settings::default();
    let (all, rest): (Vec<_>, Vec<_>) = read.list().iter().cloned().partition(everyone);
    for setting in all {
        settings.keep(Setting {
            context: String::new(),
            ..setting
        })?;
    }
    for setting in rest {
        if SEVERAL.contains(&setting.name.as_str()) {
            settings.push(setting)?;
        } else {
            settings.keep(setting)?;
        }
    }
    Ok(settings)
}

/// The private host keys that lie in the tree; their content is not looked at.
fn host_keys(root: &Root) -> Vec<Value> {
    let keys = root.entries().filter(|file| {
        let path = file.path();
        let name = path.strip_prefix("/etc/ssh/ssh_host_");
        name.is_some_and(|name| name.ends_with("_key")) && file.entry().size > 0
    });
    let row = |file: crate::root::FileRef<'_>| {
        let name = file.path();
        let kind = name
            .trim_start_matches("/etc/ssh/ssh_host_")
            .trim_end_matches("_key");
        object!({ "type": kind, "at": file.place(None, format!("{kind} host key")) })
    };
    keys.take(16).map(row).collect()
}
