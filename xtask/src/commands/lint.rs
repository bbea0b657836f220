//! `cargo xtask lint`: what can be said without running tests, quickest first.

use anyhow::{Context as _, Result};

use super::Named;
use crate::steps::{self, Done, Step};
use crate::workspace::Workspace;
use crate::{direction, documents, estate, licences, shown, unused};

/// Where this project's own example checks lie, which people copy from.
const EXAMPLE_CHECKS: &str = "examples/checks";

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        advice: "run `cargo fmt --all`",
        run: format,
    },
    Step {
        name: "spelling",
        advice: "correct the word, or add it to _typos.toml with the reason",
        run: spelling,
    },
    Step {
        name: "licences and sources",
        advice: "take another crate, or add its licence to deny.toml if it may stand beside Apache-2.0",
        run: |workspace| ran(licences::check(workspace)),
    },
    Step {
        name: "direction",
        advice: "let the lower crate be given what it needs; ARCHITECTURE.md shows the direction",
        run: |workspace| ran(direction::check(workspace)),
    },
    Step {
        name: "unused dependencies",
        advice: "take the line out of the crate's Cargo.toml",
        run: |workspace| ran(unused::check(workspace)),
    },
    Step {
        name: "example estate",
        advice: "run `cargo xtask estate` and commit what it writes",
        run: |workspace| ran(estate::run(workspace.root(), true)),
    },
    Step {
        name: "documents",
        advice: "bring the document and what it speaks of together",
        run: |workspace| ran(documents::check(workspace.root())),
    },
    Step {
        name: "clippy",
        advice: "follow what clippy says; an exception is `#[expect(…, reason = \"…\")]`",
        run: clippy,
    },
    Step {
        name: "catalogue",
        advice: "`cargo run -- catalog lint catalog` shows the problems again",
        run: catalogue,
    },
    Step {
        name: "shown output",
        advice: "copy what the program prints now into the document",
        run: |workspace| ran(shown::check(workspace)),
    },
];

pub(crate) fn lint(named: &Named, workspace: &Workspace) -> Result<()> {
    let steps = steps::pick(STEPS.iter().collect(), &named.steps)?;
    steps::run("lint", steps, workspace)
}

/// A step that always has something to do.
pub(super) fn ran(outcome: Result<()>) -> Result<Done> {
    outcome.map(|()| Done::Ran)
}

fn format(workspace: &Workspace) -> Result<Done> {
    ran(workspace.cargo("fmt").args(["--all", "--check"]).run())
}

fn spelling(workspace: &Workspace) -> Result<Done> {
    let places = [
        |w: &Workspace| w.python_tool("typos"),
        |w: &Workspace| w.tool("typos"),
    ];
    let found = places
        .into_iter()
        .find(|typos| typos(workspace).arg("--version").succeeds());
    let typos = found.context("`typos` is not installed; it comes with `cargo xtask setup`")?;
    ran(typos(workspace).args(["--format", "brief"]).run())
}

fn clippy(workspace: &Workspace) -> Result<Done> {
    // All problems at once, not those of the first crate.
    let scope = ["--locked", "--workspace", "--all-targets", "--keep-going"];
    ran(workspace
        .cargo("clippy")
        .args(scope)
        .args(["--", "-D", "warnings"])
        .run())
}

/// Runs every example of every check, those that the documents show included.
fn catalogue(workspace: &Workspace) -> Result<Done> {
    for folder in ["catalog", EXAMPLE_CHECKS] {
        workspace.stance().args(["catalog", "lint", folder]).run()?;
    }
    Ok(Done::Ran)
}
