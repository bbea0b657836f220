//! Docker's containers: `containers/<id>/config.v2.json` in its data folder.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::host::{Host, is_id, note, text};
use super::{Details, Known, Runtime, spec};
use crate::error::ScanError;

/// The containers that Docker knows, running or not.
pub(super) fn list(host: &Host<'_>, denied: &mut Vec<String>) -> Vec<Known> {
    let mut known = Vec::new();
    for data in &host.paths.docker {
        let folder = data.join("containers");
        for id in host
            .names(&folder, denied)
            .into_iter()
            .filter(|id| is_id(id))
        {
            let state = folder.join(&id);
            let name = match host.json(&state.join("config.v2.json")) {
                Ok(config) => text(&config, "/Name").trim_start_matches('/').to_owned(),
                Err(e) => {
                    note(&state, &e, denied);
                    String::new()
                }
            };
            known.push(Known {
                runtime: Runtime::Docker,
                name: if name.is_empty() { id.clone() } else { name },
                id,
                state,
            });
        }
    }
    known
}

/// What Docker says of a container.
pub(super) fn details(host: &Host<'_>, known: &Known) -> Result<Details, ScanError> {
    let file = known.state.join("config.v2.json");
    let container = host.json(&file).map_err(|e| ScanError::io(&file, &e))?;
    let data = known.state.ancestors().nth(2).unwrap_or(Path::new("/"));
    let driver = text(&container, "/Driver");
    let store = data.join("image").join(safe(driver));
    let image_id = text(&container, "/Image");
    let document = image_id
        .strip_prefix("sha256:")
        .filter(|id| is_id(id))
        .and_then(|id| {
            host.json(&store.join("imagedb/content/sha256").join(id))
                .ok()
        });
    let config_digest = Some(image_id.to_owned()).filter(|id| !id.is_empty());
    let manifest_digest = host.json(&store.join("repositories.json")).ok();
    Ok(Details {
        image: text(&container, "/Config/Image").to_owned(),
        manifest_digest: manifest_digest
            .and_then(|repositories| digest_of(&repositories, image_id)),
        config_digest,
        config: config(document, &container),
        roots: roots(host, data, driver, &known.id),
        pid: container
            .pointer("/State/Pid")
            .and_then(Value::as_u64)
            .filter(|pid| *pid > 0),
    })
}

/// The image's configuration with the settings of the container, which has all of them.
fn config(image: Option<Value>, container: &Value) -> Value {
    let mut document = image.filter(Value::is_object).unwrap_or_else(
        || json!({"os": text(container, "/OS"), "created": text(container, "/Created")}),
    );
    let mut config = container.get("Config").cloned().unwrap_or(Value::Null);
    let mounted = container.get("MountPoints").and_then(Value::as_object);
    spec::mount(
        &mut config,
        mounted.into_iter().flatten().map(|(path, _)| path.as_str()),
    );
    if let Some(object) = document.as_object_mut() {
        object.insert("config".to_owned(), config);
    }
    document
}

/// The digest under which the image was pulled.
fn digest_of(repositories: &Value, image_id: &str) -> Option<String> {
    let all = repositories.get("Repositories")?.as_object()?;
    let names = all.values().filter_map(Value::as_object).flatten();
    let digests = names.filter(|(_, id)| id.as_str() == Some(image_id));
    let found = digests.filter_map(|(name, _)| name.split_once('@'));
    found.map(|(_, digest)| digest.to_owned()).next()
}

/// The folders in which Docker's drivers merge a container's root.
fn roots(host: &Host<'_>, data: &Path, driver: &str, id: &str) -> Vec<PathBuf> {
    let mounts = data
        .join("image")
        .join(safe(driver))
        .join("layerdb/mounts")
        .join(id);
    let mount: io::Result<String> = host.text(&mounts.join("mount-id"));
    let mut roots = Vec::new();
    if let Some(mount) = mount
        .ok()
        .map(|mount| mount.trim().to_owned())
        .filter(|id| is_id(id))
    {
        roots.push(data.join(safe(driver)).join(&mount).join("merged"));
        roots.push(data.join("vfs/dir").join(mount));
    }
    for folder in host
        .paths
        .docker_run
        .iter()
        .map(PathBuf::as_path)
        .chain([data])
    {
        roots.push(folder.join("rootfs").join(safe(driver)).join(id));
    }
    roots
}

/// The name of a driver as a folder's name.
fn safe(driver: &str) -> &str {
    if is_id(driver) { driver } else { "overlay2" }
}
