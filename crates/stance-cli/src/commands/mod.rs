//! The commands, one file each.

mod catalog;
mod check;
mod collect;
mod completions;
mod db;
mod exception;
mod history;
mod key;
mod quickstart;
mod replay;
mod results;
mod scan;
mod serve;
mod task;

use std::process::ExitCode;

use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Quickstart(quickstart::Args),
    Scan(scan::Args),
    Collect(Box<collect::Args>),
    Replay(replay::Args),
    Serve(serve::Args),
    Results(Box<results::Args>),
    History(history::Args),
    #[command(subcommand)]
    Exception(exception::Command),
    #[command(subcommand)]
    Key(key::Command),
    #[command(subcommand)]
    Check(check::Command),
    #[command(subcommand)]
    Catalog(catalog::Command),
    #[command(subcommand)]
    Task(task::Command),
    #[command(subcommand)]
    Db(db::Command),
    Completions(completions::Args),
}

impl Command {
    /// Runs it; the code says how it ended.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Quickstart(args) => quickstart::quickstart(&args),
            Self::Scan(args) => scan::scan(&args),
            Self::Collect(args) => collect::collect(*args),
            Self::Replay(args) => replay::replay(&args),
            Self::Serve(args) => serve::serve(&args),
            Self::Results(args) => results::results(&args),
            Self::History(args) => history::history(&args),
            Self::Exception(command) => exception::exception(command),
            Self::Key(command) => key::key(command),
            Self::Check(command) => check::check(command),
            Self::Catalog(command) => catalog::catalog(&command),
            Self::Task(command) => task::task(&command),
            Self::Db(command) => db::db(&command),
            Self::Completions(args) => completions::completions(&args),
        }
    }
}
