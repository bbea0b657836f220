//! Scanning: snapshots → verdicts → the store, as one task.
//!
//! Everything is read and judged before anything is stored, so that a broken file changes nothing. Then each account is
//! committed wholly or not at all, under the task's lease.

mod intake;
mod judge;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use stance_collect::snapshot::{self, Limits};
use stance_model::{CheckId, Provider};
use stance_store::{AccountBatch, CommitStats, Lease, NewTask, TaskState};

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;
use crate::status::is_unread;

use intake::Intake;

/// How long a task stays running after its process last gave a sign of life.
const LEASE_MS: i64 = 30_000;

/// How often it gives one.
const RENEWAL: Duration = Duration::from_secs(10);

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
    /// Who hears how it goes on.
    pub progress: Arc<dyn Progress>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            judged_at: None,
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
        let lease = self.begin(caller, &files).await?;
        let heart = self.heartbeat(&lease);
        let ended = self.run(&lease, files, options).await;
        drop(heart);
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
        tracing::info!(
            task.id = summary.task_id,
            assets = summary.assets,
            partial = summary.partial,
            "scan ended"
        );
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
        options: ScanOptions,
    ) -> Result<ScanSummary, ServiceError> {
        let catalog = Arc::clone(&self.catalog);
        let now = options.judged_at.unwrap_or_else(|| self.clock.now());
        let (progress, heard) = (Arc::clone(&options.progress), options.progress);
        let batches =
            blocking(move || Intake::read(&catalog, now, &files, Limits::default(), &*heard))
                .await??;
        let coverage = batches.iter().flat_map(|batch| &batch.coverage);
        let partial = coverage.into_iter().any(is_unread);
        let mut summary = ScanSummary {
            task_id: lease.task_id(),
            accounts: Vec::new(),
            assets: 0,
            stats: CommitStats::default(),
            partial,
        };
        let total = batches.len();
        progress.begin(Phase::Storing, Some(total as u64));
        for (done, batch) in batches.into_iter().enumerate() {
            self.note_progress(lease, done, total).await?;
            self.store_account(lease, &batch, &mut summary).await?;
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

    /// Tells the store how far the task is, in accounts, and that it is alive.
    async fn note_progress(
        &self,
        lease: &Lease,
        done: usize,
        total: usize,
    ) -> Result<(), ServiceError> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let now = self.clock.now_ms();
        Ok(self
            .store
            .renew(lease, count(done), count(total), now)
            .await?)
    }

    /// Tells the store now and then that the task is alive, until the answer is dropped. Beside the work and not
    /// before it: a large account may hold the store's only writer for longer than a lease, and then the next sign of
    /// life comes late, which is no reason to end the task.
    fn heartbeat(&self, lease: &Lease) -> Heartbeat {
        let (service, lease) = (self.clone(), lease.clone());
        let beating = tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWAL).await;
                if let Err(error) = service
                    .store
                    .keep_alive(&lease, service.clock.now_ms())
                    .await
                {
                    tracing::warn!(task.id = lease.task_id(), %error, "a sign of life was not taken");
                }
            }
        });
        Heartbeat(beating)
    }
}

/// A task's sign of life, which ends with it.
struct Heartbeat(tokio::task::JoinHandle<()>);

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Files are read twice, first their heads, so a pipe will not do.
fn regular(files: &[PathBuf]) -> Result<(), ServiceError> {
    let other = files.iter().find(|file| {
        file.exists()
            && !file.is_file()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
            && !file.is_dir()
    });
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
