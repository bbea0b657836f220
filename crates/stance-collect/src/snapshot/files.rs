//! Which files a path stands for.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::SnapshotError;
use crate::export::is_export;
use crate::terraform::{is_project, is_terraform};

/// How many bytes of a file tell what it is.
const HEAD: usize = 4_096;

/// The files to read at `path`: itself when it is no folder; otherwise its snapshots (`*.jsonl`, `*.jsonl.zst`),
/// Terraform states (`*.tfstate`) and those `*.json` that are Terraform states, plans or exports by their content, sorted by
/// name, each a whole snapshot; and the folder itself, where it holds HCL (`*.tf`), also in folders below it, which are
/// not looked into for anything else. A `.tf` file stands for its folder.
///
/// # Errors
/// [`SnapshotError::Io`] when the path does not exist or cannot be listed, [`SnapshotError::NoFiles`] for a folder
/// without any.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let found = std::fs::metadata(path).map_err(SnapshotError::io("open", path))?;
    if !found.is_dir() {
        let hcl = path.extension().is_some_and(|ending| ending == "tf");
        let folder = path.parent().filter(|_| hcl).map(|folder| {
            let here = folder.as_os_str().is_empty();
            if here { Path::new(".") } else { folder }
        });
        return Ok(vec![folder.unwrap_or(path).to_owned()]);
    }
    let mut files = Vec::new();
    if is_project(path) {
        files.push(path.to_owned());
    }
    for entry in std::fs::read_dir(path).map_err(SnapshotError::io("list", path))? {
        let file = entry.map_err(SnapshotError::io("list", path))?.path();
        if file.is_file() && is_wanted(&file)? {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(SnapshotError::NoFiles {
            path: path.to_owned(),
        });
    }
    files.sort();
    Ok(files)
}

/// Whether a file of a folder is one to read. Names that begin with a dot are files being written.
fn is_wanted(path: &Path) -> Result<bool, SnapshotError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let named = [".jsonl", ".jsonl.zst", ".tfstate"]
        .iter()
        .any(|end| name.ends_with(end));
    if name.starts_with('.') || named {
        return Ok(named && !name.starts_with('.'));
    }
    Ok(name.ends_with(".json") && begins_like_another(path)?)
}

/// Whether the first bytes of the file are those of a state, a plan or an export.
fn begins_like_another(path: &Path) -> Result<bool, SnapshotError> {
    let mut file = std::fs::File::open(path).map_err(SnapshotError::io("open", path))?;
    let mut head = [0; HEAD];
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest).map_err(SnapshotError::io("read", path))? {
            0 => break,
            count => filled += count,
        }
    }
    let head = head.get(..filled).unwrap_or_default();
    Ok(is_terraform(head) || is_export(head))
}
