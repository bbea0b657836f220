//! `stance replay`: answer as a provider from recorded exchanges.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use stance_catalog::Catalog;
use stance_collect::live::Credential;
use stance_collect::live::replay::{Replay, ReplayOptions, read_exchanges, read_faults};
use stance_model::{Clock, Provider};

use crate::output;
use crate::session::CatalogArgs;

/// Answers as a provider would, from exchanges that `stance collect --record` kept, to reproduce a problem offline.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Requests must be signed as the provider wants it, with the key `replay` whose secret is `replay`, or one that --key gives.

Examples:
  stance collect aliyun --record shop.exchanges.jsonl --output shop.jsonl.zst
  stance replay shop.exchanges.jsonl
  ALIBABA_CLOUD_ACCESS_KEY_ID=replay ALIBABA_CLOUD_ACCESS_KEY_SECRET=replay \\
    stance collect aliyun --endpoint http://127.0.0.1:8724 --output again.jsonl.zst"
)]
pub(crate) struct Args {
    /// Recorded exchanges, or a folder of such files (`.jsonl`).
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to listen; only addresses of this machine.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8724")]
    listen: SocketAddr,
    /// What goes wrong: a JSON list of {action, region, from, to, fault}.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Cut listings into pages of at most so many elements, in each call's own style of paging.
    #[arg(long, value_name = "N")]
    page_size: Option<usize>,
    /// Answer what was not recorded as another request of the same operation was answered.
    #[arg(long)]
    similar: bool,
    /// A key that there is, as ID:SECRET or ID:SECRET:TOKEN; may be given several times.
    #[arg(long, value_name = "KEY", default_value = "replay:replay")]
    key: Vec<String>,
    /// Note each request in this file: time, action, host, status, requests in flight.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogArgs,
}

pub(crate) fn replay(args: &Args) -> anyhow::Result<ExitCode> {
    if !args.listen.ip().is_loopback() {
        bail!("`--listen` is an address of this machine, such as 127.0.0.1:8724");
    }
    let catalog = args.catalog.load()?;
    let server = Arc::new(server(args, &catalog)?);
    let listener =
        TcpListener::bind(args.listen).with_context(|| format!("listening at {}", args.listen))?;
    let address = listener.local_addr()?;
    output::print(&format!("answering at http://{address}"))?;
    server.serve(&listener)?;
    Ok(ExitCode::SUCCESS)
}

fn server(args: &Args, catalog: &Catalog) -> anyhow::Result<Replay> {
    let mut exchanges = Vec::new();
    for path in &args.paths {
        exchanges.extend(read_exchanges(path)?);
    }
    let log = args.log.as_ref().map(std::fs::File::create).transpose();
    let options = ReplayOptions {
        keys: args
            .key
            .iter()
            .map(|key| read_key(key))
            .collect::<Result<_, _>>()?,
        faults: match &args.faults {
            Some(file) => read_faults(file)?,
            None => Vec::new(),
        },
        page: args.page_size.map(|size| size.max(1)),
        similar: args.similar,
        log: log.context("making the file of `--log`")?,
    };
    let collections = catalog
        .asset_types()
        .filter_map(|info| info.collection.as_ref());
    let providers = Provider::ALL
        .iter()
        .filter_map(|p| catalog.provider_calls(*p));
    Ok(Replay::new(
        &exchanges,
        collections,
        providers,
        options,
        Clock::System,
    ))
}

fn read_key(text: &str) -> anyhow::Result<Credential> {
    let mut parts = text.splitn(3, ':');
    match (parts.next(), parts.next()) {
        (Some(id), Some(secret)) => {
            Ok(Credential::new(id, secret, parts.next().map(str::to_owned)))
        }
        _ => bail!("a key is written as ID:SECRET or ID:SECRET:TOKEN"),
    }
}
