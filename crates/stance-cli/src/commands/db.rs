//! `stance db`: the database itself.

use std::process::ExitCode;

use stance_model::Clock;

use crate::output;
use crate::session::{StoreArgs, block_on};

/// Looks after the database.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Check(Check),
}

/// Verifies the database: the file itself, and every counter against the results it counts.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn db(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Check(args) = command;
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let problems = session.service.verify_store(&session.caller).await?;
        session.service.close().await;
        for problem in &problems {
            output::remark(problem);
        }
        if problems.is_empty() {
            output::print("the database is sound")?;
            return Ok(ExitCode::SUCCESS);
        }
        output::remark(&format!(
            "{} problems; restore a backup, or scan again into a new database",
            problems.len()
        ));
        Ok(ExitCode::from(1))
    })
}
