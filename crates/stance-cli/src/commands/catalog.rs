//! `stance catalog`: the catalogue as files.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::output;

/// Looks after the catalogue's files.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Lint(Lint),
}

/// Reports every problem of every file with its place, and runs every example.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance catalog lint            the built-in catalogue
  stance catalog lint my-checks  your own checks
  stance catalog lint catalog    a whole catalogue, with operations and standards")]
pub(crate) struct Lint {
    /// A folder of check files, or of a whole catalogue. Default: the built-in one.
    dir: Option<PathBuf>,
}

pub(crate) fn catalog(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Lint(args) = command;
    let report = match &args.dir {
        Some(dir) => stance_catalog::lint(dir),
        None => stance_catalog::lint_builtin(),
    };
    for problem in report.reports() {
        output::remark(&format!("{problem:?}"));
    }
    let (problems, files) = (report.problems.len(), report.files);
    output::print(&format!(
        "{problems} problems in {files} files ({} checks, {} examples run)",
        report.checks, report.examples
    ))?;
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
