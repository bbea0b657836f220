//! `stance collect`: read live accounts into a snapshot.

mod permissions;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use stance_model::Provider;

use crate::collecting::{self, CollectArgs};
use crate::output;
use crate::session::{CatalogArgs, block_on};
use crate::snapshot_file::Collected;

/// Reads the configuration of live accounts into a snapshot, which `stance scan` checks, here or elsewhere.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(
    after_help = "Keys are those that the cloud's own tools take: the environment, profiles, the role of the machine.

Examples:
  stance collect aliyun --output shop.jsonl.zst
  stance collect aws --region eu-west-1 --type aws/s3/bucket --output buckets.jsonl
  stance collect aliyun --members StanceReader --output all.jsonl.zst
  stance collect permissions aliyun      the least that the keys must be allowed"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// aliyun, aws, azure, tencent or huawei.
    #[arg(required = true, value_name = "PROVIDER", value_parser = provider)]
    provider: Option<Provider>,
    /// The snapshot to write; compressed if its name ends in .zst.
    #[arg(required = true, long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    collect: CollectArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// What else there is about collecting.
#[derive(Debug, clap::Subcommand)]
enum What {
    Permissions(permissions::Args),
}

fn provider(text: &str) -> Result<Provider, String> {
    text.parse::<Provider>().map_err(|error| error.to_string())
}

pub(crate) fn collect(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(What::Permissions(args)) = &args.what {
        return permissions::permissions(args);
    }
    block_on(async move {
        let catalog = args.catalog.load()?;
        let provider = args.provider.context("which provider?")?;
        let path = args.output.context("which file?")?;
        let shown = path.display().to_string();
        let collected = tokio::task::spawn_blocking(move || {
            collecting::collect(provider, &args.collect, &catalog, &path)
        })
        .await??;
        output::print(&told(&collected, &shown))?;
        Ok(ExitCode::SUCCESS)
    })
}

fn told(collected: &Collected, path: &str) -> String {
    let Collected {
        assets,
        accounts,
        gaps,
    } = collected;
    format!("{assets} assets of {accounts} accounts in {path}; {gaps} places not read completely")
}
