//! How people say what is to be scanned.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Reference, ReferenceError};
use crate::container::Runtime;

/// What is to be scanned. Its text forms:
///
/// | form | meaning |
/// |---|---|
/// | `oci:DIR[:NAME]` | an OCI layout folder, and which of its images |
/// | `docker-archive:FILE[:NAME]`, `oci-archive:FILE[:NAME]` | an archive, and which of its images |
/// | `dir:DIR`, `rootfs:DIR` | a folder that holds a root file system |
/// | `container:[docker/\|podman/\|containerd/]ID` | a container of this host, by its name or the beginning of its id |
/// | `docker://REF`, `REF` | an image in a registry |
///
/// A plain text that is an existing file is an archive; an existing folder is a layout if it has a file `oci-layout`,
/// else a root file system. `docker://` names the image even if there is such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageRef {
    /// An OCI layout folder.
    Layout {
        /// The folder.
        path: PathBuf,
        /// Which image; none: the only one.
        name: Option<String>,
    },
    /// An archive, as `docker save` or OCI tools make it.
    Archive {
        /// The file.
        path: PathBuf,
        /// Which image; none: the only one.
        name: Option<String>,
    },
    /// A folder that holds a root file system.
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// An image in a registry.
    Registry(Reference),
    /// A container of this host.
    Container {
        /// Who runs it; none: whoever knows it.
        runtime: Option<Runtime>,
        /// Its name or the beginning of its id.
        id: String,
    },
}

/// The most bytes of a container's name.
const CONTAINER: usize = 255;

impl FromStr for ImageRef {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.contains('\0') {
            return Err(ReferenceError::new(text, "it has a NUL byte"));
        }
        if let Some(reference) = text.strip_prefix("docker://") {
            return Ok(Self::Registry(reference.parse()?));
        }
        match text.split_once(':') {
            Some(("oci", rest)) => {
                named_path(text, rest).map(|(path, name)| Self::Layout { path, name })
            }
            Some(("docker-archive" | "oci-archive", rest)) => {
                named_path(text, rest).map(|(path, name)| Self::Archive { path, name })
            }
            Some(("dir" | "rootfs", rest)) => {
                let path = some_path(text, rest)?;
                Ok(Self::Folder { path })
            }
            Some(("container", rest)) => container(text, rest),
            _ => plain(text),
        }
    }
}

/// The path, and the name after it. A colon may be part of either: the first one after a path that exists counts.
fn named_path(text: &str, rest: &str) -> Result<(PathBuf, Option<String>), ReferenceError> {
    let whole = some_path(text, rest)?;
    if whole.exists() {
        return Ok((whole, None));
    }
    let splits = || {
        rest.match_indices(':')
            .filter_map(|(at, _)| rest.split_at_checked(at))
    };
    let existing = splits().find(|(path, _)| !path.is_empty() && Path::new(path).exists());
    match existing.or_else(|| splits().next()) {
        None => Ok((whole, None)),
        Some((path, name)) => {
            let name = name.trim_start_matches(':');
            if name.is_empty() {
                return Err(ReferenceError::new(
                    text,
                    "there is no name after its last colon",
                ));
            }
            Ok((some_path(text, path)?, Some(name.to_owned())))
        }
    }
}

fn some_path(text: &str, path: &str) -> Result<PathBuf, ReferenceError> {
    if path.is_empty() {
        return Err(ReferenceError::new(text, "it has no path"));
    }
    Ok(PathBuf::from(path))
}

fn container(text: &str, rest: &str) -> Result<ImageRef, ReferenceError> {
    let (runtime, id) = match rest.split_once('/') {
        None => (None, rest),
        Some((runtime, id)) => {
            let known = Runtime::named(runtime).ok_or_else(|| {
                let why = "the part before the slash is not docker, podman or containerd";
                ReferenceError::new(text, why)
            })?;
            (Some(known), id)
        }
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let starts = id
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !starts || id.len() > CONTAINER || !id.bytes().all(fits) {
        let why = "a container's name or id has letters, digits, `_`, `.` and `-` only";
        return Err(ReferenceError::new(text, why));
    }
    Ok(ImageRef::Container {
        runtime,
        id: id.to_owned(),
    })
}

fn plain(text: &str) -> Result<ImageRef, ReferenceError> {
    let path = PathBuf::from(text);
    if text.is_empty() {
        return Err(ReferenceError::new(text, "it is empty"));
    }
    if path.is_dir() {
        let layout = path.join("oci-layout").exists();
        return Ok(if layout {
            ImageRef::Layout { path, name: None }
        } else {
            ImageRef::Folder { path }
        });
    }
    if path.exists() {
        return Ok(ImageRef::Archive { path, name: None });
    }
    if text.starts_with(['/', '.', '~']) {
        return Err(ReferenceError::new(text, "there is no such file or folder"));
    }
    if let Some((scheme, _)) = text.split_once("://") {
        let why = format!("`{scheme}://` is not known; write `docker://REF`, or the name alone");
        return Err(ReferenceError::new(text, why));
    }
    text.parse().map(ImageRef::Registry)
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |f: &mut fmt::Formatter<'_>, form: &str, path: &Path, name: &Option<String>| {
            write!(f, "{form}:{}", path.display())?;
            name.as_ref().map_or(Ok(()), |name| write!(f, ":{name}"))
        };
        match self {
            Self::Layout { path, name } => named(f, "oci", path, name),
            Self::Archive { path, name } => named(f, "docker-archive", path, name),
            Self::Folder { path } => write!(f, "rootfs:{}", path.display()),
            Self::Registry(reference) => reference.fmt(f),
            Self::Container { runtime: None, id } => write!(f, "container:{id}"),
            Self::Container {
                runtime: Some(runtime),
                id,
            } => write!(f, "container:{}/{id}", runtime.name()),
        }
    }
}
