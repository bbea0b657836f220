//! What package managers left behind.

use serde_json::json;

use super::lines::{Facts, Rows, at, fact};
use crate::read::FactReader;
use crate::root::Root;

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "package_caches",
    wants: &[],
    read: |root, _| fact(facts(root)),
};

/// The files of caches, by the manager.
const CACHES: &[(&str, &str)] = &[
    ("apt", "var/lib/apt/lists/*_Packages*"),
    ("apt", "var/lib/apt/lists/*_InRelease"),
    ("apt", "var/cache/apt/archives/*.deb"),
    ("apt", "var/cache/apt/pkgcache.bin"),
    ("apk", "var/cache/apk/APKINDEX*"),
    ("apk", "var/cache/apk/*.apk"),
    ("apk", "etc/apk/cache/APKINDEX*"),
    ("yum", "var/cache/yum/*/*/*/*.sqlite*"),
    ("yum", "var/cache/yum/*/*/*/repomd.xml"),
    ("dnf", "var/cache/dnf/*.solv"),
    ("dnf", "var/cache/dnf/*/repodata/*"),
    ("pip", "root/.cache/pip/http*/*/*"),
    ("pip", "root/.cache/pip/http*/*/*/*/*/*/*"),
    ("pip", "root/.cache/pip/selfcheck/*"),
    ("npm", "root/.npm/_cacache/index-v5/*/*/*"),
];

/// The paths whose entries are looked at.
pub(super) const SEES: &[&str] = &[
    "var/lib/apt/lists/*",
    "var/cache/apt/archives/*.deb",
    "var/cache/apt/pkgcache.bin",
    "var/cache/apk/*",
    "etc/apk/cache/*",
    "var/cache/yum/**",
    "var/cache/dnf/**",
    "root/.cache/pip/**",
    "root/.npm/_cacache/index-v5/**",
];

/// The most places of one manager that are kept.
const KEPT: usize = 5;

fn facts(root: &Root) -> Facts {
    let mut found = Rows::default();
    for (manager, pattern) in CACHES {
        for file in root.glob(pattern)?.iter().take(KEPT) {
            let what = format!("{manager}: {} bytes", file.entry().size);
            found.push(json!({"manager": manager, "at": at(file, None, &what)}));
        }
    }
    Ok(Some(json!({"found": found.finish("cached files")?})))
}
