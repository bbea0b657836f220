//! `elasticsearch.yml` and `opensearch.yml`: nested and dotted keys are the same.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat::{self, all};
use super::net;
use super::setting::{Settings, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/elasticsearch/elasticsearch.yml",
    "usr/share/elasticsearch/config/elasticsearch.yml",
    "opt/elasticsearch*/config/elasticsearch.yml",
    "etc/opensearch/opensearch.yml",
    "usr/share/opensearch/config/opensearch.yml",
];

const SECRETS: &[&str] = &[
    "bind_password",
    "secure_password",
    "keystore_password",
    "key_passphrase",
    "bootstrap.password",
];

/// The settings that say where it listens.
const HOSTS: &[&str] = &[
    "http.host",
    "http.bind_host",
    "network.bind_host",
    "network.host",
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let (mut settings, mut instances) = (Settings::default(), Vec::new());
    for pattern in WANTS {
        for doc in files.glob(pattern)? {
            let path = doc.path();
            flat::leaves(&doc, flat::yaml(&doc)?, SECRETS, &path, &mut settings)?;
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
    let hosts = HOSTS
        .iter()
        .flat_map(|name| all(settings, name, path).flat_map(|s| s.value.split(',')));
    let opensearch = path.ends_with("opensearch.yml");
    let switch = if opensearch {
        "plugins.security.disabled"
    } else {
        "xpack.security.enabled"
    };
    let written = settings.last(switch, path);
    let place = match written {
        Some(setting) => setting.at.clone(),
        None => doc.at(0, format!("{switch} is not set")),
    };
    let mut facts = object!({ "path": path, "exposed": net::exposed(hosts, false), "at": place });
    let on = security(written.map(|s| s.value.as_str()), opensearch);
    if let (Some(on), Some(facts)) = (on, facts.as_object_mut()) {
        facts.insert("security".to_owned(), on.into());
    }
    facts
}

/// Whether security is on. Unset, Elasticsearch has it on from version 8 and off before: the file alone does not say.
fn security(switch: Option<&str>, opensearch: bool) -> Option<bool> {
    match switch {
        Some("true") => Some(!opensearch),
        Some("false") => Some(opensearch),
        _ => opensearch.then_some(true),
    }
}
