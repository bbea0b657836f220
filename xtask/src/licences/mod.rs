//! Licences and sources of everything that is built, held to `deny.toml`.
//!
//! `cargo deny` does the same and more, but takes longer to build than all tests to run; this needs nothing and runs
//! everywhere. The list of licences is read from `deny.toml`, so that there is one.

mod expression;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use stance_model::bounded;

use crate::workspace::{Workspace, list, text};
use expression::Expression;

/// The largest `deny.toml` that is read, bytes.
const LIMIT: u64 = 1 << 20;

/// Looks at every package of the lock file, for every platform.
///
/// # Errors
/// Names every package whose licence is not allowed or that does not come from the one registry.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let rules =
        bounded::read_text(&workspace.path("deny.toml"), LIMIT).context("reading `deny.toml`")?;
    let allowed = allowed(&rules).context("`deny.toml` has no list `allow` of licences")?;
    let metadata = workspace.metadata(&[])?;
    let problems = problems(list(&metadata, "packages"), &allowed);
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    Ok(())
}

/// The licences in the list `allow` of the section `[licenses]`.
fn allowed(rules: &str) -> Option<Vec<String>> {
    let (_, section) = rules.split_once("\n[licenses]\n")?;
    let (_, rest) = section.split_once("\nallow = [\n")?;
    let (entries, _) = rest.split_once("\n]")?;
    let quoted = |line: &str| Some(line.trim().strip_prefix('"')?.split_once('"')?.0.to_owned());
    Some(entries.lines().filter_map(quoted).collect())
}

/// What is wrong with the packages, one line each.
fn problems(packages: &[Value], allowed: &[String]) -> Vec<String> {
    let mut registries: Vec<&str> = packages
        .iter()
        .map(|p| text(p, "source"))
        .filter(|s| is_registry(s))
        .collect();
    registries.sort_unstable();
    registries.dedup();
    let mut problems: Vec<String> = packages
        .iter()
        .filter_map(|package| problem(package, allowed))
        .collect();
    if registries.len() > 1 {
        problems.push(format!(
            "packages come from {} registries, not one",
            registries.len()
        ));
    }
    problems
}

fn problem(package: &Value, allowed: &[String]) -> Option<String> {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let (licence, source) = (text(package, "license"), text(package, "source"));
    let is_ours = source.is_empty() && name_is_ours(name);
    if !is_ours && !is_registry(source) {
        return Some(format!("{name} {version} does not come from the registry"));
    }
    match Expression::parse(licence) {
        Some(expression) if expression.holds(&|id| allowed.iter().any(|a| a == id)) => None,
        Some(_) => Some(format!("{name} {version} has the licence `{licence}`")),
        None => Some(format!(
            "{name} {version} names no licence that can be read: `{licence}`"
        )),
    }
}

fn is_registry(source: &str) -> bool {
    source.starts_with("registry+") || source.starts_with("sparse+")
}

/// Packages without a source are folders; ours are the only ones.
fn name_is_ours(name: &str) -> bool {
    name == "xtask" || name.starts_with("stance-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALLOWED: [&str; 2] = ["MIT", "Apache-2.0"];

    fn found(packages: &[Value]) -> Vec<String> {
        problems(packages, &ALLOWED.map(str::to_owned))
    }

    #[test]
    fn the_list_is_read_from_the_rules() {
        let rules = "[graph]\n\n[licenses]\nconfidence = 1\nallow = [\n  \"MIT\",\n  # why\n  \"ISC\", # so\n]\n";
        assert_eq!(allowed(rules).unwrap(), ["MIT", "ISC"]);
        assert!(allowed("[bans]\nallow = []\n").is_none());
    }

    #[test]
    fn registry_packages_with_allowed_licences_pass() {
        let packages = [
            json!({"name": "a", "version": "1.0.0", "license": "MIT/Apache-2.0", "source": "registry+x"}),
            json!({"name": "stance-model", "version": "0.1.0", "license": "Apache-2.0", "source": null}),
        ];
        assert!(found(&packages).is_empty());
    }

    #[test]
    fn every_other_package_is_named() {
        let packages = [
            json!({"name": "a", "version": "1.0.0", "license": "GPL-3.0-only", "source": "registry+x"}),
            json!({"name": "b", "version": "1.0.0", "license": null, "source": "registry+x"}),
            json!({"name": "c", "version": "1.0.0", "license": "MIT", "source": "git+y"}),
            json!({"name": "d", "version": "1.0.0", "license": "MIT", "source": null}),
            json!({"name": "e", "version": "1.0.0", "license": "MIT", "source": "registry+z"}),
        ];
        let problems = found(&packages);
        assert_eq!(problems.len(), 5, "{problems:?}");
        assert!(problems[4].contains("2 registries"), "{problems:?}");
    }
}
