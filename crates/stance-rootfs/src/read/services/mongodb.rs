//! `mongod.conf`: YAML, or the older `name = value` lines with their names of today.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat::{self, all};
use super::format::properties;
use super::format::tree::{self, Leaf};
use super::format::words;
use super::net;
use super::setting::{Settings, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["**/mongod.conf", "**/mongodb.conf", "**/mongod.yaml"];

const SECRETS: &[&str] = &[
    "PEMKeyPassword",
    "certificateKeyFilePassword",
    "clusterPassword",
    "queryPassword",
];
/// What holds without a word, from version 3.6 on.
const DEFAULTS: &[(&str, &str)] = &[
    ("net.bindIp", "localhost"),
    ("net.http.enabled", "false"),
    ("net.tls.mode", "disabled"),
    ("security.authorization", "disabled"),
    ("security.javascriptEnabled", "true"),
];
/// Names of the older form, with those of today.
const OLD: &[(&str, &str)] = &[
    ("auth", "security.authorization"),
    ("bind_ip", "net.bindIp"),
    ("bind_ip_all", "net.bindIpAll"),
    ("dbpath", "storage.dbPath"),
    ("httpinterface", "net.http.enabled"),
    ("keyFile", "security.keyFile"),
    ("logpath", "systemLog.path"),
    ("port", "net.port"),
    ("rest", "net.http.RESTInterfaceEnabled"),
    ("sslMode", "net.tls.mode"),
    ("tlsMode", "net.tls.mode"),
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let (mut settings, mut instances) = (Settings::default(), Vec::new());
    for name in ["mongod.conf", "mongodb.conf", "mongod.yaml"] {
        for doc in files.named(name)? {
            let path = doc.path();
            flat::leaves(&doc, values(&doc)?, SECRETS, &path, &mut settings)?;
            settings.defaults(&doc, &path, DEFAULTS)?;
            instances.push(instance(&doc, &settings, &path));
        }
    }
    if instances.is_empty() {
        return Ok(None);
    }
    let options = json(settings.list())?;
    Ok(Some(
        object!({ "options": options, "instances": instances }),
    ))
}

fn instance(doc: &Doc<'_>, settings: &Settings, path: &str) -> Value {
    let value = |name| settings.value(name, path);
    let bind = all(settings, "net.bindIp", path).flat_map(|s| s.value.split(','));
    let exposed = value("net.bindIpAll") == "true" || net::exposed(bind, false);
    // A key file for the members of a replica set turns authorization on.
    let keyed = !value("security.keyFile").is_empty();
    let place = settings
        .last("security.authorization", path)
        .map(|s| s.at.clone());
    object!({
        "path": path,
        "exposed": exposed,
        "authorization": keyed || value("security.authorization") == "enabled",
        "at": place.unwrap_or_else(|| doc.at(0, "")),
    })
}

fn values(doc: &Doc<'_>) -> Result<Vec<Leaf>, Reason> {
    let yaml = tree::yaml(&doc.text);
    let is_yaml = |leaves: &[Leaf]| leaves.iter().all(|leaf| !leaf.path.is_empty());
    match yaml {
        Ok(leaves) if is_yaml(&leaves) => Ok(leaves.into_iter().map(today).collect()),
        _ if doc.text.lines().any(is_old) => Ok(old(doc)),
        _ => flat::yaml(doc),
    }
}

/// The TLS settings under their names of today.
fn today(mut leaf: Leaf) -> Leaf {
    if let Some(rest) = leaf.path.strip_prefix("net.ssl.") {
        leaf.path = format!("net.tls.{rest}");
    }
    leaf
}

fn is_old(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default().trim();
    line.contains('=')
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn old(doc: &Doc<'_>) -> Vec<Leaf> {
    let entries = properties::entries(&doc.text, &['=']);
    entries
        .map(|entry| {
            let known = OLD.iter().find(|(old, _)| *old == entry.name);
            let value = words::split(entry.rest).join(" ");
            let value = match (entry.name, words::truth(&value).as_str()) {
                ("auth", "yes") => "enabled".to_owned(),
                ("auth", _) => "disabled".to_owned(),
                ("bind_ip_all" | "httpinterface" | "rest", "yes") => "true".to_owned(),
                _ => value,
            };
            Leaf {
                line: entry.line,
                path: known.map_or(entry.name, |(_, new)| new).to_owned(),
                value,
            }
        })
        .collect()
}
