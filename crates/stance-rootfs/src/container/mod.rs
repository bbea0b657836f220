//! Containers of this host, read through the folder that their runtime merges for them; nothing is asked of a daemon
//! and nothing is written.

mod containerd;
mod docker;
mod host;
mod podman;
mod spec;

pub use host::ContainerPaths;

use std::path::PathBuf;

use serde_json::Value;

use crate::error::{ScanError, ScanErrorKind};
use crate::image::LOCAL;
use crate::source::folder::{FolderSource, IdMap};
use crate::source::{ContainerMeta, ImageKind, ImageMeta, Platform};
use host::Host;

/// The most containers that an error names.
const NAMED: usize = 10;

/// Who runs a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Docker.
    Docker,
    /// Podman, and what else keeps containers as it does.
    Podman,
    /// Containerd, by itself or below Kubernetes.
    Containerd,
}

impl Runtime {
    /// Every runtime, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Docker, Self::Podman, Self::Containerd];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Containerd => "containerd",
        }
    }

    /// The runtime of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|runtime| runtime.name() == name)
    }
}

/// A container that a runtime knows.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    runtime: Runtime,
    id: String,
    name: String,
    /// Where its state is kept: what is read of it once it was chosen.
    state: PathBuf,
}

/// What a runtime says of a container that was chosen.
#[derive(Debug, Default)]
struct Details {
    /// The image as the runtime calls it.
    image: String,
    /// The digest of the image's manifest, and of its configuration.
    manifest_digest: Option<String>,
    config_digest: Option<String>,
    /// The image's configuration with the container's own settings; [`spec::UNTOLD`] for what the runtime does not say.
    config: Value,
    /// Where its merged root may be.
    roots: Vec<PathBuf>,
    /// Its first process.
    pid: Option<u64>,
}

/// Opens a container of this host by its name or the beginning of its id.
///
/// # Errors
/// There is none or more than one, it does not run, or its state may not be read; with what to do.
pub(crate) fn open(
    runtime: Option<Runtime>,
    wanted: &str,
    paths: &ContainerPaths,
) -> Result<FolderSource, ScanError> {
    let host = Host::new(paths);
    let known = find(&host, runtime, wanted)?;
    let details = match known.runtime {
        Runtime::Docker => docker::details(&host, &known),
        Runtime::Podman => podman::details(&host, &known),
        Runtime::Containerd => containerd::details(&host, &known),
    }?;
    let (root, ids) = root(&host, &known, &details)?;
    FolderSource::with(&root, meta(known, details), ids)
}

/// The container that is meant: of this name or id, else the only one whose id begins so.
fn find(host: &Host<'_>, runtime: Option<Runtime>, wanted: &str) -> Result<Known, ScanError> {
    let (mut all, mut denied): (Vec<Known>, Vec<String>) = (Vec::new(), Vec::new());
    for asked in Runtime::ALL {
        if runtime.is_some_and(|runtime| runtime != asked) {
            continue;
        }
        let listed = match asked {
            Runtime::Docker => docker::list(host, &mut denied),
            Runtime::Podman => podman::list(host, &mut denied),
            Runtime::Containerd => containerd::list(host, &mut denied),
        };
        for known in listed {
            // Docker's containers are containerd's as well.
            if !all.iter().any(|other| other.id == known.id) {
                all.push(known);
            }
        }
    }
    let exact = |known: &&Known| known.name == wanted || known.id == wanted;
    let mut fitting: Vec<&Known> = all.iter().filter(exact).collect();
    if fitting.is_empty() {
        fitting = all
            .iter()
            .filter(|known| known.id.starts_with(wanted))
            .collect();
    }
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(none(wanted, &denied)),
        several => Err(ambiguous(wanted, several)),
    }
}

fn none(wanted: &str, denied: &[String]) -> ScanError {
    if denied.is_empty() {
        let message = format!(
            "there is no container `{wanted}` of docker, podman or containerd on this host; see `docker ps`, `podman ps` \
             or `ctr -n NAMESPACE tasks ls`"
        );
        return ScanError::new(ScanErrorKind::NotFound, message);
    }
    let message = format!(
        "cannot tell whether there is a container `{wanted}`: {}; run the scan as root",
        denied.join("; ")
    );
    ScanError::new(ScanErrorKind::NoPermission, message)
}

fn ambiguous(wanted: &str, several: &[&Known]) -> ScanError {
    let shown = several.iter().take(NAMED).map(|known| {
        let id: String = known.id.chars().take(12).collect();
        format!("{}/{} ({id})", known.runtime.name(), known.name)
    });
    let message = format!(
        "`{wanted}` may be {} containers: {}; give the whole name or more of the id",
        several.len(),
        shown.collect::<Vec<_>>().join(", ")
    );
    ScanError::new(ScanErrorKind::BadReference, message)
}

/// The folder of the merged root; as the last resort, the root as the container's first process sees it.
fn root(host: &Host<'_>, known: &Known, details: &Details) -> Result<(PathBuf, IdMap), ScanError> {
    let alive = details.pid.filter(|pid| host.is_of(*pid, &known.id));
    let seen = alive.map(|pid| host.process(pid, "root"));
    let mut denied = None;
    for root in details.roots.iter().chain(&seen) {
        match host.has_entries(root) {
            Ok(true) => {
                let ids = alive.map(|pid| host.id_map(pid)).unwrap_or_default();
                return Ok((host.path(root), ids));
            }
            Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => denied = Some(root),
            Ok(false) | Err(_) => {}
        }
    }
    Err(no_root(known, details, denied))
}

fn no_root(known: &Known, details: &Details, denied: Option<&PathBuf>) -> ScanError {
    let (name, runtime) = (&known.name, known.runtime.name());
    if let Some(root) = denied {
        let message = format!(
            "the root of the container `{name}` of {runtime} is `{}`, which may not be read; run the scan as root",
            root.display()
        );
        return ScanError::new(ScanErrorKind::NoPermission, message);
    }
    let image = match details.image.as_str() {
        "" => String::new(),
        image => format!(" `{image}`"),
    };
    let message = format!(
        "the container `{name}` of {runtime} has no merged root on this host: it does not run, or is not seen from here; \
         start it, run the scan as root, or scan its image{image}"
    );
    ScanError::new(ScanErrorKind::NotFound, message)
}

fn meta(known: Known, details: Details) -> ImageMeta {
    ImageMeta {
        account: LOCAL.to_owned(),
        reference: known.name.clone(),
        kind: ImageKind::Container,
        manifest_digest: details.manifest_digest,
        manifest_type: String::new(),
        config_digest: details.config_digest,
        platform: platform(&details.config),
        config: Some(details.config),
        config_unread: None,
        container: Some(ContainerMeta {
            id: known.id,
            name: known.name,
            runtime: known.runtime.name().to_owned(),
            image: details.image,
        }),
    }
}

/// What the image says it runs on; a container runs on this host.
fn platform(config: &Value) -> Platform {
    let said = Platform::of_config(config);
    if said.os.is_empty() {
        Platform::host()
    } else {
        said
    }
}

#[cfg(test)]
mod tests;
