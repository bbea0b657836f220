//! Podman's containers: `<driver>-containers/containers.json` in its storage.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::host::{Host, is_id, note, text};
use super::{Details, Known, Runtime, spec};
use crate::error::{ScanError, ScanErrorKind};

/// The drivers that merge a root or copy it.
const DRIVERS: [&str; 2] = ["overlay", "vfs"];

/// The containers that podman knows, running or not.
pub(super) fn list(host: &Host<'_>, denied: &mut Vec<String>) -> Vec<Known> {
    let mut known = Vec::new();
    for (storage, _) in &host.paths.podman {
        for driver in DRIVERS {
            let folder = storage.join(format!("{driver}-containers"));
            let list = match host.json(&folder.join("containers.json")) {
                Ok(list) => list,
                Err(e) => {
                    note(&folder, &e, denied);
                    continue;
                }
            };
            let entries = list.as_array().into_iter().flatten();
            known.extend(entries.filter_map(|entry| listed(entry, &folder)));
        }
    }
    known
}

fn listed(entry: &Value, folder: &Path) -> Option<Known> {
    let id = text(entry, "/id");
    let name = text(entry, "/names/0");
    is_id(id).then(|| Known {
        runtime: Runtime::Podman,
        id: id.to_owned(),
        name: if name.is_empty() { id } else { name }.to_owned(),
        state: folder.join(id),
    })
}

/// What podman says of a container.
pub(super) fn details(host: &Host<'_>, known: &Known) -> Result<Details, ScanError> {
    let folder = known.state.parent().unwrap_or(Path::new("/"));
    let storage = folder.parent().unwrap_or(Path::new("/"));
    let driver = if folder.ends_with("vfs-containers") {
        "vfs"
    } else {
        "overlay"
    };
    let file = folder.join("containers.json");
    let list = host.json(&file).map_err(|e| ScanError::io(&file, &e))?;
    let mut entries = list.as_array().into_iter().flatten();
    let entry = entries
        .find(|entry| text(entry, "/id") == known.id)
        .ok_or_else(|| {
            let message = format!(
                "the container `{}` of podman was removed meanwhile",
                known.name
            );
            ScanError::new(ScanErrorKind::NotFound, message)
        })?;
    let image_id = text(entry, "/image");
    let image = image(host, storage, driver, image_id);
    let metadata: Value = serde_json::from_str(text(entry, "/metadata")).unwrap_or_default();
    let runtime_spec = host.json(&known.state.join("userdata/config.json"));
    Ok(Details {
        image: text(&metadata, "/image-name").to_owned(),
        manifest_digest: image.as_ref().and_then(|image| image.digest.clone()),
        config_digest: (!image_id.is_empty()).then(|| format!("sha256:{image_id}")),
        config: spec::config(
            image.and_then(|image| image.config),
            runtime_spec.ok().as_ref(),
        ),
        roots: roots(storage, driver, text(entry, "/layer")),
        pid: pid(host, storage, driver, &known.id),
    })
}

/// What the storage has of an image.
struct Image {
    digest: Option<String>,
    config: Option<Value>,
}

fn image(host: &Host<'_>, storage: &Path, driver: &str, id: &str) -> Option<Image> {
    if !is_id(id) {
        return None;
    }
    let folder = storage.join(format!("{driver}-images"));
    let list = host.json(&folder.join("images.json")).ok()?;
    let entry = list
        .as_array()?
        .iter()
        .find(|entry| text(entry, "/id") == id)?;
    let digest = Some(text(entry, "/digest").to_owned()).filter(|digest| !digest.is_empty());
    // The storage names files by what they hold, in base 64.
    let file = folder
        .join(id)
        .join(format!("={}", STANDARD.encode(format!("sha256:{id}"))));
    Some(Image {
        digest,
        config: host.json(&file).ok(),
    })
}

fn roots(storage: &Path, driver: &str, layer: &str) -> Vec<PathBuf> {
    if !is_id(layer) {
        return Vec::new();
    }
    match driver {
        "vfs" => vec![storage.join("vfs/dir").join(layer)],
        _ => vec![storage.join(driver).join(layer).join("merged")],
    }
}

/// The first process of a container that runs.
fn pid(host: &Host<'_>, storage: &Path, driver: &str, id: &str) -> Option<u64> {
    let places = host.paths.podman.iter();
    let run = places
        .filter(|(lasting, _)| lasting == storage)
        .map(|(_, run)| run)
        .next()?;
    let folder = run.join(format!("{driver}-containers")).join(id);
    host.text(&folder.join("userdata/pidfile"))
        .ok()?
        .trim()
        .parse()
        .ok()
}
