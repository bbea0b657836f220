//! `stance completions`: completions for a shell.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::output;

/// Prints completions for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  stance completions bash > /etc/bash_completion.d/stance")]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

pub(crate) fn completions(args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    generate(
        args.shell,
        &mut crate::Cli::command(),
        "stance",
        &mut script,
    );
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
