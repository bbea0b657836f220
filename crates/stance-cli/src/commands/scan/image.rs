//! `stance scan image`: look into container images, containers and root file systems.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::anyhow;
use stance_catalog::Catalog;
use stance_model::query::{CheckQuery, ResultQuery};
use stance_model::view::Report;
use stance_model::{Asset, CheckId, Clock};
use stance_rootfs::{ImageRef, LayerCache, ScanErrorKind};
use stance_service::{ScanOptions, Scope};

use super::ignore::Ignore;
use super::{Gate, OutputArgs, pick};
use crate::output;
use crate::progress::{LayerBar, progress};
use crate::scanner::{ReadingArgs, RegistryArgs, Settings};
use crate::session::{LangArgs, Session, StoreArgs, block_on};

/// The ignore file that is taken when none is named.
const IGNORE_FILE: &str = ".stance-ignore.yaml";

/// Looks into container images for leaked keys, weak accounts, open services and unsafe configuration.
#[derive(Debug, clap::Args)]
#[command(after_help = "A REF is
  nginx:1.25, registry.example:5000/shop/web:v1   an image in a registry (docker:// may stand before it)
  image.tar, docker-archive:FILE, oci-archive:FILE  what `docker save` or `skopeo copy` wrote; :NAME picks one of several
  oci:FOLDER[:NAME]                               an OCI layout
  dir:FOLDER                                      a root file system
  container:[docker/|podman/|containerd/]ID       a running container of this host, by its root

Examples:
  stance scan image debian:12
  stance scan image oci:build/image --fail-on high --format sarif --output image.sarif
  stance scan image web.tar --baseline ak_leak --skip password_leak
  stance scan image registry.example/shop/web:v1 registry.example/shop/api:v7   shared layers are read once")]
pub(crate) struct Args {
    /// What to look into.
    #[arg(required = true, value_name = "REF")]
    references: Vec<String>,
    /// Only these baselines: the key of a class, a name or an item. May be given several times.
    #[arg(long, value_name = "KEY")]
    baseline: Vec<String>,
    /// Not these baselines: the key of a class, a name or an item. May be given several times.
    #[arg(long, value_name = "KEY")]
    skip: Vec<String>,
    /// Findings that are accepted: a YAML list of `item`, `path`, `image`, `reason`, `expires`. Default:
    /// .stance-ignore.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    ignore_file: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    gate: Gate,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn image(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(async {
        let references = parse(&args.references)?;
        let session = args.store.open(Clock::System).await?;
        let catalog = Arc::clone(&session.catalog);
        let picked = pick::items(&catalog, &args.baseline, &args.skip)?;
        let ignore = ignore(args, &catalog, &session)?;
        let settings = Settings::new(&args.reading, &args.registry, &catalog)?;
        let (assets, failed) = read(references, settings).await?;
        if assets.is_empty() {
            session.service.close().await;
            return Ok(ExitCode::from(2));
        }
        let ids: Vec<String> = assets.iter().map(|asset| asset.id.clone()).collect();
        let options = ScanOptions {
            progress: progress(),
            checks: Some(picked.clone()),
            ..ScanOptions::default()
        };
        let source = args.references.join(" ");
        let summary = session
            .service
            .scan_assets(&session.caller, assets, &source, options)
            .await?;
        let scope = Scope {
            accounts: summary.accounts,
            source,
        };
        let mut report = report(&session, ids, &picked, args, &scope).await?;
        session.service.close().await;
        if let Some(ignore) = ignore {
            ignore.apply(&mut report);
        }
        args.output.write(&report)?;
        if failed {
            return Ok(ExitCode::from(2));
        }
        Ok(args.gate.code(&report))
    })
}

fn parse(references: &[String]) -> anyhow::Result<Vec<ImageRef>> {
    let parse = |text: &String| text.parse::<ImageRef>().map_err(|error| anyhow!("{error}"));
    references.iter().map(parse).collect()
}

fn ignore(args: &Args, catalog: &Catalog, session: &Session) -> anyhow::Result<Option<Ignore>> {
    let default = PathBuf::from(IGNORE_FILE);
    let file = match &args.ignore_file {
        Some(file) => file,
        None if default.is_file() => &default,
        None => return Ok(None),
    };
    let known = |key: &str| {
        catalog
            .by_key(key)
            .is_some_and(|check| check.baseline.is_some())
    };
    let ignore = Ignore::read(file, known, session.service.clock().now())?;
    for remark in ignore.remarks() {
        output::remark(&format!("note: {remark}"));
    }
    Ok(Some(ignore))
}

/// Reads the images one after the other, so that layers they share are read once. Answers those that could be read, and
/// whether one could not.
async fn read(references: Vec<ImageRef>, settings: Settings) -> anyhow::Result<(Vec<Asset>, bool)> {
    let cancel = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&cancel);
    let waiting = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let reading = move || {
        let cache = LayerCache::default();
        let (mut assets, mut failed) = (Vec::new(), false);
        for reference in &references {
            let bar = LayerBar::new(&reference.to_string());
            match settings.scan(reference, &cache, &cancel, &bar) {
                Ok(asset) => assets.push(asset),
                Err(error) if error.kind == ScanErrorKind::Cancelled => return Err(error),
                Err(error) => {
                    drop(bar);
                    output::remark(&format!("error: {reference}: {error}"));
                    failed = true;
                }
            }
        }
        Ok((assets, failed))
    };
    let read = tokio::task::spawn_blocking(reading).await?;
    waiting.abort();
    read.map_err(|error| anyhow!(error))
}

async fn report(
    session: &Session,
    ids: Vec<String>,
    picked: &BTreeSet<CheckId>,
    args: &Args,
    scope: &Scope,
) -> anyhow::Result<Report> {
    let query = ResultQuery {
        checks: CheckQuery {
            instance_ids: ids,
            check_ids: picked.iter().map(|id| id.get()).collect(),
            ..CheckQuery::default()
        },
        statuses: super::listed(args.output.format),
        lang: args.lang.get(),
        ..ResultQuery::default()
    };
    Ok(session
        .service
        .report(&session.caller, &query, scope)
        .await?)
}
