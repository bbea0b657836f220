//! `zoo.cfg` of ZooKeeper.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat::Flat;
use super::net;
use super::setting::{Settings, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &["**/zoo.cfg"];

const FLAT: Flat = Flat {
    separators: &['='],
    secrets: &[
        "ssl.keyStore.password",
        "ssl.trustStore.password",
        "ssl.quorum.keyStore.password",
        "ssl.quorum.trustStore.password",
    ],
    switches: &[
        "skipACL",
        "admin.enableServer",
        "sessionRequireClientSASLAuth",
        "enforce.auth.enabled",
    ],
};
/// What holds without a word, as the administrator's guide says.
const DEFAULTS: &[(&str, &str)] = &[
    ("4lw.commands.whitelist", "srvr"),
    ("admin.enableServer", "yes"),
    ("enforce.auth.enabled", "no"),
    ("sessionRequireClientSASLAuth", "no"),
    ("skipACL", "no"),
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let (mut settings, mut instances) = (Settings::default(), Vec::new());
    for doc in files.named("zoo.cfg")? {
        let path = doc.path();
        FLAT.read(&doc, &path, &mut settings)?;
        settings.defaults(&doc, &path, DEFAULTS)?;
        instances.push(instance(&doc, &settings, &path));
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
    let on = |name| settings.value(name, path) == "yes";
    let port = settings.last("clientPort", path);
    let place = settings
        .last("clientPortAddress", path)
        .or(port)
        .map(|s| s.at.clone());
    // Without a client port only the one for TLS can listen, which asks for certificates.
    let exposed = port.is_some() && net::exposed([settings.value("clientPortAddress", path)], true);
    object!({
        "path": path,
        "exposed": exposed,
        "auth": on("sessionRequireClientSASLAuth") || on("enforce.auth.enabled"),
        "at": place.unwrap_or_else(|| doc.at(0, "")),
    })
}
