//! `cargo xtask`: the project's own tasks, one file each. `cargo xtask ci` is what a change has to pass.

mod commands;
mod direction;
mod documents;
mod estate;
mod licences;
mod shown;
mod steps;
mod tool;
mod unused;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;
use workspace::Workspace;

/// The tasks of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about, long_about = None, max_term_width = 110)]
#[command(after_help = "Examples:
  cargo xtask ci                         install what tests need, run everything (what CI runs)
  cargo xtask lint                       the quick part, before each commit
  cargo xtask bench store --scale small  a benchmark

Exit codes: 0 done; 1 a step failed.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = Workspace::here().and_then(|workspace| cli.command.run(&workspace));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps::complain(&error);
            ExitCode::FAILURE
        }
    }
}
