//! The Docker daemon: `daemon.json` and the flags of its unit and its distribution's file.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat::{self, all};
use super::format::words;
use super::net;
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/docker/daemon.json",
    "etc/default/docker",
    "etc/sysconfig/docker",
    "etc/conf.d/docker",
    "etc/systemd/system/docker.service",
    "etc/systemd/system/docker.service.d/*.conf",
];

/// Files that hold flags.
const FLAGS: &[&str] = &[
    "/etc/default/docker",
    "/etc/sysconfig/docker",
    "/etc/conf.d/docker",
    "/etc/systemd/system/docker.service",
    "/etc/systemd/system/docker.service.d/*.conf",
];
/// Flags with the names that they have in `daemon.json`.
const NAMES: &[(&str, &str)] = &[
    ("-H", "hosts"),
    ("--host", "hosts"),
    ("--icc", "icc"),
    ("--insecure-registry", "insecure-registries"),
    ("--live-restore", "live-restore"),
    ("--no-new-privileges", "no-new-privileges"),
    ("--tls", "tls"),
    ("--tlsverify", "tlsverify"),
    ("--userland-proxy", "userland-proxy"),
    ("--userns-remap", "userns-remap"),
];
/// What holds without a word, as the reference of dockerd says.
const DEFAULTS: &[(&str, &str)] = &[
    ("experimental", "false"),
    ("icc", "true"),
    ("live-restore", "false"),
    ("no-new-privileges", "false"),
    ("tlsverify", "false"),
    ("userland-proxy", "true"),
    ("userns-remap", ""),
];

/// Reads the configuration.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut settings = Settings::default();
    let daemon = files.open("/etc/docker/daemon.json")?;
    let mut main = None;
    if let Some(doc) = daemon {
        flat::leaves(&doc, flat::json(&doc)?, &[], "", &mut settings)?;
        main = Some(doc);
    }
    for pattern in FLAGS {
        for doc in files.glob(pattern)? {
            flags(&doc, &mut settings)?;
            main = main.or(Some(doc));
        }
    }
    let Some(main) = main.filter(|_| !settings.list().is_empty()) else {
        return Ok(None);
    };
    settings.defaults(&main, "", DEFAULTS)?;
    let hosts: Vec<Value> = all(&settings, "hosts", "")
        .map(|host| listener(host, &settings))
        .collect();
    Ok(Some(
        object!({ "options": json(settings.list())?, "hosts": hosts }),
    ))
}

/// One address that the daemon listens on.
fn listener(host: &Setting, settings: &Settings) -> Value {
    let address = host.value.strip_prefix("tcp://");
    object!({
        "address": host.value,
        "tcp": address.is_some(),
        "exposed": address.is_some_and(|address| !net::is_loopback(address)),
        "verified": settings.value("tlsverify", "") == "true",
        "at": host.at,
    })
}

fn flags(doc: &Doc<'_>, settings: &mut Settings) -> Result<(), Reason> {
    for (index, raw) in doc.text.lines().enumerate() {
        let line = raw.trim();
        let Some((_, value)) = line
            .split_once('=')
            .filter(|_| !line.starts_with(['#', ';']))
        else {
            continue;
        };
        for (name, value) in flags_of(words::unquote(value.trim())) {
            let written = Written::plain(index + 1, name, raw);
            settings.push(Setting::new(doc, written, &[value], ""))?;
        }
    }
    Ok(())
}

/// The settings that a command line gives.
fn flags_of(line: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut words = words::split(line).into_iter();
    while let Some(word) = words.next() {
        let (flag, given) = match word.split_once('=') {
            Some((flag, given)) => (flag, Some(given.to_owned())),
            None => (word.as_str(), None),
        };
        let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == flag) else {
            continue;
        };
        let listed = matches!(*name, "hosts" | "insecure-registries" | "userns-remap");
        let value = match given {
            None if listed => words.next().unwrap_or_default(),
            given => given.unwrap_or_else(|| "true".to_owned()),
        };
        found.push((*name, value));
    }
    found
}
