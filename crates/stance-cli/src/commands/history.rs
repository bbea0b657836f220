//! `stance history`: how one result changed.

use std::process::ExitCode;

use jiff::Timestamp;
use stance_model::query::CheckRef;
use stance_model::{Clock, ResultStatus};

use crate::output;
use crate::session::{StoreArgs, block_on, check_ref};

/// Shows how the status of one check for one asset changed, newest first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  stance history ali.rds.whitelist_open rm-bp1shop0001")]
pub(crate) struct Args {
    /// The check, by key or id.
    #[arg(value_parser = check_ref)]
    check: CheckRef,
    /// The asset, by the provider's id.
    asset: String,
    /// The most changes shown.
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u32,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn history(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let changes = session
            .service
            .history(&session.caller, &args.check, &args.asset, args.limit)
            .await?;
        session.service.close().await;
        if changes.is_empty() {
            output::remark(
                "nothing is known of this check and asset; `stance results` lists what is",
            );
            return Ok(ExitCode::SUCCESS);
        }
        let mut text = String::new();
        for change in changes {
            let (from, to) = (name(change.from, "new"), name(change.to, "gone"));
            text.push_str(&format!(
                "{}  {from} → {to}  (task {})\n",
                at(change.at_ms),
                change.task_id
            ));
        }
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    })
}

fn name(status: Option<ResultStatus>, none: &'static str) -> &'static str {
    match status {
        Some(ResultStatus::Pass) => "pass",
        Some(ResultStatus::Fail) => "fail",
        Some(ResultStatus::NotApplicable) => "not applicable",
        Some(ResultStatus::Unknown) => "could not check",
        None => none,
    }
}

/// A stored time for people.
pub(crate) fn at(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |at| at.to_string())
}
