//! `cargo xtask new-check`: a check of the catalogue, begun.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use stance_model::bounded;

use crate::steps::say;
use crate::workspace::Workspace;

/// The largest check file that is read, bytes.
const LIMIT: u64 = 1 << 20;

/// The numbers of each provider's checks: the first, and the first that is no longer one. Those below 1001 belong to
/// the vendor's own table.
const NUMBERS: [(&str, u32, u32); 5] = [
    ("aliyun", 1_001, 2_001),
    ("aws", 2_001, 3_001),
    ("azure", 3_001, 4_001),
    ("tencent", 4_001, 5_001),
    ("huawei", 5_001, 6_001),
];

/// Begins a check of the catalogue: a file with the next free number, whose examples run.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  cargo xtask new-check ali.ecs.owner_tag aliyun/ecs/instance")]
pub(crate) struct Args {
    /// The key: provider, service and what is looked at, such as ali.ecs.owner_tag.
    key: String,
    /// The asset type that it judges, such as aliyun/ecs/instance.
    asset_type: String,
}

pub(crate) fn new_check(args: &Args, workspace: &Workspace) -> Result<()> {
    let path = place(&args.key, &args.asset_type)?;
    let provider = args.asset_type.split('/').next().unwrap_or_default();
    let number = next_number(&workspace.path("catalog/checks").join(provider), provider)?;
    let template = workspace
        .stance()
        .args(["check", "new", &args.key, &args.asset_type])
        .read()?;
    write_new(&workspace.root().join(&path), &begun(&template, number))?;
    say(&format!(
        "{} begins check {number}; fill it in and name it in a standard, then run",
        path.display()
    ));
    say("  cargo run -- catalog lint catalog");
    Ok(())
}

/// Where a check of that key and type belongs: `catalog/checks/PROVIDER/SERVICE/KEY.yaml`.
fn place(key: &str, asset_type: &str) -> Result<PathBuf> {
    let Some((_, service, _)) = split(key, '.') else {
        bail!("`{key}` is no key of the catalogue; write it like ali.ecs.owner_tag");
    };
    let Some((provider, ..)) = split(asset_type, '/') else {
        bail!("`{asset_type}` is no asset type; write it like aliyun/ecs/instance");
    };
    Ok([
        "catalog",
        "checks",
        provider,
        service,
        &format!("{key}.yaml"),
    ]
    .iter()
    .collect())
}

/// The three words of a name.
fn split(text: &str, separator: char) -> Option<(&str, &str, &str)> {
    let words: Vec<&str> = text.split(separator).collect();
    let fine = |word: &&str| {
        let mut bytes = word.bytes();
        !word.is_empty() && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match words.as_slice() {
        [first, second, third] if words.iter().all(fine) => Some((first, second, third)),
        _ => None,
    }
}

/// The number after the highest of the provider's checks.
fn next_number(folder: &Path, provider: &str) -> Result<u32> {
    let Some((_, first, end)) = NUMBERS.iter().find(|(name, ..)| *name == provider) else {
        bail!(
            "`{provider}` has no range of numbers; give it one in xtask/src/commands/new_check.rs"
        );
    };
    let taken = numbers(folder)?
        .into_iter()
        .filter(|number| (*first..*end).contains(number));
    let next = taken.max().map_or(*first, |highest| highest + 1);
    if next >= *end {
        bail!("the numbers of `{provider}` are used up; look for a gap");
    }
    Ok(next)
}

/// The numbers of all checks below a folder.
fn numbers(folder: &Path) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(numbers(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.extend(number_of(&bounded::read_text(&path, LIMIT)?));
        }
    }
    Ok(found)
}

fn number_of(text: &str) -> Option<u32> {
    text.lines().find_map(|line| {
        line.strip_prefix("id:")?
            .split('#')
            .next()?
            .trim()
            .parse()
            .ok()
    })
}

/// What a check of the catalogue needs and one of a user's own does not.
const HELP: &str =
    "# help: {zh: 'https://…', en: 'https://…'}   # the vendor's page; the lint asks for it\n";

/// The template for own checks as a check of the catalogue: its number, its link, and not the remarks for others.
fn begun(template: &str, number: u32) -> String {
    let mut text = String::new();
    for line in template.lines().skip_while(|line| line.starts_with('#')) {
        if line.starts_with("id:") {
            text.push_str(&format!("id: {number}\n"));
            continue;
        }
        if line.starts_with("pass:") {
            text.push_str(HELP);
        }
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let writing = || format!("writing `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(writing)?;
    }
    let mut file = File::create_new(path).with_context(writing)?;
    file.write_all(text.as_bytes()).with_context(writing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_has_one_place() {
        let path = place("ali.ack.audit_log", "aliyun/cs/cluster").unwrap();
        assert_eq!(
            path,
            Path::new("catalog/checks/aliyun/ack/ali.ack.audit_log.yaml")
        );
        assert!(place("ali.ack", "aliyun/cs/cluster").is_err());
        assert!(place("ali.../../x.y", "aliyun/cs/cluster").is_err());
        assert!(place("ali.ack.audit_log", "aliyun").is_err());
    }

    #[test]
    fn the_template_becomes_a_check_of_the_catalogue() {
        let text = begun(
            "# yours\n# read this\nid: 900001   # a number\nkey: a.b.c\n",
            1_215,
        );
        assert_eq!(text, "id: 1215\nkey: a.b.c\n");
        assert_eq!(number_of(&text), Some(1_215));
    }

    #[test]
    fn numbers_go_on_within_the_providers_range() {
        let root = Workspace::here().unwrap();
        let folder = root.path("catalog/checks/aliyun");
        let next = next_number(&folder, "aliyun").unwrap();
        assert!((1_001..2_001).contains(&next) && !numbers(&folder).unwrap().contains(&next));
        assert!(next_number(&folder, "nobody").is_err());
    }
}
