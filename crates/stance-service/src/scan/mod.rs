//! Scanning: snapshots → verdicts → the store, as one task.
//!
//! Everything is read and judged before anything is stored, so that a broken file changes nothing. Then each account is
//! committed wholly or not at all, under the task's lease.

mod intake;
mod judge;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use stance_collect::snapshot::{self, Limits};
use stance_model::{CheckId, Coverage, Provider};
use stance_store::{AccountBatch, CommitStats, Lease, NewTask, TaskState};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::report::has_gap;
use crate::service::Service;

use intake::Intake;

/// How long a task stays running after its process last gave a sign of life.
const LEASE_MS: i64 = 30_000;

/// How often it gives one.
const RENEWAL: Duration = Duration::from_secs(10);

/// What a scan is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading snapshots and judging assets as they come; counted in assets.
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
        progress: Arc<dyn Progress>,
    ) -> Result<ScanSummary, ServiceError> {
        caller.authorise("stance:Scan")?;
        self.recover().await?;
        let mut files = Vec::new();
        for path in paths {
            files.extend(snapshot::files(path)?);
        }
        let lease = self.begin(caller, &files).await?;
        let ended = self.run(&lease, files, progress).await;
        let (state, message) = match &ended {
            Ok(summary) if summary.partial => {
                (TaskState::Partial, "something could not be read".to_owned())
            }
            Ok(_) => (TaskState::Done, String::new()),
            Err(error) => (TaskState::Failed, error.to_string()),
        };
        let noted = self
            .store
            .finish_task(&lease, state, &message, self.clock.now_ms())
            .await;
        let summary = ended?;
        noted?;
        Ok(summary)
    }

    async fn begin(&self, caller: &Caller, files: &[PathBuf]) -> Result<Lease, ServiceError> {
        let first = files.to_vec();
        let providers = blocking(move || intake::providers(&first)).await??;
        let source: Vec<String> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let concerned = |provider: Provider| providers.is_empty() || providers.contains(&provider);
        let checks: Vec<CheckId> = self
            .catalog
            .checks()
            .iter()
            .filter(|check| concerned(check.provider))
            .map(|check| check.id)
            .collect();
        let task = NewTask {
            kind: "scan".to_owned(),
            source: shorten(&source.join(" ")),
            checks,
            lease_ms: LEASE_MS,
        };
        Ok(self
            .store
            .create_task(&caller.tenant, &task, self.clock.now_ms())
            .await?)
    }

    async fn run(
        &self,
        lease: &Lease,
        files: Vec<PathBuf>,
        progress: Arc<dyn Progress>,
    ) -> Result<ScanSummary, ServiceError> {
        let catalog = Arc::clone(&self.catalog);
        let (now, heard) = (self.clock.now(), Arc::clone(&progress));
        let reading =
            blocking(move || Intake::read(&catalog, now, &files, Limits::default(), &*heard));
        let batches = self.alive(lease, reading).await???;
        let coverage: Vec<&Coverage> = batches.iter().flat_map(|batch| &batch.coverage).collect();
        let partial = has_gap(&coverage.into_iter().cloned().collect::<Vec<_>>());
        let mut summary = ScanSummary {
            task_id: lease.task_id(),
            accounts: Vec::new(),
            assets: 0,
            stats: CommitStats::default(),
            partial,
        };
        progress.begin(Phase::Storing, Some(batches.len() as u64));
        for batch in batches {
            self.alive(lease, self.store_account(lease, &batch, &mut summary))
                .await??;
            progress.advance(1);
        }
        Ok(summary)
    }

    async fn store_account(
        &self,
        lease: &Lease,
        batch: &AccountBatch,
        summary: &mut ScanSummary,
    ) -> Result<(), ServiceError> {
        let stats = self
            .store
            .commit_account(lease, batch, self.clock.now_ms())
            .await?;
        summary
            .accounts
            .push((batch.provider, batch.account.clone()));
        summary.assets += batch.assets.len() as u64;
        let total = &mut summary.stats;
        total.assets_new += stats.assets_new;
        total.assets_gone += stats.assets_gone;
        total.results_written += stats.results_written;
        total.results_unchanged += stats.results_unchanged;
        total.results_closed += stats.results_closed;
        total.stale += stats.stale;
        Ok(())
    }

    /// Waits for work while telling the store that the task is alive.
    async fn alive<T>(
        &self,
        lease: &Lease,
        work: impl Future<Output = T>,
    ) -> Result<T, ServiceError> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(RENEWAL) => {
                    self.store.renew(lease, 0, 0, self.clock.now_ms()).await?;
                }
            }
        }
    }
}

/// Runs work that takes processor time away from the threads that answer requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::CutOff(error.to_string()))
}

fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}
