//! Where the repository lies, and what cargo says of it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::tool::Tool;

/// The repository.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

/// A benchmark of one of the crates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bench {
    /// The crate.
    pub(crate) package: String,
    /// Its name, as `cargo bench --bench` takes it.
    pub(crate) name: String,
}

impl Workspace {
    /// The repository that this program was built from.
    ///
    /// # Errors
    /// When it was not started by cargo in one.
    pub(crate) fn here() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR")
            .context("start this as `cargo xtask`, somewhere in the repository")?;
        let root = Path::new(&own).join("..").canonicalize()?;
        if !root.join("Cargo.lock").is_file() {
            bail!("`{}` is not the root of the repository", root.display());
        }
        Ok(Self { root })
    }

    /// A file or folder of it.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Its root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A program to run at its root.
    pub(crate) fn tool(&self, program: impl AsRef<Path>) -> Tool {
        Tool::new(program.as_ref(), &self.root)
    }

    /// The cargo that runs this program.
    pub(crate) fn cargo(&self, subcommand: &str) -> Tool {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        self.tool(PathBuf::from(program)).arg(subcommand)
    }

    /// The debug build of `stance`, built when it is not up to date.
    pub(crate) fn stance(&self) -> Tool {
        let package = ["--locked", "--quiet", "--package", "stance-cli", "--"];
        self.cargo("run").args(package)
    }

    /// A program of the Python environment that `cargo xtask setup` makes.
    pub(crate) fn python_tool(&self, name: &str) -> Tool {
        self.tool(self.path(".venv/bin").join(name))
    }

    /// The debug build of `stance`, after it was built.
    ///
    /// # Errors
    /// When cargo does not say where it builds.
    pub(crate) fn binary(&self) -> Result<PathBuf> {
        let metadata = self.metadata(&["--no-deps"])?;
        let folder = metadata.get("target_directory").and_then(Value::as_str);
        let folder = folder.context("`cargo metadata` names no target directory")?;
        Ok(Path::new(folder).join("debug").join("stance"))
    }

    /// All benchmarks of the workspace.
    ///
    /// # Errors
    /// When cargo does not answer.
    pub(crate) fn benches(&self) -> Result<Vec<Bench>> {
        let metadata = self.metadata(&["--no-deps"])?;
        let packages = list(&metadata, "packages");
        Ok(packages.iter().flat_map(benches_of).collect())
    }

    /// What cargo says of the workspace and of everything it depends on, for every platform.
    ///
    /// # Errors
    /// When cargo does not answer, or something cannot be read.
    pub(crate) fn metadata(&self, flags: &[&str]) -> Result<Value> {
        let text = self
            .cargo("metadata")
            .args(["--locked", "--format-version", "1"])
            .args(flags.iter().copied())
            .read()?;
        serde_json::from_str(&text).context("reading what `cargo metadata` answered")
    }
}

/// The list under a name; empty where there is none.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The text under a name; empty where there is none.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn benches_of(package: &Value) -> Vec<Bench> {
    let is_bench = |target: &&Value| list(target, "kind").iter().any(|kind| kind == "bench");
    list(package, "targets")
        .iter()
        .filter(is_bench)
        .map(|target| Bench {
            package: text(package, "name").to_owned(),
            name: text(target, "name").to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn benches_are_told_from_other_targets() {
        let package = json!({"name": "stance-store", "targets": [
            {"name": "stance_store", "kind": ["lib"]}, {"name": "store", "kind": ["bench"]}]});
        let found = Bench {
            package: "stance-store".to_owned(),
            name: "store".to_owned(),
        };
        assert_eq!(benches_of(&package), [found]);
    }
}
