//! Scanning images on request: `PublicCreateImageScanTask`.

use std::collections::BTreeSet;
use std::sync::Arc;

use stance_model::{Asset, CheckId, Provider};
use stance_store::{Lease, NewTask, TaskState};
use tokio::task::JoinSet;

use super::scanner::ImageScans;
use super::selection::Target;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::scan::{Input, LEASE_MS, ScanOptions, blocking, shorten};
use crate::service::Service;

/// The kind of these tasks.
pub(super) const KIND: &str = "image_scan";

/// How many of these tasks a tenant may have at a time, as the vendor documents it.
const TASKS: usize = 10;

/// How many images one task takes on.
const IMAGES: usize = 1_000;

/// Which images are to be scanned. Empty lists filter nothing; several hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanRequest {
    /// Digests of manifests, `sha256:…`.
    pub digests: Vec<String>,
    /// Hosts of registries.
    pub registries: Vec<String>,
    /// Repositories with their registry, such as `registry.example/shop/web`.
    pub repo_ids: Vec<String>,
    /// Namespaces of repositories.
    pub repo_namespaces: Vec<String>,
    /// Names of repositories, without namespace.
    pub repo_names: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// What became of the wish to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanAnswer {
    /// The task; none: it was not created.
    pub task_id: Option<i64>,
    /// Whether another one can be created now.
    pub can_create: bool,
    /// Whether none was created because no image that is meant lies in a registry that may be contacted.
    pub out_of_reach: bool,
    /// How many images will be scanned.
    pub total: u64,
    /// When it was created, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Service {
    /// Begins to scan images of the registries that the operator allowed, by the items of the default strategy, and
    /// answers at once. A tenant has at most ten such tasks at a time.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`]; [`ServiceError::Invalid`] when no image is meant, or more than 1000;
    /// [`ServiceError::Store`].
    pub async fn public_create_image_scan_task(
        &self,
        caller: &Caller,
        request: &ScanRequest,
    ) -> Result<ScanAnswer, ServiceError> {
        caller.authorise("yundun-sas:PublicCreateImageScanTask")?;
        self.recover().await?;
        let scans = self.image_scans.as_ref();
        let allowed = scans.map_or(&[][..], |scans| scans.scanner.registries());
        let selection = self.select(caller, request, allowed).await?;
        let targets: Vec<Target> = selection.targets.into_iter().collect();
        let out_of_reach = targets.is_empty() && selection.out_of_reach > 0;
        if targets.len() > IMAGES || (targets.is_empty() && !out_of_reach) {
            return Err(unusable(targets.len()));
        }
        let running = self.running_scans(caller).await?;
        let mut answer = ScanAnswer {
            task_id: None,
            can_create: running < TASKS,
            out_of_reach,
            total: targets.len() as u64,
            at_ms: self.clock.now_ms(),
        };
        if let Some(scans) = scans.filter(|_| answer.can_create && !out_of_reach) {
            let lease = self.begin_scans(caller, scans, targets).await?;
            answer.task_id = Some(lease.task_id());
            answer.can_create = running + 1 < TASKS;
        }
        Ok(answer)
    }

    async fn running_scans(&self, caller: &Caller) -> Result<usize, ServiceError> {
        let now = self.clock.now_ms();
        let running = self.store.running(&caller.tenant, now).await?;
        Ok(running.iter().filter(|task| task.kind == KIND).count())
    }

    async fn begin_scans(
        &self,
        caller: &Caller,
        scans: &Arc<ImageScans>,
        targets: Vec<Target>,
    ) -> Result<Lease, ServiceError> {
        let items = self.chosen_items(caller).await?;
        let references: Vec<&str> = targets.iter().map(|t| t.reference.as_str()).collect();
        let task = NewTask {
            kind: KIND.to_owned(),
            source: shorten(&references.join(" ")),
            checks: items.iter().copied().collect(),
            lease_ms: LEASE_MS,
        };
        let now = self.clock.now_ms();
        let lease = self.store.create_task(&caller.tenant, &task, now).await?;
        for target in &targets {
            self.note(&lease, target).await?;
        }
        let (service, scans) = (self.clone(), Arc::clone(scans));
        let (held, running) = (lease.clone(), Arc::clone(&scans));
        scans.spawn(async move { service.scan_images(running, held, targets, items).await });
        Ok(lease)
    }

    async fn note(&self, lease: &Lease, target: &Target) -> Result<(), ServiceError> {
        let noted =
            self.store
                .note_image_task(lease, &target.digest, &target.reference, &target.uuid);
        Ok(noted.await?)
    }

    /// Scans all images of a task and ends it. Nobody waits for an answer: what goes wrong is said by the task.
    async fn scan_images(
        &self,
        scans: Arc<ImageScans>,
        lease: Lease,
        targets: Vec<Target>,
        items: BTreeSet<CheckId>,
    ) {
        let heart = self.heartbeat(&lease);
        let total = targets.len();
        let mut reading = JoinSet::new();
        for target in targets {
            reading.spawn(read(Arc::clone(&scans), target));
        }
        let mut end = End::default();
        self.note_scans(&lease, end.done, total).await;
        while let Some(joined) = reading.join_next().await {
            let (target, read) = joined
                .unwrap_or_else(|error| (Target::default(), Err(cut_off(&error.to_string()))));
            let outcome = match read {
                Ok(asset) => self.store_image(&lease, &target, asset, &items).await,
                Err(why) => Err(why),
            };
            end.count(&target, outcome);
            self.note_scans(&lease, end.done, total).await;
        }
        drop(heart);
        self.end_scans(&scans, &lease, end, total).await;
    }

    async fn note_scans(&self, lease: &Lease, done: usize, total: usize) {
        if let Err(error) = self.note_progress(lease, done, total).await {
            tracing::warn!(task.id = lease.task_id(), %error, "the progress was not noted");
        }
    }

    async fn end_scans(&self, scans: &ImageScans, lease: &Lease, end: End, total: usize) {
        let (state, message) = end.state(scans.is_cancelled(), total);
        tracing::info!(task.id = lease.task_id(), images = total, %state, "image scan ended");
        let now = self.clock.now_ms();
        if let Err(error) = self.store.finish_task(lease, state, &message, now).await {
            tracing::warn!(task.id = lease.task_id(), %error, "the end of the task was not noted");
        }
    }

    /// Judges and stores one image under the lease; whether something of it could not be read.
    async fn store_image(
        &self,
        lease: &Lease,
        target: &Target,
        asset: Asset,
        items: &BTreeSet<CheckId>,
    ) -> Result<bool, String> {
        if asset.provider != Provider::Image {
            return Err("the scanner answered something that is no image".to_owned());
        }
        let stored = self.store_asset(lease, target, asset, items).await;
        stored.map_err(|error| error.to_string())
    }

    async fn store_asset(
        &self,
        lease: &Lease,
        target: &Target,
        asset: Asset,
        items: &BTreeSet<CheckId>,
    ) -> Result<bool, ServiceError> {
        let options = ScanOptions {
            checks: Some(items.clone()),
            ..ScanOptions::default()
        };
        let mut scanned = Target {
            uuid: asset.id.clone(),
            ..target.clone()
        };
        let taken = self.take(Input::Assets(vec![asset]), options).await?;
        for batch in &taken.batches {
            let now = self.clock.now_ms();
            self.store.commit_account(lease, batch, now).await?;
            if let Some(image) = batch.images.first() {
                scanned.digest.clone_from(&image.digest);
            }
        }
        self.note(lease, &scanned).await?;
        Ok(taken.partial)
    }
}

