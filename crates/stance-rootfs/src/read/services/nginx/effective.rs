//! What holds in each server: its own setting, else that of `http`, else the default.

use std::collections::BTreeMap;

use crate::read::services::files::Doc;
use crate::read::services::setting::Setting;

/// The directives that a server inherits, with what holds where nobody sets them. An empty default says that it differs
/// between versions: nothing is said then.
const INHERITED: &[(&str, &str)] = &[
    ("access_log", "logs/access.log combined"),
    ("autoindex", "off"),
    ("client_body_timeout", "60"),
    ("client_header_timeout", "60"),
    ("client_max_body_size", "1m"),
    ("keepalive_timeout", "75"),
    ("send_timeout", "60"),
    ("server_tokens", "on"),
    ("ssl_ciphers", "HIGH:!aNULL:!MD5"),
    ("ssl_prefer_server_ciphers", "off"),
    ("ssl_protocols", ""),
    ("ssl_session_tickets", "on"),
];

/// Settings by name; the first of those that may be given several times.
type Own = BTreeMap<String, Setting>;

#[derive(Default)]
struct Server {
    own: Own,
    tls: bool,
}

/// Collects them.
#[derive(Default)]
pub(super) struct Effective {
    http: Own,
    servers: Vec<Server>,
    inner: Vec<Setting>,
}

impl Effective {
    /// A server begins.
    pub(super) fn server(&mut self) {
        self.servers.push(Server::default());
    }

    /// A setting within these blocks, from the outermost.
    pub(super) fn set<'b>(&mut self, setting: &Setting, blocks: impl Iterator<Item = &'b str>) {
        let blocks: Vec<&str> = blocks.collect();
        let listed = INHERITED.iter().any(|(name, _)| *name == setting.name);
        match (blocks.as_slice(), self.servers.last_mut()) {
            (["http"], _) if listed => keep(&mut self.http, setting),
            (["http", "server"], Some(server)) => {
                server.tls |= is_tls(setting);
                if listed {
                    keep(&mut server.own, setting);
                }
            }
            (["http", "server", ..], _) if listed => self.inner.push(setting.clone()),
            _ => {}
        }
    }

    /// Whether a server speaks TLS.
    pub(super) fn has_tls(&self) -> bool {
        self.servers.iter().any(|server| server.tls)
    }

    /// What holds somewhere, each place once.
    pub(super) fn finish(mut self, main: &Doc<'_>) -> Vec<Setting> {
        if self.servers.is_empty() {
            self.servers.push(Server::default());
        }
        let mut found = self.inner;
        for (name, default) in INHERITED {
            let mut inherits = false;
            for server in &mut self.servers {
                if name.starts_with("ssl_") && !server.tls {
                    continue;
                }
                match server.own.remove(*name) {
                    Some(own) => found.push(own),
                    None => inherits = true,
                }
            }
            if inherits {
                let http = self.http.remove(*name);
                let default = || Setting::by_default(main, name, default, "http");
                let held = http.unwrap_or_else(default);
                found.extend(Some(held).filter(|held| !held.value.is_empty()));
            }
        }
        found
    }
}

fn keep(own: &mut Own, setting: &Setting) {
    own.entry(setting.name.clone())
        .or_insert_with(|| setting.clone());
}

fn is_tls(setting: &Setting) -> bool {
    match setting.name.as_str() {
        "listen" => setting.args.iter().any(|arg| arg == "ssl" || arg == "quic"),
        "ssl" => setting.value == "on",
        _ => false,
    }
}
