//! Which folders are root modules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::module::{Module, files};
use super::path::local_source;
use crate::terraform::error::TerraformError;

/// The deepest folder below the one that is scanned.
const MAX_DEPTH: usize = 16;

/// The most folders looked into.
const MAX_FOLDERS: usize = 20_000;

/// The folders at or below `within` that hold `.tf` files and that no other of them calls as a module: those are what
/// somebody applies. Hidden folders (`.terraform`) are not entered, links are not followed.
///
/// # Errors
/// [`TerraformError`] when a folder cannot be listed, or there are too many.
pub(super) fn roots(within: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    let folders = folders(within)?;
    let mut called = BTreeSet::new();
    for folder in &folders {
        // A folder that cannot be read is reported when it is read for good.
        let Ok(module) = Module::read(folder) else {
            continue;
        };
        for call in &module.calls {
            let source = call.body.get_attribute("source");
            let source = source.and_then(|a| a.value.as_str());
            called.extend(source.and_then(|source| local_source(folder, source, within)));
        }
    }
    let is_root = |folder: &PathBuf| {
        let real = folder.canonicalize();
        !real.is_ok_and(|real| called.contains(&real))
    };
    Ok(folders.into_iter().filter(is_root).collect())
}

/// Whether there are `.tf` files at or below the folder.
pub(crate) fn is_project(within: &Path) -> bool {
    let (mut pending, mut seen) = (vec![(within.to_owned(), 0)], 0);
    while let Some((folder, depth)) = pending.pop() {
        seen += 1;
        if files(&folder).is_ok_and(|files| !files.is_empty()) {
            return true;
        }
        if depth < MAX_DEPTH && seen < MAX_FOLDERS {
            let below = below(&folder).unwrap_or_default();
            pending.extend(below.into_iter().map(|path| (path, depth + 1)));
        }
    }
    false
}

fn folders(within: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    let (mut found, mut pending, mut seen) = (Vec::new(), vec![(within.to_owned(), 0)], 0);
    while let Some((folder, depth)) = pending.pop() {
        seen += 1;
        if seen > MAX_FOLDERS {
            return Err(TerraformError::TooMany {
                limit: MAX_FOLDERS,
                unit: "folders",
            });
        }
        if !files(&folder)?.is_empty() {
            found.push(folder.clone());
        }
        if depth < MAX_DEPTH {
            pending.extend(below(&folder)?.into_iter().map(|path| (path, depth + 1)));
        }
    }
    found.sort();
    Ok(found)
}

fn below(folder: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(TerraformError::Io)? {
        let entry = entry.map_err(TerraformError::Io)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !hidden {
            found.push(entry.path());
        }
    }
    Ok(found)
}
