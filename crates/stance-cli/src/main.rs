//! `stance`: security posture of cloud accounts.

mod collecting;
mod commands;
mod output;
mod place;
mod progress;
mod readers;
mod scanner;
mod session;
mod snapshot_file;
mod wanted;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;

/// Checks the configuration of cloud accounts against a catalogue of security checks, keeps the results with their
/// history, and answers over the wire API of Alibaba Cloud Security Center.
#[derive(Debug, Parser)]
#[command(name = "stance", version, max_term_width = 110)]
#[command(after_help = "Examples:
  stance quickstart                      load the example estate, check it, serve the API
  stance scan snapshot.jsonl.zst         check a snapshot
  stance scan estate/ --format sarif --output results.sarif --fail-on high
  stance serve --listen 127.0.0.1:8723   answer the API
  stance check show ali.rds.whitelist_open

Exit codes: 0 done; 1 `--fail-on` or `--fail-on-unknown` found something, or a lint or test failed; 2 error.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::log_to_stderr(matches!(cli.command, Command::Serve(_)));
    match cli.command.run() {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}
