//! The direction of dependencies: `model ← engine ← catalog`, `collect` and `store` beside them, `service` on all of
//! these, façades and reports on top, the binary over everything. Nothing points back.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::workspace::{Workspace, list, text};

/// Each crate with those of ours that it may be built on. A new crate comes here.
const LAYERS: &[(&str, &[&str])] = &[
    ("stance-model", &[]),
    ("stance-engine", &["model"]),
    ("stance-catalog", &["model", "engine"]),
    ("stance-collect", &["model"]),
    ("stance-rootfs", &["model"]),
    ("stance-store", &["model"]),
    (
        "stance-service",
        &["model", "engine", "catalog", "collect", "store"],
    ),
    ("stance-aliyun", &["model", "service"]),
    ("stance-report", &["model"]),
    (
        "stance-cli",
        &[
            "model", "engine", "catalog", "collect", "rootfs", "store", "service", "aliyun",
            "report",
        ],
    ),
    ("xtask", &["model"]),
];

/// What only some crates may use: SQL, HTTP, YAML.
const OWNERS: &[(&str, &[&str])] = &[
    ("sqlx", &["stance-store"]),
    ("axum", &["stance-aliyun"]),
    ("hyper", &["stance-aliyun"]),
    ("hyper-util", &["stance-aliyun"]),
    ("tower-http", &["stance-aliyun"]),
    (
        "serde-saphyr",
        &["stance-catalog", "stance-rootfs", "stance-cli"],
    ),
    // Only tests compare with it.
    ("cel", &[]),
    ("aes-gcm", &["stance-service"]),
];

/// Looks at what every crate of ours is built on; what only its tests use is its own affair.
///
/// # Errors
/// Names every dependency that points the wrong way.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata(&["--no-deps"])?;
    let problems: Vec<String> = list(&metadata, "packages")
        .iter()
        .flat_map(problems)
        .collect();
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    Ok(())
}

fn problems(package: &Value) -> Vec<String> {
    let name = text(package, "name");
    let Some((_, below)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        return vec![format!(
            "`{name}` has no place in the direction of dependencies"
        )];
    };
    let built_on = list(package, "dependencies")
        .iter()
        .filter(|d| text(d, "kind") != "dev");
    let wrong = built_on
        .map(|d| text(d, "name"))
        .filter(|d| !may(name, below, d));
    wrong
        .map(|dependency| format!("`{name}` must not be built on `{dependency}`"))
        .collect()
}

fn may(name: &str, below: &[&str], dependency: &str) -> bool {
    if let Some(short) = dependency.strip_prefix("stance-") {
        return below.contains(&short);
    }
    let owners = OWNERS.iter().find(|(owned, _)| *owned == dependency);
    owners.is_none_or(|(_, owners)| owners.contains(&name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(name: &str, dependency: &str, kind: Option<&str>) -> usize {
        let dependencies = json!([{"name": dependency, "kind": kind}]);
        problems(&json!({"name": name, "dependencies": dependencies})).len()
    }

    #[test]
    fn a_facade_sees_the_service_and_not_the_store() {
        assert_eq!(found("stance-aliyun", "stance-service", None), 0);
        assert_eq!(found("stance-aliyun", "stance-store", None), 1);
        assert_eq!(found("stance-aliyun", "stance-store", Some("dev")), 0);
    }

    #[test]
    fn only_the_store_knows_sql() {
        assert_eq!(found("stance-store", "sqlx", None), 0);
        assert_eq!(found("stance-service", "sqlx", None), 1);
    }

    #[test]
    fn a_crate_without_a_place_is_named() {
        assert_eq!(found("stance-novel", "serde", None), 1);
    }
}
