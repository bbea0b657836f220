//! `stance catalog`: the catalogue as files.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::output;
use crate::readers::Readers;
use crate::session::{CatalogArgs, LangArgs};

/// Looks after the catalogue's files.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Lint(Lint),
    Items(Items),
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

/// Lists the items of the baselines, by which images and containers are judged: class, name, item, level.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance catalog items
  stance catalog items --lang zh | grep weak
  stance check show weak_password        what an item looks at, and how it decides")]
pub(crate) struct Items {
    #[command(flatten)]
    catalog: CatalogArgs,
    #[command(flatten)]
    lang: LangArgs,
}

pub(crate) fn catalog(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Lint(args) => lint(args),
        Command::Items(args) => items(args),
    }
}

fn items(args: &Items) -> anyhow::Result<ExitCode> {
    let (catalog, lang) = (args.catalog.load()?, args.lang.get());
    let mut text = String::new();
    for class in catalog.baselines() {
        text.push_str(&format!("{}  {}\n", class.key, class.title.get(lang)));
        for name in &class.names {
            text.push_str(&format!("  {}  {}\n", name.key, name.title.get(lang)));
            for item in &name.items {
                let level = item.risk_level.key();
                let title = item.title.get(lang);
                text.push_str(&format!("    {level:<6}  {:<32}  {title}\n", item.key));
            }
        }
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn lint(args: &Lint) -> anyhow::Result<ExitCode> {
    let report = match &args.dir {
        Some(dir) => stance_catalog::lint(dir, Some(&Readers)),
        None => stance_catalog::lint_builtin(Some(&Readers)),
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
