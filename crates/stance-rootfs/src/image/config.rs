//! `facts.config`: what the configuration says of how the image runs.

use serde_json::{Map, Value, json};
use stance_model::Reason;

use super::mask::mask_text;
use super::mistyped;
use super::variable::mask_value;
use crate::root::Place;

/// The most entries of a list or map of the configuration; of a longer one it is not said what is in it.
const ENTRIES: usize = 20_000;
/// The most ports of all ranges.
const PORTS: usize = 5_000;
/// The most characters of a word that is shown.
const WORD: usize = 4_096;

/// The facts; `oci_only`: the media type has no place for a HEALTHCHECK.
///
/// # Errors
/// The document or its `config` is no object.
pub(super) fn facts(document: &Value, oci_only: bool) -> Result<Value, Reason> {
    if !document.is_object() {
        return Err(mistyped("it is no object"));
    }
    let empty = Map::new();
    let config = match document.get("config") {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(config)) => config,
        Some(_) => return Err(mistyped("`config` is no object")),
    };
    let mut facts = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            facts.insert(name.to_owned(), value);
        }
    };
    put("User", text(config, "User"));
    put("Env", env(config));
    put("ExposedPorts", ports(config));
    put("Healthcheck", healthcheck(config));
    put("oci_only", Some(json!(oci_only)));
    for name in ["Entrypoint", "Cmd"] {
        put(name, words(config, name));
    }
    put("Volumes", keys(config, "Volumes"));
    put("WorkingDir", text(config, "WorkingDir"));
    put("Labels", labels(config));
    put("StopSignal", text(config, "StopSignal"));
    put("at", Some(place("config", String::new())));
    Ok(Value::Object(facts))
}

/// A place in the configuration.
fn place(path: &str, what: String) -> Value {
    json!(Place {
        path: path.to_owned(),
        visible: true,
        what,
        ..Place::default()
    })
}

/// What is there under a name; `null` is the same as nothing.
fn present<'v>(config: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    config.get(name).filter(|value| !value.is_null())
}

fn cut(text: &str) -> String {
    text.chars().take(WORD).collect()
}

fn text(config: &Map<String, Value>, name: &str) -> Option<Value> {
    match present(config, name) {
        None => Some(json!("")),
        Some(value) => value.as_str().map(|text| json!(cut(text))),
    }
}

/// A list of words; Docker also takes one word alone.
fn words(config: &Map<String, Value>, name: &str) -> Option<Value> {
    let list = match present(config, name) {
        None => return Some(json!([])),
        Some(Value::String(word)) => return Some(json!([mask_text(&cut(word))])),
        Some(value) => value.as_array().filter(|list| list.len() <= ENTRIES)?,
    };
    let words: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    // Masked as one line: `--password` and its value are two words.
    let mut secret_next = false;
    let shown = words?.into_iter().map(|word| {
        let masked = if secret_next {
            super::mask::MASK.to_owned()
        } else {
            mask_text(&cut(word))
        };
        secret_next = super::mask::is_secret_option(word);
        masked
    });
    Some(json!(shown.collect::<Vec<_>>()))
}

/// `NAME=value` entries, as names and masked values.
fn env(config: &Map<String, Value>) -> Option<Value> {
    let list = match present(config, "Env") {
        None => return Some(json!([])),
        Some(value) => value.as_array().filter(|list| list.len() <= ENTRIES)?,
    };
    let entries: Option<Vec<Value>> = list
        .iter()
        .map(|entry| entry.as_str().map(variable))
        .collect();
    entries.map(Value::Array)
}

fn variable(entry: &str) -> Value {
    let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
    let name = cut(name);
    let masked = mask_value(&name, &cut(value));
    json!({
        "at": place(&format!("config:Env/{name}"), format!("{name}={masked}")),
        "name": name,
        "value_masked": masked,
    })
}

/// `80/tcp`, `53/udp`, `8000-8010/tcp`, `80` as ports of their own.
fn ports(config: &Map<String, Value>) -> Option<Value> {
    let exposed = match present(config, "ExposedPorts") {
        None => return Some(json!([])),
        Some(value) => value.as_object()?,
    };
    let mut ports = Vec::new();
    for key in exposed.keys() {
        let (range, protocol) = key.split_once('/').unwrap_or((key, "tcp"));
        let (low, high) = range.split_once('-').unwrap_or((range, range));
        let (low, high): (u16, u16) = (low.parse().ok()?, high.parse().ok()?);
        let protocol = protocol.to_ascii_lowercase();
        let known = matches!(protocol.as_str(), "tcp" | "udp" | "sctp");
        if !known || low > high || ports.len() + usize::from(high - low) >= PORTS {
            return None;
        }
        ports.extend((low..=high).map(|port| exposed_port(port, &protocol)));
    }
    Some(Value::Array(ports))
}

fn exposed_port(port: u16, protocol: &str) -> Value {
    json!({
        "port": port,
        "protocol": protocol,
        "at": place("config:ExposedPorts", format!("{port}/{protocol}")),
    })
}

/// Whether there is a HEALTHCHECK that is not NONE.
fn healthcheck(config: &Map<String, Value>) -> Option<Value> {
    let check = match present(config, "Healthcheck") {
        None => return Some(json!(false)),
        Some(value) => value.as_object()?,
    };
    let test = match present(check, "Test") {
        None => return Some(json!(false)),
        Some(value) => value.as_array()?,
    };
    let first = test.first().map(Value::as_str);
    match first {
        None | Some(Some("NONE")) => Some(json!(false)),
        Some(Some(_)) => Some(json!(true)),
        Some(None) => None,
    }
}

fn keys(config: &Map<String, Value>, name: &str) -> Option<Value> {
    let map = match present(config, name) {
        None => return Some(json!([])),
        Some(value) => value.as_object().filter(|map| map.len() <= ENTRIES)?,
    };
    let keys = map.keys().map(|key| cut(key));
    Some(json!(keys.collect::<Vec<_>>()))
}

fn labels(config: &Map<String, Value>) -> Option<Value> {
    let map = match present(config, "Labels") {
        None => return Some(json!({})),
        Some(value) => value.as_object().filter(|map| map.len() <= ENTRIES)?,
    };
    let label = |(name, value): (&String, &Value)| {
        let masked = mask_text(&cut(value.as_str()?));
        Some((cut(name), Value::String(masked)))
    };
    let labels: Option<Map<String, Value>> = map.iter().map(label).collect();
    labels.map(Value::Object)
}
