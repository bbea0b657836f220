//! `redis.conf` of Redis, Valkey and KeyDB: later lines win, users of the access control list.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{self, Doc, Files};
use super::format::{properties, words};
use super::setting::{Setting, Settings, Written, json};
use super::{mask, net};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "**/redis.conf",
    "**/valkey.conf",
    "**/keydb.conf",
    "etc/redis/**",
    "etc/valkey/**",
    "usr/local/etc/redis/**",
];

/// Settings whose values are secrets.
const SECRETS: &[&str] = &[
    "requirepass",
    "masterauth",
    "tls-key-file-pass",
    "tls-client-key-file-pass",
];
/// Settings that may be given several times.
const SEVERAL: &[&str] = &[
    "rename-command",
    "save",
    "loadmodule",
    "client-output-buffer-limit",
];
/// What holds without a word, as the commented file of Redis 7 says.
const DEFAULTS: &[(&str, &str)] = &[
    ("enable-debug-command", "no"),
    ("enable-module-command", "no"),
    ("enable-protected-configs", "no"),
    ("maxclients", "10000"),
    ("port", "6379"),
    ("protected-mode", "yes"),
    ("timeout", "0"),
    ("tls-port", "0"),
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut reader = Reader {
        files: Files::new(root, WANTS),
        settings: Settings::default(),
    };
    let mut instances = Vec::new();
    for name in ["redis.conf", "valkey.conf", "keydb.conf"] {
        for doc in reader.files.named(name)? {
            instances.push(reader.instance(&doc)?);
        }
    }
    if instances.is_empty() {
        return Ok(None);
    }
    let options = json(reader.settings.list())?;
    Ok(Some(
        object!({ "options": options, "instances": instances }),
    ))
}

/// Who may come in without more.
#[derive(Default)]
struct DefaultUser {
    /// `none`, `weak` or `set`; empty where nothing is said.
    password: &'static str,
}

struct Reader<'r> {
    files: Files<'r>,
    settings: Settings,
}

impl Reader<'_> {
    fn instance(&mut self, main: &Doc<'_>) -> Result<Value, Reason> {
        let path = main.path();
        let mut user = DefaultUser::default();
        self.file(main, &path, &mut user, 0)?;
        let acl = self.settings.value("aclfile", &path).to_owned();
        if !acl.is_empty()
            && let Some(doc) = self.files.open(&acl)?
        {
            self.file(&doc, &path, &mut user, 1)?;
        }
        self.settings.defaults(main, &path, DEFAULTS)?;
        Ok(self.summary(main, &path, &user))
    }

    fn summary(&self, main: &Doc<'_>, path: &str, user: &DefaultUser) -> Value {
        let bind = self.settings.last("bind", path);
        let listens = ["port", "tls-port"]
            .iter()
            .any(|name| self.settings.value(name, path) != "0");
        let addresses = bind.iter().flat_map(|s| s.args.iter().map(String::as_str));
        let password = if user.password.is_empty() {
            "none"
        } else {
            user.password
        };
        let place = bind.map_or_else(|| main.at(0, "bind * (default)"), |s| s.at.clone());
        object!({
            "path": path,
            "exposed": listens && net::exposed(addresses, true),
            "protected": self.settings.value("protected-mode", path) == "yes",
            "password": password,
            "plain": self.settings.value("port", path) != "0",
            "at": place,
        })
    }

    fn file(
        &mut self,
        doc: &Doc<'_>,
        context: &str,
        user: &mut DefaultUser,
        depth: usize,
    ) -> Result<(), Reason> {
        for entry in properties::entries(&doc.text, &[]) {
            let args = words::whole(entry.rest);
            let name = entry.name.to_ascii_lowercase();
            let first = args.first().map(String::as_str).unwrap_or_default();
            match name.as_str() {
                "include" => {
                    let depth = files::deeper(depth)?;
                    for doc in self.files.glob(first)? {
                        self.file(&doc, context, user, depth)?;
                    }
                    continue;
                }
                "requirepass" => user.password = mask::quality(first, ""),
                "user" if first == "default" => user.rules(&args),
                _ => {}
            }
            self.set(doc, (&name, entry.line, entry.raw), args, context)?;
        }
        Ok(())
    }

    fn set(
        &mut self,
        doc: &Doc<'_>,
        (name, line, raw): (&str, usize, &str),
        args: Vec<String>,
        context: &str,
    ) -> Result<(), Reason> {
        let (args, shown) = match name {
            "user" => {
                let args: Vec<String> = args.into_iter().map(hide).collect();
                let shown = format!("user {}", args.join(" "));
                (args, shown)
            }
            _ => (args, raw.to_owned()),
        };
        let secret = SECRETS.contains(&name);
        let written = Written {
            line,
            name,
            raw: &shown,
            secret,
        };
        let setting = Setting::new(doc, written, &args, context);
        match name {
            "user" => self.settings.push(setting),
            _ if SEVERAL.contains(&name) => self.settings.push(setting),
            _ => self.settings.replace(setting),
        }
    }
}

impl DefaultUser {
    /// The rules of `user default …`, the later over the earlier.
    fn rules(&mut self, args: &[String]) {
        self.password = args
            .iter()
            .skip(1)
            .fold("none", |before, rule| match rule.as_str() {
                "off" => "set",
                "nopass" | "reset" | "resetpass" => "none",
                rule => match rule.split_at_checked(1) {
                    Some((">", password)) => mask::quality(password, ""),
                    Some(("#", _)) => "set",
                    _ => before,
                },
            });
    }
}

/// A rule of a user without its password or hash.
fn hide(rule: String) -> String {
    match rule.split_at_checked(1) {
        Some((sign @ (">" | "<" | "#" | "!"), _)) => format!("{sign}{}", mask::MASK),
        _ => rule,
    }
}
