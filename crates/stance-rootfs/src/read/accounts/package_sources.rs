//! Where packages come from, and whether they are verified: sources.list(5), apt.conf(5), yum.conf(5), pip's and npm's
//! configuration.

use serde_json::json;
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, open, settings};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "package_sources",
    wants: &[
        "etc/apt/sources.list",
        "etc/apt/sources.list.d/*",
        "etc/apt/apt.conf",
        "etc/apt/apt.conf.d/*",
        "etc/yum.conf",
        "etc/dnf/dnf.conf",
        "etc/yum.repos.d/*.repo",
        "etc/pip.conf",
        "root/.pip/pip.conf",
        "root/.config/pip/pip.conf",
        "root/.npmrc",
        "usr/local/etc/npmrc",
    ],
    read: |root, _| fact(facts(root)),
};

/// Settings that turn the verification off: part of a file's path, the name in small letters, the values.
const OFF: &[(&str, &str, &[&str])] = &[
    (
        "/apt/apt.conf",
        "apt::get::allowunauthenticated",
        &["true", "yes", "1"],
    ),
    (
        "/apt/apt.conf",
        "acquire::allowinsecurerepositories",
        &["true", "yes", "1"],
    ),
    (
        "/apt/apt.conf",
        "acquire::allowdowngradetoinsecurerepositories",
        &["true", "yes", "1"],
    ),
    (
        "/apt/apt.conf",
        "acquire::https::verify-peer",
        &["false", "no", "0"],
    ),
    (
        "/apt/apt.conf",
        "acquire::https::verify-host",
        &["false", "no", "0"],
    ),
    ("/yum", "gpgcheck", &["0", "false", "no"]),
    ("/yum", "sslverify", &["0", "false", "no"]),
    ("/dnf", "gpgcheck", &["0", "false", "no"]),
    ("/dnf", "sslverify", &["0", "false", "no"]),
    ("npmrc", "strict-ssl", &["false"]),
];

fn facts(root: &Root) -> Facts {
    let mut unverified = Rows::default();
    for pattern in READER.wants {
        let files = match pattern.contains('*') {
            true => root.glob(pattern)?,
            false => open(root, pattern)?.into_iter().collect(),
        };
        for file in files {
            read(&file, &mut unverified)?;
        }
    }
    Ok(Some(json!({"unverified": unverified.finish("settings")?})))
}

fn read(file: &FileRef<'_>, unverified: &mut Rows) -> Result<(), Reason> {
    let path = file.path();
    for (line, text) in settings(file)? {
        // The line itself may hold a password in an address: only the name is shown.
        let name = if path.contains("/apt/sources.list") {
            trusted(&text)
        } else if path.ends_with("pip.conf") {
            text.starts_with("trusted-host").then_some("trusted-host")
        } else {
            off(&path, &text)
        };
        if let Some(name) = name {
            unverified.push(json!({"at": at(file, Some(line), name)}));
        }
    }
    Ok(())
}

/// `deb [trusted=yes] …`, or `Trusted: yes` of the newer form.
fn trusted(text: &str) -> Option<&'static str> {
    let small = text.to_ascii_lowercase();
    let options = small
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let words = options.map_or("", |(options, _)| options);
    let old = words
        .split_whitespace()
        .any(|word| matches!(word, "trusted=yes" | "allow-insecure=yes"));
    let (name, value) = small.split_once(':').unwrap_or((&small, ""));
    let new = matches!(name.trim(), "trusted" | "allow-insecure") && value.trim() == "yes";
    (old || new).then_some("trusted=yes")
}

fn off(path: &str, text: &str) -> Option<&'static str> {
    let mut parts = text.splitn(2, |c: char| c == '=' || c.is_whitespace());
    let name = parts.next()?.trim().to_ascii_lowercase();
    let value = parts.next()?.trim_matches(['=', ' ', '\t', '"', '\'', ';']);
    let value = value.to_ascii_lowercase();
    let found = OFF.iter().find(|(part, known, values)| {
        path.contains(part) && *known == name && values.contains(&value.as_str())
    });
    found.map(|(_, known, _)| *known)
}
