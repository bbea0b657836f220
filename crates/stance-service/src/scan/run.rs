//! Running a scan under the lease of its task.

use std::sync::Arc;
use std::time::Duration;

use stance_collect::snapshot::Limits;
use stance_store::{AccountBatch, CommitStats, Lease, NewTask, TaskState};

use super::intake::{Intake, Taken};
use super::{Input, Phase, ScanOptions, ScanSummary};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// How long a task stays running after its process last gave a sign of life.
pub(crate) const LEASE_MS: i64 = 30_000;

/// How often it gives one.
const RENEWAL: Duration = Duration::from_secs(10);

/// How many images of an account a task is noted with.
const NOTED_IMAGES: usize = 100;

impl Service {
    /// Begins a task, scans, and ends the task as the scan ended.
    pub(super) async fn as_task(
        &self,
        caller: &Caller,
        task: &NewTask,
        input: Input,
        options: ScanOptions,
    ) -> Result<ScanSummary, ServiceError> {
        let now = self.clock.now_ms();
        let lease = self.store.create_task(&caller.tenant, task, now).await?;
        let heart = self.heartbeat(&lease);
        let ended = self.run(&lease, input, options).await;
        drop(heart);
        let (state, message) = match &ended {
            Ok(summary) if summary.partial => {
                (TaskState::Partial, "something could not be read".to_owned())
            }
            Ok(_) => (TaskState::Done, String::new()),
            Err(error) => (TaskState::Failed, super::shorten(&error.to_string())),
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

    async fn run(
        &self,
        lease: &Lease,
        input: Input,
        options: ScanOptions,
    ) -> Result<ScanSummary, ServiceError> {
        let progress = Arc::clone(&options.progress);
        let taken = self.take(input, options).await?;
        let mut summary = ScanSummary {
            task_id: lease.task_id(),
            accounts: Vec::new(),
            assets: 0,
            stats: CommitStats::default(),
            partial: taken.partial,
        };
        let total = taken.batches.len();
        progress.begin(Phase::Storing, Some(total as u64));
        for (done, batch) in taken.batches.into_iter().enumerate() {
            self.note_progress(lease, done, total).await?;
            self.store_account(lease, &batch, &mut summary).await?;
            self.note_images(lease, &batch).await?;
            progress.advance(1);
        }
        Ok(summary)
    }

    /// Reads and judges, beside the threads that answer requests.
    pub(crate) async fn take(
        &self,
        input: Input,
        options: ScanOptions,
    ) -> Result<Taken, ServiceError> {
        let catalog = Arc::clone(&self.catalog);
        let now = options.judged_at.unwrap_or_else(|| self.clock.now());
        blocking(move || {
            let mut intake = Intake::new(&catalog, now, Limits::default(), options.checks.as_ref());
            match input {
                Input::Files(files) => intake.files(&files, &*options.progress)?,
                Input::Assets(assets) => intake.documents(assets, &*options.progress)?,
            }
            intake.finish(&*options.progress)
        })
        .await?
    }

    async fn store_account(
        &self,
        lease: &Lease,
        batch: &AccountBatch,
        summary: &mut ScanSummary,
    ) -> Result<(), ServiceError> {
        let stats = self.store.commit_account(lease, batch, self.clock.now_ms());
        let stats = stats.await?;
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

    /// Notes the task with the images that it looked at, so that people find it by an image. Of a snapshot with very many
    /// the first are enough: each costs a transaction.
    async fn note_images(&self, lease: &Lease, batch: &AccountBatch) -> Result<(), ServiceError> {
        for image in batch.images.iter().take(NOTED_IMAGES) {
            let place = usize::try_from(image.asset).unwrap_or(usize::MAX);
            let Some(asset) = batch.assets.get(place) else {
                continue;
            };
            self.store
                .note_image_task(lease, &image.digest, &asset.name, &asset.id)
                .await?;
        }
        Ok(())
    }

    /// Tells the store how far the task is, of its accounts or images, and that it is alive.
    pub(crate) async fn note_progress(
        &self,
        lease: &Lease,
        done: usize,
        total: usize,
    ) -> Result<(), ServiceError> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let now = self.clock.now_ms();
        let renewed = self.store.renew(lease, count(done), count(total), now);
        Ok(renewed.await?)
    }

    /// Tells the store now and then that the task is alive, until the answer is dropped. Beside the work and not
    /// before it: a large account may hold the store's only writer for longer than a lease, and then the next sign of
    /// life comes late, which is no reason to end the task.
    pub(crate) fn heartbeat(&self, lease: &Lease) -> Heartbeat {
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
pub(crate) struct Heartbeat(tokio::task::JoinHandle<()>);

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs work that takes processor time away from the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ServiceError::CutOff(error.to_string()))
}
