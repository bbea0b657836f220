//! `PublicCreateImageScanTask`: begin to scan images.

use serde::Serialize;
use serde_json::{Map, Value};
use stance_service::{ScanAnswer, ScanRequest};

use super::{Call, digest, object};
use crate::error::ApiError;
use crate::params::{Params, illegal};

/// Answers `PublicCreateImageScanTask`. `InstanceIds` are hosts of registries, `RepoIds` repositories with their host.
/// Registries here have no region and no type, so that `RegionIds` and `RegistryTypes` select nothing; `SourceIp` says
/// who asks.
pub(in crate::ops) async fn answer(call: Call<'_>) -> Result<Map<String, Value>, ApiError> {
    let words = |name| words(call.params, name);
    let request = ScanRequest {
        digests: words("Digests")?.iter().map(|text| digest(text)).collect(),
        registries: words("InstanceIds")?,
        repo_ids: words("RepoIds")?,
        repo_namespaces: words("RepoNamespaces")?,
        repo_names: words("RepoNames")?,
        tags: words("Tags")?,
    };
    for name in ["RegionIds", "SourceIp"] {
        call.params.packed(name, name)?;
    }
    let types = words("RegistryTypes")?;
    if types
        .iter()
        .any(|t| !["acr", "harbor", "quay"].contains(&t.as_str()))
    {
        return Err(illegal("RegistryTypes", "can be acr, harbor and quay"));
    }
    let answer = call
        .service
        .public_create_image_scan_task(call.caller, &request)
        .await?;
    object(&Response {
        data: Data::new(&answer),
    })
}

fn words(params: &Params, name: &str) -> Result<Vec<String>, ApiError> {
    Ok(params.packed(name, name)?.unwrap_or_default())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    data: Data,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    /// Whether another task can be created now.
    can_create: bool,
    /// Milliseconds since 1970, as the next.
    collect_time: i64,
    exec_time: i64,
    finish_count: u64,
    progress: u64,
    result: &'static str,
    status: &'static str,
    /// Empty when no task was created.
    task_id: String,
    total_count: u64,
}

impl Data {
    fn new(answer: &ScanAnswer) -> Self {
        let created = answer.task_id.is_some();
        Self {
            can_create: answer.can_create,
            collect_time: answer.at_ms,
            exec_time: answer.at_ms,
            finish_count: 0,
            progress: 0,
            result: if answer.out_of_reach {
                "TASK_NOT_SUPPORT_REGION"
            } else if created {
                "SUCCESS"
            } else {
                "FAIL"
            },
            status: if created { "INIT" } else { "FAIL" },
            task_id: answer.task_id.map(|id| id.to_string()).unwrap_or_default(),
            total_count: answer.total,
        }
    }
}
