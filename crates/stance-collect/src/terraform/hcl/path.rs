//! Where a module's source is.

use std::path::{Path, PathBuf};

/// The folder that a call's `source` names, when it is a local one at or below `within`: a repository from outside
/// must not have us read elsewhere.
pub(super) fn local_source(folder: &Path, source: &str, within: &Path) -> Option<PathBuf> {
    let local = ["./", "../"].iter().any(|start| source.starts_with(start));
    if !local && source != "." && source != ".." {
        return None;
    }
    let target = folder.join(source).canonicalize().ok()?;
    let within = within.canonicalize().ok()?;
    (target.starts_with(&within) && target.is_dir()).then_some(target)
}
