//! The OCI runtime configuration of a container, as a configuration of an image.

use serde_json::{Map, Value, json};

use super::host::text;

/// Stands for what the runtime does not say: of no type that is taken for an answer, so that it stays unknown.
pub(super) const UNTOLD: Value = Value::Bool(false);

/// What only an image's configuration says.
const OF_IMAGE: [&str; 4] = ["ExposedPorts", "Healthcheck", "Labels", "StopSignal"];
/// What both say; the container's counts.
const OF_CONTAINER: [&str; 5] = ["User", "Env", "Cmd", "Entrypoint", "WorkingDir"];

/// What every runtime mounts into its containers.
const USUAL: [&str; 7] = [
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/run/.containerenv",
    "/run/secrets",
    "/proc",
    "/sys",
];
/// The most mounts.
const MOUNTS: usize = 1_000;

/// The image's configuration, where the runtime has it, with the settings of the container.
pub(super) fn config(image: Option<Value>, spec: Option<&Value>) -> Value {
    let known = image.is_some();
    let mut document = image.filter(Value::is_object).unwrap_or_else(|| json!({}));
    let own = document.get("config").and_then(Value::as_object).cloned();
    let mut config = own.unwrap_or_default();
    if !known {
        config.extend(OF_IMAGE.map(|name| (name.to_owned(), UNTOLD)));
    }
    match spec
        .and_then(|spec| spec.get("process"))
        .and_then(Value::as_object)
    {
        Some(process) => set(&mut config, process),
        None => config.extend(OF_CONTAINER.map(|name| (name.to_owned(), UNTOLD))),
    }
    if spec.is_none() {
        config.insert("Volumes".to_owned(), UNTOLD);
    }
    let mut config = Value::Object(config);
    mount(&mut config, spec.into_iter().flat_map(mounted));
    if let Some(object) = document.as_object_mut() {
        object.insert("config".to_owned(), config);
    }
    document
}

/// Adds what is mounted into a container to its volumes: the volumes of the image alone are not all that it sees.
pub(super) fn mount<'p>(config: &mut Value, paths: impl Iterator<Item = &'p str>) {
    let Some(config) = config.as_object_mut() else {
        return;
    };
    let volumes = config.entry("Volumes").or_insert(Value::Null);
    if volumes.is_null() {
        *volumes = json!({});
    }
    if let Some(volumes) = volumes.as_object_mut() {
        volumes.extend(paths.take(MOUNTS).map(|path| (path.to_owned(), json!({}))));
    }
}

/// The folders and files of this host that are mounted, but for those that every runtime mounts.
fn mounted(spec: &Value) -> impl Iterator<Item = &str> {
    let mounts = spec.get("mounts").and_then(Value::as_array);
    let of_host = mounts.into_iter().flatten().filter(|mount| {
        let is_bind = |option: &Value| matches!(option.as_str(), Some("bind" | "rbind"));
        let options = mount.get("options").and_then(Value::as_array);
        text(mount, "/type") == "bind" || options.into_iter().flatten().any(is_bind)
    });
    of_host
        .map(|mount| text(mount, "/destination"))
        .filter(|path| !path.is_empty() && !USUAL.contains(path) && !path.starts_with("/dev/"))
}

/// Sets what the first process of the container runs as.
fn set(config: &mut Map<String, Value>, process: &Map<String, Value>) {
    let told = |name: &str| process.get(name).cloned();
    let user = process.get("user").and_then(user);
    let mut put = |name: &str, value: Option<Value>| {
        config.insert(name.to_owned(), value.unwrap_or(UNTOLD));
    };
    put("User", user);
    put("Env", Some(told("env").unwrap_or_else(|| json!([]))));
    put("Cmd", Some(told("args").unwrap_or_else(|| json!([]))));
    put("Entrypoint", Some(json!([])));
    put("WorkingDir", Some(told("cwd").unwrap_or_else(|| json!(""))));
}

fn user(user: &Value) -> Option<Value> {
    let number = |name: &str| user.get(name).map_or(Some(0), Value::as_u64);
    let (uid, gid) = (number("uid")?, number("gid")?);
    Some(match gid {
        0 => json!(uid.to_string()),
        gid => json!(format!("{uid}:{gid}")),
    })
}
