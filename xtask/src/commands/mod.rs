//! The tasks, one file each.

mod bench;
mod ci;
mod estate;
mod fuzz;
mod image_peers;
mod lint;
mod new_check;
mod setup;
mod test;

use anyhow::Result;
use clap::Subcommand;

use crate::workspace::Workspace;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Installs what tests need and runs everything: what a change has to pass.
    Ci,
    /// Installs what tests need: PostgreSQL and makers of images from Debian, a Python environment in .venv, the images.
    /// Quick when all is there.
    Setup,
    /// Runs everything: the checks of `lint`, documentation, all tests, benchmarks in small, the vendor's SDKs,
    /// real images.
    Test(Named),
    /// The quick part: format, spelling, licences, direction, generated files, documents, clippy, catalogue.
    Lint(Named),
    Estate(estate::Args),
    NewCheck(new_check::Args),
    Bench(bench::Args),
    Fuzz(fuzz::Args),
}

/// Which steps of a task.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// Only these steps, by name. Default: all.
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
}

impl Command {
    /// Runs it.
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Ci => ci::ci(workspace),
            Self::Setup => setup::setup(workspace),
            Self::Test(named) => test::test(named, workspace),
            Self::Lint(named) => lint::lint(named, workspace),
            Self::Estate(args) => estate::estate(args, workspace),
            Self::NewCheck(args) => new_check::new_check(args, workspace),
            Self::Bench(args) => bench::bench(args, workspace),
            Self::Fuzz(args) => fuzz::fuzz(args, workspace),
        }
    }
}
