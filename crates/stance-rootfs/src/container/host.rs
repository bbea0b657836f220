//! The host's files, below a root that tests choose.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;
use stance_model::bounded;

use crate::source::folder::IdMap;

/// The most bytes of a file of state.
const STATE: u64 = 8 << 20;
/// The most bytes of a file in `/proc`.
const PROC: u64 = 256 << 10;
/// The most entries of a folder of state that are looked at.
const ENTRIES: usize = 20_000;

/// Where the runtimes of this host keep their state.
#[derive(Debug, Clone)]
pub struct ContainerPaths {
    /// What stands for `/`: another folder when the host's root is mounted elsewhere.
    pub root: PathBuf,
    /// Docker's data folders.
    pub docker: Vec<PathBuf>,
    /// Docker's folders of what is mounted while containers run.
    pub docker_run: Vec<PathBuf>,
    /// Podman's storages: what lasts, and what lasts while the host runs.
    pub podman: Vec<(PathBuf, PathBuf)>,
    /// Containerd's state folders.
    pub containerd: Vec<PathBuf>,
}

impl Default for ContainerPaths {
    /// The usual places of the super-user's runtimes, and of the user's own podman.
    fn default() -> Self {
        let mut podman = vec![(
            PathBuf::from("/var/lib/containers/storage"),
            PathBuf::from("/run/containers/storage"),
        )];
        let var = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let data = var("XDG_DATA_HOME").map(PathBuf::from);
        let data = data.or_else(|| Some(PathBuf::from(var("HOME")?).join(".local/share")));
        if let (Some(data), Some(run)) = (data, var("XDG_RUNTIME_DIR")) {
            let run = PathBuf::from(run).join("containers");
            podman.push((data.join("containers/storage"), run));
        }
        Self {
            root: "/".into(),
            docker: vec!["/var/lib/docker".into()],
            docker_run: vec!["/run/docker".into()],
            podman,
            containerd: vec!["/run/containerd".into(), "/run/k3s/containerd".into()],
        }
    }
}

/// The host's files.
pub(super) struct Host<'p> {
    pub(super) paths: &'p ContainerPaths,
}

impl<'p> Host<'p> {
    pub(super) fn new(paths: &'p ContainerPaths) -> Self {
        Self { paths }
    }

    /// Where a path of the host really is.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.paths.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// A file of state as text.
    pub(super) fn text(&self, path: &Path) -> io::Result<String> {
        bounded::read_text(&self.path(path), STATE)
    }

    /// A file of state as JSON.
    pub(super) fn json(&self, path: &Path) -> io::Result<Value> {
        let text = self.text(path)?;
        serde_json::from_str(&text).map_err(io::Error::from)
    }

    /// The names in a folder of state, in order. A folder that is not there has none; one that may not be read is
    /// noted in `denied`.
    pub(super) fn names(&self, path: &Path, denied: &mut Vec<String>) -> Vec<String> {
        let entries = match fs::read_dir(self.path(path)) {
            Ok(entries) => entries,
            Err(e) => {
                note(path, &e, denied);
                return Vec::new();
            }
        };
        let names = entries.flatten().take(ENTRIES);
        let mut names: Vec<String> = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort_unstable();
        names
    }

    /// Whether a folder has anything in it: a merged root that is not mounted is empty or not there.
    pub(super) fn has_entries(&self, path: &Path) -> io::Result<bool> {
        let mut entries = fs::read_dir(self.path(path))?;
        Ok(entries.next().transpose()?.is_some())
    }

    /// A file of a process.
    pub(super) fn process(&self, pid: u64, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{pid}/{name}"))
    }

    /// Whether a process is of a container: its number may be another one's by now.
    pub(super) fn is_of(&self, pid: u64, id: &str) -> bool {
        let groups = bounded::read_text(&self.path(&self.process(pid, "cgroup")), PROC);
        groups.is_ok_and(|groups| groups.contains(id))
    }

    /// How a process counts users and groups.
    pub(super) fn id_map(&self, pid: u64) -> IdMap {
        let read = |name| bounded::read_text(&self.path(&self.process(pid, name)), PROC);
        let (users, groups) = (read("uid_map"), read("gid_map"));
        IdMap::parse(&users.unwrap_or_default(), &groups.unwrap_or_default())
    }
}

/// Notes that a file or folder may not be read; that it is not there is nothing to note.
pub(super) fn note(path: &Path, error: &io::Error, denied: &mut Vec<String>) {
    if error.kind() == io::ErrorKind::PermissionDenied {
        denied.push(format!("`{}` may not be read", path.display()));
    }
}

/// Whether a name is the id of a container: letters, digits, and what else runtimes allow, but no path.
pub(super) fn is_id(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    !name.is_empty() && name.len() <= 255 && !name.starts_with('.') && name.bytes().all(fits)
}

/// A text in a document; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
