//! Dependencies that nothing uses: each costs building time and trust.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use stance_model::bounded;

use crate::workspace::{Workspace, list, text};

/// The largest source file that is read, bytes.
const LIMIT: u64 = 4 << 20;

/// Looks for the name of every dependency in the sources of the crate that names it.
///
/// # Errors
/// Names every dependency that the crate's sources never mention.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata(&["--no-deps"])?;
    let mut problems = Vec::new();
    for package in list(&metadata, "packages") {
        let folder = Path::new(text(package, "manifest_path")).parent();
        let sources = sources(folder.context("a package without a folder")?)?;
        let unused = list(package, "dependencies")
            .iter()
            .filter(|d| !mentions(&sources, d));
        let name = text(package, "name");
        problems.extend(unused.map(|d| format!("`{name}` does not use `{}`", text(d, "name"))));
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    Ok(())
}

/// Crates whose code goes by another name than the package.
const LIBRARIES: [(&str, &str); 1] = [("md-5", "md5")];

/// Whether sources mention the crate by the name that code calls it.
fn mentions(sources: &str, dependency: &Value) -> bool {
    let renamed = Some(text(dependency, "rename")).filter(|name| !name.is_empty());
    let package = text(dependency, "name");
    let library = LIBRARIES.iter().find(|(known, _)| *known == package);
    let name = renamed
        .or(library.map(|(_, library)| *library))
        .unwrap_or(package)
        .replace('-', "_");
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    sources.match_indices(&name).any(|(at, found)| {
        let (before, after) = (sources.get(..at), sources.get(at + found.len()..));
        let before = before.and_then(|text| text.chars().next_back());
        let after = after.and_then(|text| text.chars().next());
        !is_word(before) && !is_word(after)
    })
}

/// All Rust sources below a folder, one after the other.
fn sources(folder: &Path) -> Result<String> {
    let mut all = String::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            all.push_str(&sources(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&bounded::read_text(&path, LIMIT)?);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_crate_is_mentioned_by_its_whole_name() {
        let serde = json!({"name": "serde"});
        assert!(mentions("use serde::Serialize;", &serde));
        assert!(!mentions("use serde_json::Value;", &serde));
        assert!(mentions(
            "use sonic_rs::Value;",
            &json!({"name": "sonic-rs"})
        ));
        assert!(mentions(
            "use short::Value;",
            &json!({"name": "long-name", "rename": "short"})
        ));
    }
}
