//! `DescribeImageLatestScanTask`: the last scan of an image.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use stance_service::{ImageTaskStatus, ImageTaskView};

use super::{Call, digest, object};
use crate::error::ApiError;

/// Answers `DescribeImageLatestScanTask`. An image that no task was about has none.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let digest = digest(call.params.required("Digest")?);
    let found = call
        .service
        .describe_image_latest_scan_task(call.caller, &digest)
        .await?;
    object(&Response {
        task: found.iter().map(Task::new).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    task: Vec<Task<'a>>,
}

/// The one entry of `Task`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Task<'a> {
    id: i64,
    task_id: String,
    task_type: &'static str,
    name: &'a str,
    source: &'static str,
    status: &'static str,
    target: &'a str,
    target_type: &'static str,
    /// Images that the task has done.
    finish: i64,
    /// Milliseconds since 1970.
    start_time: i64,
    /// Milliseconds since 1970; left out while the task runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    finish_time: Option<i64>,
    create: String,
    modified: String,
}

impl<'a> Task<'a> {
    fn new(task: &'a ImageTaskView) -> Self {
        Self {
            id: task.task_id,
            task_id: task.task_id.to_string(),
            task_type: "IMAGE_SCAN",
            name: &task.reference,
            source: if task.requested {
                "openapi"
            } else {
                "console_batch"
            },
            status: match task.status {
                ImageTaskStatus::Running => "PROCESSING",
                ImageTaskStatus::Done => "SUCCESS",
                ImageTaskStatus::Failed => "FAIL",
            },
            target: &task.digest,
            target_type: "IMAGE",
            finish: task.done,
            start_time: task.created_ms,
            finish_time: task.ended_ms,
            create: moment(task.created_ms),
            modified: moment(task.changed_ms),
        }
    }
}

/// A time in UTC, as `yyyy-MM-ddTHH:mm:ss`.
fn moment(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms);
    at.map_or_else(
        |_| String::new(),
        |at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    )
}
