//! Which files a path stands for.

use std::path::{Path, PathBuf};

use super::error::SnapshotError;

/// The snapshot files at `path`: itself when it is no folder; otherwise its `*.jsonl` and `*.jsonl.zst`, sorted by
/// name, each a whole snapshot. Folders within the folder are not entered.
///
/// # Errors
/// [`SnapshotError::Io`] when the path does not exist or cannot be listed, [`SnapshotError::NoFiles`] for a folder
/// without snapshots.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let found = std::fs::metadata(path).map_err(SnapshotError::io("open", path))?;
    if !found.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(SnapshotError::io("list", path))? {
        let file = entry.map_err(SnapshotError::io("list", path))?.path();
        if is_named_snapshot(&file) && file.is_file() {
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

/// Whether the name says snapshot. Names that begin with a dot are files being written.
fn is_named_snapshot(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && (name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"))
}
