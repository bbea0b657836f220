//! `cargo xtask bench image-peers`: other scanners on the same images, beside this one. Not part of what a change has to
//! pass: it installs them.

use anyhow::Result;

use crate::workspace::Workspace;

/// What it is called among the benchmarks.
pub(crate) const NAME: &str = "image-peers";

pub(crate) fn bench(arguments: &[String], workspace: &Workspace) -> Result<()> {
    workspace
        .cargo("build")
        .args(["--locked", "--release", "--package", "stance-cli"])
        .run()?;
    let debug = workspace.binary()?;
    let release = debug.with_file_name("../release/stance");
    workspace
        .python_tool("python")
        .arg("tests/images/peers.py")
        .args(arguments)
        .env("STANCE_BIN", release)
        .run()
}
