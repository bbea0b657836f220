//! `stance key`: access keys of the API.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::json;
use stance_model::{Clock, bounded};
use stance_service::NewKey;

use crate::commands::history::at;
use crate::output;
use crate::session::{StoreArgs, block_on};

/// Makes, lists, disables and deletes access keys of the API.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Create(Create),
    List(List),
    Enable(One),
    Disable(One),
    Delete(One),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Style {
    Text,
    Json,
}

/// Makes an access key; its secret is shown this one time.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance key create
  stance key create --policy read-only.json --comment 'audit team' --format json
  stance key create --temporary --hours 1

A policy is a RAM policy document:
  {\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"yundun-sas:List*\",\"Resource\":\"*\"}]}")]
pub(crate) struct Create {
    /// A file with the key's RAM policy document. Default: every operation of the API.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// What the key is for.
    #[arg(long, default_value = "", value_name = "TEXT")]
    comment: String,
    /// Make a temporary key with a security token.
    #[arg(long)]
    temporary: bool,
    /// How long a temporary key lives, in hours; at most 12.
    #[arg(long, default_value_t = 1, requires = "temporary", value_name = "N")]
    hours: u32,
    /// text or json.
    #[arg(long, value_enum, default_value = "text")]
    format: Style,
    #[command(flatten)]
    store: StoreArgs,
}

/// Lists the keys, without their secrets.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// text or json.
    #[arg(long, value_enum, default_value = "text")]
    format: Style,
    #[command(flatten)]
    store: StoreArgs,
}

/// Names a key.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// The access key id.
    id: String,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn key(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create(args) => create(args),
        Command::List(args) => list(&args),
        Command::Enable(args) => change(&args, Change::Enable),
        Command::Disable(args) => change(&args, Change::Disable),
        Command::Delete(args) => change(&args, Change::Delete),
    }
}

fn create(args: Create) -> anyhow::Result<ExitCode> {
    block_on(async {
        let reading = |path: &PathBuf| {
            bounded::read_text(path, 16 << 10)
                .with_context(|| format!("reading the policy `{}`", path.display()))
        };
        let policy = args.policy.as_ref().map(reading).transpose()?;
        let temporary_ms = args.temporary.then(|| i64::from(args.hours) * 3_600_000);
        let session = args.store.open(Clock::System).await?;
        let new = NewKey {
            policy,
            comment: args.comment,
            temporary_ms,
        };
        let key = session.service.create_key(&session.caller, new).await?;
        session.service.close().await;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (secret, token) = (
            text(key.secret.as_bytes()),
            key.token.map(|token| text(token.as_bytes())),
        );
        match args.format {
            Style::Json => {
                let mut object = json!({"access_key_id": key.id, "access_key_secret": secret});
                if let (Some(token), Some(fields)) = (token, object.as_object_mut()) {
                    fields.insert("security_token".to_owned(), token.into());
                    fields.insert("expires".to_owned(), key.expires_ms.map(at).into());
                }
                output::print(&object.to_string())?;
            }
            Style::Text => {
                let mut lines = format!(
                    "access key id      {}\naccess key secret  {secret}\n",
                    key.id
                );
                if let Some(token) = token {
                    let until = key.expires_ms.map(at).unwrap_or_default();
                    lines.push_str(&format!(
                        "security token     {token}\nvalid until        {until}\n"
                    ));
                }
                lines.push_str("The secret is shown this once; keep it now.");
                output::print(&lines)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn list(args: &List) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open(Clock::System).await?;
        let keys = session.service.list_keys(&session.caller).await?;
        session.service.close().await;
        if matches!(args.format, Style::Json) {
            let rows: Vec<serde_json::Value> = keys
                .iter()
                .map(|k| {
                    json!({"access_key_id": k.id, "enabled": k.enabled, "temporary": k.temporary,
                        "created": at(k.created_ms), "expires": k.expires_ms.map(at), "comment": k.comment,
                        "policy": serde_json::from_str::<serde_json::Value>(&k.policy).unwrap_or_default()})
                })
                .collect();
            output::print(&serde_json::to_string_pretty(&rows)?)?;
        } else if keys.is_empty() {
            output::remark("there is no access key; make one with `stance key create`");
        } else {
            let mut text = String::new();
            for key in keys {
                let state = if key.enabled { "enabled " } else { "disabled" };
                let until = key
                    .expires_ms
                    .map_or_else(String::new, |ms| format!("  until {}", at(ms)));
                text.push_str(&format!(
                    "{}  {state}  made {}{until}  {}\n",
                    key.id,
                    at(key.created_ms),
                    output::plain(&key.comment)
                ));
            }
            output::print(&text)?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// What is done to a key.
#[derive(Debug, Clone, Copy)]
enum Change {
    Enable,
    Disable,
    Delete,
}

fn change(args: &One, change: Change) -> anyhow::Result<ExitCode> {
    block_on(async {
        let session = args.store.open(Clock::System).await?;
        let (service, caller) = (&session.service, &session.caller);
        let (found, done) = match change {
            Change::Enable => (
                service.set_key_enabled(caller, &args.id, true).await?,
                "enabled",
            ),
            Change::Disable => (
                service.set_key_enabled(caller, &args.id, false).await?,
                "disabled",
            ),
            Change::Delete => (service.delete_key(caller, &args.id).await?, "deleted"),
        };
        service.close().await;
        if !found {
            bail!(
                "there is no access key `{}`; `stance key list` shows them",
                args.id
            );
        }
        output::print(&format!("{} {done}", args.id))?;
        Ok(ExitCode::SUCCESS)
    })
}
