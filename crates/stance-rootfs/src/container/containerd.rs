//! Containerd's containers: the tasks in its state folder, each with its OCI runtime configuration.

use std::path::{Path, PathBuf};

use super::host::{Host, is_id, note, text};
use super::{Details, Known, Runtime, spec};
use crate::error::ScanError;

/// The folder of the tasks, below which are namespaces.
const TASKS: &str = "io.containerd.runtime.v2.task";
/// The annotations that name a container: of nerdctl and of Kubernetes.
const NAMES: [&str; 2] = [
    "/annotations/nerdctl~1name",
    "/annotations/io.kubernetes.cri.container-name",
];
/// The annotations that name its image.
const IMAGES: [&str; 2] = [
    "/annotations/io.kubernetes.cri.image-name",
    "/annotations/nerdctl~1image",
];

/// The containers that run below containerd.
pub(super) fn list(host: &Host<'_>, denied: &mut Vec<String>) -> Vec<Known> {
    let mut known = Vec::new();
    for state in &host.paths.containerd {
        let tasks = state.join(TASKS);
        for namespace in host
            .names(&tasks, denied)
            .into_iter()
            .filter(|name| is_id(name))
        {
            let folder = tasks.join(namespace);
            for id in host
                .names(&folder, denied)
                .into_iter()
                .filter(|id| is_id(id))
            {
                let state = folder.join(&id);
                let name = match host.json(&state.join("config.json")) {
                    Ok(config) => first(&config, &NAMES),
                    Err(e) => {
                        note(&state, &e, denied);
                        String::new()
                    }
                };
                known.push(Known {
                    runtime: Runtime::Containerd,
                    name: if name.is_empty() { id.clone() } else { name },
                    id,
                    state,
                });
            }
        }
    }
    known
}

/// What containerd says of a container.
pub(super) fn details(host: &Host<'_>, known: &Known) -> Result<Details, ScanError> {
    let file = known.state.join("config.json");
    let runtime_spec = host.json(&file).map_err(|e| ScanError::io(&file, &e))?;
    let pid = host.text(&known.state.join("init.pid"));
    let pid = pid.ok().and_then(|pid| pid.trim().parse().ok());
    Ok(Details {
        image: first(&runtime_spec, &IMAGES),
        manifest_digest: None,
        config_digest: None,
        roots: roots(&known.state, text(&runtime_spec, "/root/path")),
        config: spec::config(None, Some(&runtime_spec)),
        pid,
    })
}

/// The root that the runtime was given: usually `rootfs` in the task's own folder.
fn roots(state: &Path, root: &str) -> Vec<PathBuf> {
    let given = Path::new(root);
    let given = if given.is_absolute() {
        given.to_owned()
    } else {
        state.join(given)
    };
    let mut roots = vec![state.join("rootfs")];
    if !root.is_empty() && given != *state {
        roots.insert(0, given);
    }
    roots
}

fn first(config: &serde_json::Value, pointers: &[&str]) -> String {
    let mut found = pointers
        .iter()
        .map(|pointer| text(config, pointer))
        .filter(|text| !text.is_empty());
    found.next().unwrap_or_default().to_owned()
}
