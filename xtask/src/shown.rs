//! Output that documents show: every line of it must be what the program prints.

use std::fs;

use anyhow::{Context as _, Result, bail};
use stance_model::bounded;

use crate::workspace::Workspace;

/// The largest document that is read, bytes.
const LIMIT: u64 = 4 << 20;

/// Each document with the command whose output its first block of text is taken from.
const SHOWN: &[(&str, &[&str])] = &[
    ("README.md", &["quickstart", "--once", "--lang", "en"]),
    (
        "CONTRIBUTING.md",
        &["check", "test", "examples/checks/acme.ecs.owner_tag.yaml"],
    ),
];

/// Runs the commands, with data in a folder of their own.
///
/// # Errors
/// Names every line that is shown and not printed.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let data = workspace.binary()?.with_file_name("shown");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("emptying `{}`", data.display()))?;
    }
    let mut problems = Vec::new();
    for (document, arguments) in SHOWN {
        let text = bounded::read_text(&workspace.path(document), LIMIT)?;
        let block = block(&text).with_context(|| format!("{document} has no block of text"))?;
        let stance = workspace
            .stance()
            .args(*arguments)
            .env("XDG_DATA_HOME", &data);
        let printed = stance.env("NO_COLOR", "1").read()?;
        problems.extend(missing(block, &printed).map(|line| format!("{document}: {line}")));
    }
    if !problems.is_empty() {
        bail!("not printed any more:\n  {}", problems.join("\n  "));
    }
    Ok(())
}

/// The first block of text of a document.
fn block(document: &str) -> Option<&str> {
    let (_, rest) = document.split_once("```text\n")?;
    rest.split_once("```").map(|(block, _)| block)
}

/// The lines of a block that are not printed.
fn missing<'b>(block: &'b str, printed: &str) -> impl Iterator<Item = &'b str> {
    block
        .lines()
        .filter(move |line| !printed.lines().any(|p| p.trim_end() == line.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_printed_is_found() {
        let shown = block("so:\n```text\none\n\n two\n```\n").unwrap();
        assert_eq!(
            missing(shown, "one  \n\n three\n").collect::<Vec<_>>(),
            [" two"]
        );
        assert_eq!(missing(shown, "one\n\n two\n").count(), 0);
        assert!(block("```yaml\n```").is_none());
    }
}
