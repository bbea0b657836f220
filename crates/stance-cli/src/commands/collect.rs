//! `stance collect`: read live accounts into a snapshot.

use std::path::PathBuf;
use std::process::ExitCode;

use stance_model::Provider;

use crate::collecting::{self, CollectArgs};
use crate::output;
use crate::session::{CatalogArgs, block_on};

/// Reads the configuration of live accounts into a snapshot, which `stance scan` checks, here or elsewhere.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Keys are those that the cloud's own tools take: the environment, profiles, the role of the machine.

Examples:
  stance collect aliyun --output shop.jsonl.zst
  stance collect aws --region eu-west-1 --type aws/s3/bucket --output buckets.jsonl
  stance collect aliyun --members StanceReader --output all.jsonl.zst"
)]
pub(crate) struct Args {
    /// aliyun, aws, azure, tencent or huawei.
    #[arg(value_name = "PROVIDER", value_parser = |text: &str| text.parse::<Provider>().map_err(|e| e.to_string()))]
    provider: Provider,
    /// The snapshot to write; compressed if its name ends in .zst.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    collect: CollectArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

pub(crate) fn collect(args: Args) -> anyhow::Result<ExitCode> {
    block_on(async move {
        let catalog = args.catalog.load()?;
        let (path, provider) = (args.output.clone(), args.provider);
        let collected = tokio::task::spawn_blocking(move || {
            collecting::collect(provider, &args.collect, &catalog, &args.output)
        })
        .await??;
        let collecting::Collected {
            assets,
            accounts,
            gaps,
        } = collected;
        output::print(&format!(
            "{assets} assets of {accounts} accounts in {}; {gaps} places not read completely",
            path.display()
        ))?;
        Ok(ExitCode::SUCCESS)
    })
}
