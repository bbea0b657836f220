//! The last scan of an image: `DescribeImageLatestScanTask`.

use stance_store::{ImageTask, ImageTaskKey, Task, TaskState};

use super::scan_task::KIND;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::scan::LEASE_MS;
use crate::service::Service;

/// Where the scan of one image stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageTaskStatus {
    /// The image waits for its turn or is being scanned.
    Running,
    /// It was scanned.
    Done,
    /// It was not.
    Failed,
}

/// The scan of one image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageTaskView {
    /// The number of the task.
    pub task_id: i64,
    /// The image by its reference.
    pub reference: String,
    /// The digest of its manifest.
    pub digest: String,
    /// Whether a request began it, and not a person at the command line.
    pub requested: bool,
    /// Where the scan of this image stands.
    pub status: ImageTaskStatus,
    /// How many images the task has done.
    pub done: i64,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it last changed, in milliseconds since 1970.
    pub changed_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub ended_ms: Option<i64>,
}

impl Service {
    /// The latest task that was about the image with this digest; none: there was no such task.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn describe_image_latest_scan_task(
        &self,
        caller: &Caller,
        digest: &str,
    ) -> Result<Option<ImageTaskView>, ServiceError> {
        caller.authorise("yundun-sas:DescribeImageLatestScanTask")?;
        self.recover().await?;
        let key = ImageTaskKey::Digest(digest);
        let tasks = self.store.image_tasks(&caller.tenant, key, 1).await?;
        let Some(found) = tasks.into_iter().next() else {
            return Ok(None);
        };
        let uuids = [found.uuid.clone()];
        let images = self.images_of(caller, &uuids, &[]).await?;
        let scanned = images.iter().any(|image| image.task_id >= found.task.id);
        Ok(Some(view(found, scanned)))
    }
}

fn view(found: ImageTask, scanned: bool) -> ImageTaskView {
    let task = found.task;
    ImageTaskView {
        task_id: task.id,
        reference: found.reference,
        digest: found.digest,
        requested: task.kind == KIND,
        status: match task.state {
            _ if scanned => ImageTaskStatus::Done,
            TaskState::Running => ImageTaskStatus::Running,
            _ => ImageTaskStatus::Failed,
        },
        done: task.done,
        created_ms: task.created_ms,
        changed_ms: changed(&task),
        ended_ms: task.ended_ms,
    }
}

/// Its end, or its last sign of life.
fn changed(task: &Task) -> i64 {
    let alive = task.lease_until_ms.saturating_sub(LEASE_MS);
    task.ended_ms.unwrap_or(alive.max(task.created_ms))
}
