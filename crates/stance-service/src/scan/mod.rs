//! Scanning: snapshots or asset documents → verdicts → the store, as one task.
//!
//! Everything is read and judged before anything is stored, so that a broken file changes nothing. Then each account is
//! committed wholly or not at all, under the task's lease.

mod findings;
mod image_row;
mod intake;
mod judge;
mod run;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use stance_collect::snapshot;
use stance_model::{Asset, CheckId, Provider};
use stance_store::{CommitStats, NewTask};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

pub(crate) use run::{LEASE_MS, blocking};

/// What a scan is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading snapshots and judging assets as they come; counted in lines.
    Reading,
    /// Judging assets that relate to others; counted in assets.
    Relating,
    /// Storing; counted in accounts.
    Storing,
}

/// Hears how a scan goes on.
pub trait Progress: Send + Sync {
    /// A phase begins; the total where it is known.
    fn begin(&self, phase: Phase, total: Option<u64>);
    /// So many more are done.
    fn advance(&self, count: u64);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _: Phase, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}

/// How a scan is done.
#[derive(Clone)]
pub struct ScanOptions {
    /// The time that checks judge against; none: now. When results were found is always the machine's time.
    pub judged_at: Option<Timestamp>,
    /// Only these checks judge; what others have found stays as it is. None: all.
    pub checks: Option<BTreeSet<CheckId>>,
    /// Who hears how it goes on.
    pub progress: Arc<dyn Progress>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            judged_at: None,
            checks: None,
            progress: Arc::new(NoProgress),
        }
    }
}

/// How a scan ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanSummary {
    /// The task.
    pub task_id: i64,
    /// The accounts that were seen.
    pub accounts: Vec<(Provider, String)>,
    /// The assets that were seen.
    pub assets: u64,
    /// What was stored.
    pub stats: CommitStats,
    /// Whether something could not be read.
    pub partial: bool,
}

impl Service {
    /// Reads snapshots (files, or folders of them), judges every asset and stores the results as one task.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::Snapshot`] when a file cannot be taken in, after which nothing
    /// was stored; [`ServiceError::Store`] after which the accounts committed before stay.
    pub async fn scan(
        &self,
        caller: &Caller,
        paths: &[PathBuf],
        options: ScanOptions,
    ) -> Result<ScanSummary, ServiceError> {
        caller.authorise("stance:Scan")?;
        self.recover().await?;
        let mut files = Vec::new();
        for path in paths {
            files.extend(snapshot::files(path)?);
        }
        regular(&files)?;
        let first = files.clone();
        let providers = blocking(move || intake::providers(&first)).await??;
        let source: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        let task = self.new_task(&providers, &source.join(" "), &options);
        self.as_task(caller, &task, Input::Files(files), options)
            .await
    }

    /// Judges assets and stores the results as one task. Of images and hosts nothing else is said: what is not among
    /// them stays. `source` says in words where they come from.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::Invalid`] when there is none, or one breaks the bounds of a
    /// snapshot, after which nothing was stored; [`ServiceError::Store`].
    pub async fn scan_assets(
        &self,
        caller: &Caller,
        assets: Vec<Asset>,
        source: &str,
        options: ScanOptions,
    ) -> Result<ScanSummary, ServiceError> {
        caller.authorise("stance:Scan")?;
        self.recover().await?;
        let providers: BTreeSet<Provider> = assets.iter().map(|asset| asset.provider).collect();
        let task = self.new_task(&providers, source, &options);
        self.as_task(caller, &task, Input::Assets(assets), options)
            .await
    }

    /// A task for the checks of the providers that are concerned; none named: of all.
    fn new_task(
        &self,
        providers: &BTreeSet<Provider>,
        source: &str,
        options: &ScanOptions,
    ) -> NewTask {
        let concerned = |provider| providers.is_empty() || providers.contains(&provider);
        let all = self.catalog.checks().iter();
        let checks = all
            .filter(|check| concerned(check.provider))
            .map(|check| check.id)
            .filter(|id| options.checks.as_ref().is_none_or(|only| only.contains(id)))
            .collect();
        NewTask {
            kind: "scan".to_owned(),
            source: shorten(source),
            checks,
            lease_ms: LEASE_MS,
        }
    }
}

/// What is scanned.
pub(crate) enum Input {
    /// Snapshots and the like.
    Files(Vec<PathBuf>),
    /// Asset documents.
    Assets(Vec<Asset>),
}

/// Files are read twice, first their heads, so a pipe will not do.
fn regular(files: &[PathBuf]) -> Result<(), ServiceError> {
    let other = files
        .iter()
        .find(|file| file.exists() && !file.is_file() && !file.is_dir());
    other.map_or(Ok(()), |file| {
        let why = format!(
            "`{}` is no regular file; write it to one first",
            file.display()
        );
        Err(ServiceError::Invalid {
            what: "snapshot",
            why,
        })
    })
}

/// A text as the source of a task.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}