/// Reads one image once there is a place for it.
async fn read(scans: Arc<ImageScans>, target: Target) -> (Target, Result<Asset, String>) {
    let _place = scans.places.acquire().await;
    if scans.is_cancelled() {
        return (target, Err("the server was stopped".to_owned()));
    }
    let (scanning, reference) = (Arc::clone(&scans), target.reference.clone());
    let read = blocking(move || scanning.scan(&reference)).await;
    let read = read.unwrap_or_else(|error| Err(error.to_string()));
    (target, read)
}

fn cut_off(why: &str) -> String {
    ServiceError::CutOff(why.to_owned()).to_string()
}

/// How the images of a task ended.
#[derive(Default)]
struct End {
    done: usize,
    partial: bool,
    failures: Vec<String>,
}

impl End {
    fn count(&mut self, target: &Target, outcome: Result<bool, String>) {
        self.done += 1;
        match outcome {
            Ok(partial) => self.partial |= partial,
            Err(why) => {
                let reference = &target.reference;
                tracing::warn!(image.reference = ?reference, why, "an image could not be scanned");
                self.failures.push(format!("{reference}: {why}"));
            }
        }
    }

    fn state(&self, cancelled: bool, total: usize) -> (TaskState, String) {
        let failed = self.failures.len();
        let message = match self.failures.first() {
            Some(first) if total > 1 => format!("{failed} of {total} images failed; {first}"),
            Some(only) => only.clone(),
            None => String::new(),
        };
        let message = shorten(&message);
        match failed {
            0 if self.partial => (TaskState::Partial, "something could not be read".to_owned()),
            0 => (TaskState::Done, message),
            _ if cancelled => (TaskState::Cancelled, message),
            _ => (TaskState::Failed, message),
        }
    }
}

/// Too many images are meant, or none.
fn unusable(meant: usize) -> ServiceError {
    let why = if meant > 0 {
        format!("{meant} are meant, at most {IMAGES} at a time")
    } else {
        "none that is known is meant; name registry, repository and tag of one that is not"
            .to_owned()
    };
    ServiceError::Invalid {
        what: "images",
        why,
    }
}
