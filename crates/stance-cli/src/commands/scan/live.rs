//! `stance scan PROVIDER`: a live account is read into a snapshot first.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use stance_model::Provider;
use tempfile::TempDir;

use crate::session::Session;
use crate::snapshot_file::Collected;
use crate::{collecting, output, place};

/// What is to be scanned: the paths that were given, or a snapshot of the account that was named, which lies in a folder
/// that goes when the scan is over.
pub(super) async fn collected(
    args: &super::Args,
    session: &Session,
) -> anyhow::Result<(Vec<PathBuf>, Option<TempDir>)> {
    let Some(provider) = provider(&args.paths, session) else {
        return Ok((args.paths.clone(), None));
    };
    let folder = folder(&args.store.url()?)?;
    let path = folder.path().join(format!("{provider}.jsonl.zst"));
    let (file, collect, catalog) = (
        path.clone(),
        args.collect.clone(),
        Arc::clone(&session.catalog),
    );
    let read = move || collecting::collect(provider, &collect, &catalog, &file);
    let Collected {
        assets,
        accounts,
        gaps,
    } = tokio::task::spawn_blocking(read).await??;
    output::remark(&format!(
        "read {assets} assets of {accounts} accounts; {gaps} places not read completely"
    ));
    Ok((vec![path], Some(folder)))
}

/// The provider that is named, unless there is a file or folder of its name.
fn provider(paths: &[PathBuf], session: &Session) -> Option<Provider> {
    let [path] = paths else {
        return None;
    };
    let provider = path.to_str()?.parse().ok()?;
    session
        .catalog
        .provider_calls(provider)
        .filter(|_| !path.exists())?;
    Some(provider)
}

/// A folder beside the database, which only its owner may read.
fn folder(url: &str) -> anyhow::Result<TempDir> {
    let beside = match url.strip_prefix("sqlite://") {
        Some(file) => Path::new(file).parent().map(Path::to_owned),
        None => None,
    };
    let beside = match beside.filter(|folder| folder.is_dir()) {
        Some(folder) => folder,
        None => place::data_folder()?,
    };
    let made = tempfile::Builder::new()
        .prefix("collect-")
        .tempdir_in(&beside);
    made.with_context(|| format!("making a folder in `{}`", beside.display()))
}
