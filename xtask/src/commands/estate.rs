//! `cargo xtask estate`: the example estate, generated.

use anyhow::Result;

use crate::workspace::Workspace;

/// Writes the example estate, examples/estate/estate.jsonl.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only say whether it is up to date.
    #[arg(long)]
    check: bool,
}

pub(crate) fn estate(args: &Args, workspace: &Workspace) -> Result<()> {
    crate::estate::run(workspace.root(), args.check)
}
