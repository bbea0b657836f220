//! The documents: every link leads somewhere, every function is explained, every example is the tested one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use stance_model::bounded;

/// The largest document that is read, bytes.
const LIMIT: u64 = 4 << 20;

/// Where the functions of the predicate language are listed, and where they are explained.
const FUNCTIONS: &str = "crates/stance-engine/src/functions/signature.rs";
const REFERENCE: &str = "docs/predicates.md";

/// Where the checks lie, and which documents say how many there are.
const CHECKS: &str = "catalog/checks";
const COUNTED: [&str; 2] = ["README.md", "CHANGELOG.md"];

/// Which document shows which file, as a whole.
const SHOWN: [(&str, &str); 1] = [("CONTRIBUTING.md", "examples/checks/acme.ecs.owner_tag.yaml")];

/// Looks at all documents below the root.
///
/// # Errors
/// Names everything that is wrong, a line each.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut problems = Vec::new();
    for document in documents(root)? {
        let text = read(&document)?;
        let folder = document.parent().unwrap_or(root);
        let dead = links(&text).filter(|link| !folder.join(link).exists());
        problems.extend(dead.map(|link| format!("{}: `{link}` leads nowhere", document.display())));
    }
    problems.extend(unexplained(
        &read(&root.join(FUNCTIONS))?,
        &read(&root.join(REFERENCE))?,
    ));
    let count = format!("{} checks", files(&root.join(CHECKS))?);
    for document in COUNTED {
        if !read(&root.join(document))?.contains(&count) {
            problems.push(format!("{document} does not say that there are {count}"));
        }
    }
    for (document, file) in SHOWN {
        if !shows(&read(&root.join(document))?, &read(&root.join(file))?) {
            problems.push(format!("{document} does not show `{file}` as it is"));
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  "));
    }
    Ok(())
}

/// The Markdown files at the root and in `docs`.
fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in [root.to_owned(), root.join("docs")] {
        for entry in
            fs::read_dir(&folder).with_context(|| format!("reading `{}`", folder.display()))?
        {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// How many files lie below a folder.
fn files(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))? {
        let path = entry?.path();
        count += if path.is_dir() { files(&path)? } else { 1 };
    }
    Ok(count)
}

fn read(path: &Path) -> Result<String> {
    bounded::read_text(path, LIMIT).with_context(|| format!("reading `{}`", path.display()))
}

/// The targets of links within the repository, without their anchors.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let here = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    here.filter_map(|target| target.split('#').next())
}

/// The functions of the language that the reference does not explain.
fn unexplained(source: &str, reference: &str) -> Vec<String> {
    let name = |rest: &'_ str| {
        let (name, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(name.to_owned())
    };
    let names: Vec<String> = source.split("sig(").filter_map(name).collect();
    if names.is_empty() {
        return vec![format!("{FUNCTIONS} has no table of functions any more")];
    }
    let missing = names
        .iter()
        .filter(|name| !reference.contains(&format!("{name}(")));
    missing
        .map(|name| format!("{REFERENCE} does not explain `{name}`"))
        .collect()
}

/// Whether a document has the text as one of its blocks.
fn shows(document: &str, text: &str) -> bool {
    document.contains(&format!("```yaml\n{text}```\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_repository_are_found() {
        let text = "[a](docs/a.md#part) and [b](https://example.com) and [c](#here) ![d](d.png)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/a.md", "d.png"]);
    }

    #[test]
    fn a_function_without_a_word_is_found() {
        let source = "sig(\"size\", x), sig(\n    \"cidr.list\",\n y)";
        assert_eq!(unexplained(source, "`size(x)`").len(), 1);
        assert!(unexplained(source, "`size(x)`, `cidr.list(text)`").is_empty());
        assert_eq!(unexplained("no table", "`size(x)`").len(), 1);
    }

    #[test]
    fn a_shown_file_is_shown_whole() {
        assert!(shows("so:\n```yaml\nid: 1\n```\n", "id: 1\n"));
        assert!(!shows("so:\n```yaml\nid: 2\n```\n", "id: 1\n"));
    }
}
