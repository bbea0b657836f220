//! The texts of a configuration in which secrets are looked for, as they stand there.

use serde_json::Value;

/// Each text with the path that a finding in it carries: `config:Env/NAME`, `config:Labels/NAME`, `config:Cmd`,
/// `history:3`. They are not masked: for the scanner only.
pub(crate) fn said(document: &Value) -> Vec<(String, &str)> {
    let config = document.get("config");
    let member = |name: &str| config.and_then(|config| config.get(name));
    let mut said = Vec::new();
    for entry in texts(member("Env")) {
        let name = entry.split_once('=').map_or(entry, |(name, _)| name);
        let name: String = name.chars().take(256).collect();
        said.push((format!("config:Env/{name}"), entry));
    }
    for name in ["Entrypoint", "Cmd", "Shell", "OnBuild"] {
        let path = format!("config:{name}");
        said.extend(texts(member(name)).map(|text| (path.clone(), text)));
    }
    let test = member("Healthcheck").and_then(|check| check.get("Test"));
    said.extend(texts(test).map(|text| ("config:Healthcheck".to_owned(), text)));
    let labels = member("Labels").and_then(Value::as_object);
    for (name, value) in labels.into_iter().flatten() {
        let name: String = name.chars().take(256).collect();
        said.extend(
            value
                .as_str()
                .map(|text| (format!("config:Labels/{name}"), text)),
        );
    }
    let steps = document.get("history").and_then(Value::as_array);
    for (index, step) in steps.into_iter().flatten().enumerate() {
        let path = format!("history:{}", index + 1);
        for name in ["created_by", "comment"] {
            said.extend(
                step.get(name)
                    .and_then(Value::as_str)
                    .map(|text| (path.clone(), text)),
            );
        }
    }
    said
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array);
    let alone = value.and_then(Value::as_str);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .chain(alone)
}
