//! `stance task`: what ran.

use std::process::ExitCode;

use stance_model::Clock;

use crate::commands::history::at;
use crate::output;
use crate::session::{StoreArgs, block_on};

/// Shows tasks.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    List(List),
}

/// Lists the last tasks, newest first.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// The most tasks shown.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn task(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::List(args) = command;
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        session.service.recover().await?;
        let tasks = session.service.tasks(&session.caller, args.limit).await?;
        session.service.close().await;
        if tasks.is_empty() {
            output::remark("no task has run; `stance scan PATH` starts one");
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = String::new();
        for task in tasks {
            let (state, started) = (task.state.key(), at(task.created_ms));
            text.push_str(&format!(
                "{}  {state:<9}  {}  {started}  {}  {}\n",
                task.id, task.kind, task.source, task.message
            ));
        }
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    })
}
