//! `cargo xtask test`: everything. One profile serves all of it, so that nothing is built twice.

use anyhow::{Result, bail};

use super::Named;
use super::lint::{self, ran};
use crate::steps::{self, Done, Step};
use crate::workspace::Workspace;

/// What comes after the steps of `lint`.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "cargo deny",
        advice: "follow what it says; deny.toml holds the rules",
        run: deny,
    },
    Step {
        name: "documentation",
        advice: "correct the comment that rustdoc names",
        run: documentation,
    },
    Step {
        name: "tests",
        advice: "`cargo test -p CRATE NAME` runs one alone; PostgreSQL comes with `cargo xtask setup`",
        run: tests,
    },
    Step {
        name: "examples in comments",
        advice: "correct the comment that is named",
        run: doctests,
    },
    Step {
        name: "benchmarks in small",
        advice: "`cargo xtask bench NAME` runs one alone",
        run: benches,
    },
    Step {
        name: "vendor SDKs",
        advice: "`.venv/bin/python -m pytest tests/sdk -k NAME` runs one alone",
        run: sdks,
    },
    Step {
        name: "real images",
        advice: "`.venv/bin/python -m pytest tests/images -k NAME` runs one alone; `cargo xtask setup` makes the images",
        run: images,
    },
];

pub(crate) fn test(named: &Named, workspace: &Workspace) -> Result<()> {
    let all = lint::STEPS.iter().chain(STEPS).collect();
    steps::run("test", steps::pick(all, &named.steps)?, workspace)
}

/// Building cargo-deny takes longer than all tests, so it is asked where it is. Without it `lint` has held licences
/// and sources to the same lists.
fn deny(workspace: &Workspace) -> Result<Done> {
    if !workspace.cargo("deny").arg("--version").succeeds() {
        return Ok(Done::Skipped("cargo-deny is not installed"));
    }
    let flags = ["check", "licenses", "bans", "sources"];
    ran(workspace.cargo("deny").args(flags).run())
}

fn documentation(workspace: &Workspace) -> Result<Done> {
    let flags = [
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    ran(workspace
        .cargo("doc")
        .args(flags)
        .env("RUSTDOCFLAGS", "-D warnings")
        .run())
}

fn tests(workspace: &Workspace) -> Result<Done> {
    let nextest = workspace.cargo("nextest").arg("--version").succeeds();
    let runner = if nextest {
        workspace
            .cargo("nextest")
            .args(["run", "--locked", "--workspace", "--no-fail-fast"])
    } else {
        let kinds = ["--lib", "--bins", "--tests", "--examples"];
        workspace
            .cargo("test")
            .args(["--locked", "--workspace", "--no-fail-fast"])
            .args(kinds)
    };
    ran(runner.run())
}

fn doctests(workspace: &Workspace) -> Result<Done> {
    ran(workspace
        .cargo("test")
        .args(["--locked", "--quiet", "--workspace", "--doc"])
        .run())
}

/// How each benchmark is run in small: enough to see that it works, not to believe its figures.
const SMALL: &[(&str, &[&str])] = &[
    ("image", &["--runs", "1"]),
    ("scan", &["--assets", "1000"]),
    ("store", &["--scale", "small"]),
];

fn benches(workspace: &Workspace) -> Result<Done> {
    for bench in workspace.benches()? {
        let Some((_, small)) = SMALL.iter().find(|(name, _)| *name == bench.name) else {
            bail!(
                "say in xtask/src/commands/test.rs how `{}` is run in small",
                bench.name
            );
        };
        let flags = [
            "--locked",
            "--quiet",
            "--workspace",
            "--bench",
            &bench.name,
            "--",
        ];
        workspace.cargo("test").args(flags).args(*small).run()?;
    }
    Ok(Done::Ran)
}

/// The official SDKs against the built binary.
fn sdks(workspace: &Workspace) -> Result<Done> {
    pytest(workspace, "tests/sdk")
}

/// The built binary on real images, in every form and from a registry.
fn images(workspace: &Workspace) -> Result<Done> {
    pytest(workspace, "tests/images")
}

fn pytest(workspace: &Workspace, folder: &str) -> Result<Done> {
    workspace
        .cargo("build")
        .args(["--locked", "--package", "stance-cli"])
        .run()?;
    let pytest = workspace
        .python_tool("python")
        .args(["-m", "pytest", folder]);
    ran(pytest.env("STANCE_BIN", workspace.binary()?).run())
}
