//! `stance exception`: accept results, with a reason.

use std::process::ExitCode;

use anyhow::bail;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use stance_model::query::CheckRef;
use stance_model::{CheckId, Clock};
use stance_service::NewException;

use crate::commands::history::at;
use crate::output;
use crate::session::{StoreArgs, block_on, check_ref};

/// Accepts failures of a check, wholly or for some assets (the API's whitelist).
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    Remove(Remove),
}

/// Accepts the failures of a check, or of some assets under it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance exception add ali.oss.acl_public --asset shop-static --reason 'public web assets' --expires 2027-06-30
  stance exception add 20 --reason 'password login is off by baseline' --expires 90d")]
pub(crate) struct Add {
    /// The check, by key or id.
    #[arg(value_parser = check_ref)]
    check: CheckRef,
    /// Only this asset, by the provider's id; may be given several times. Without it: the whole check.
    #[arg(long, value_name = "ID")]
    asset: Vec<String>,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Until when: a date (2027-06-30, its end in UTC), a time in RFC 3339, or days from now (90d). Default: for good.
    #[arg(long, value_name = "WHEN", value_parser = expiry)]
    expires: Option<Expiry>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Lists the exceptions in force.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    store: StoreArgs,
}

/// Takes an exception back.
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Its number, as `stance exception list` shows it.
    id: i64,
    #[command(flatten)]
    store: StoreArgs,
}

/// When an exception ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expiry {
    Days(i64),
    At(Timestamp),
}

pub(crate) fn exception(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(args) => add(args),
        Command::List(args) => list(&args),
        Command::Remove(args) => remove(&args),
    }
}

fn add(args: Add) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let expires_ms = args
            .expires
            .map(|expiry| expiry.millis(session.service.clock().now()))
            .transpose()?;
        let new = NewException {
            check: args.check,
            asset_ids: args.asset,
            reason: args.reason,
            expires_ms,
        };
        let made = session.service.add_exception(&session.caller, new).await?;
        session.service.close().await;
        output::print(&format!("exception {} added", made.id))?;
        Ok(ExitCode::SUCCESS)
    })
}

fn list(args: &List) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let exceptions = session.service.list_exceptions(&session.caller).await?;
        let key = |id: CheckId| {
            session
                .service
                .catalog()
                .get(id)
                .map_or_else(|| id.to_string(), |c| c.key.clone())
        };
        let mut text = String::new();
        for exception in &exceptions {
            let assets = if exception.asset_ids.is_empty() {
                "every asset".to_owned()
            } else {
                output::plain(&exception.asset_ids.join(", "))
            };
            let until = exception
                .expires_ms
                .map_or_else(|| "for good".to_owned(), |ms| format!("until {}", at(ms)));
            text.push_str(&format!(
                "{}  {}  {assets}  {until}  by {}: {}\n",
                exception.id,
                key(exception.check_id),
                output::plain(&exception.author),
                output::plain(&exception.reason)
            ));
        }
        session.service.close().await;
        if exceptions.is_empty() {
            output::remark("there is no exception");
        } else {
            output::print(&text)?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn remove(args: &Remove) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open_existing(Clock::System).await?;
        let removed = session
            .service
            .remove_exception(&session.caller, args.id)
            .await?;
        session.service.close().await;
        if !removed {
            bail!(
                "there is no exception {}; `stance exception list` shows them",
                args.id
            );
        }
        output::print(&format!("exception {} removed", args.id))?;
        Ok(ExitCode::SUCCESS)
    })
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if let Some(days) = text
        .strip_suffix('d')
        .and_then(|days| days.parse::<i64>().ok())
    {
        return if (1..=36_500).contains(&days) {
            Ok(Expiry::Days(days))
        } else {
            Err("days must be 1 to 36500".to_owned())
        };
    }
    let end = |date: Date| {
        date.tomorrow()
            .and_then(|next| next.to_zoned(TimeZone::UTC))
            .map(|next| next.timestamp())
    };
    text.parse::<Timestamp>()
        .or_else(|_| text.parse::<Date>().and_then(end))
        .map(Expiry::At)
        .map_err(|_| {
            format!("`{text}` is no time; write it like 2027-06-30, 2027-06-30T08:00:00Z or 90d")
        })
}

impl Expiry {
    fn millis(self, now: Timestamp) -> anyhow::Result<i64> {
        Ok(match self {
            Self::Days(days) => now
                .checked_add(SignedDuration::from_hours(days * 24))?
                .as_millisecond(),
            Self::At(at) => at.as_millisecond(),
        })
    }
}
