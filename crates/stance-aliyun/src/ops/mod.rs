//! The operations: one file each, one line each in [`OPERATIONS`].

mod describe_risk_check_result;
mod image;
mod list_check_instance_result;
mod list_check_result;
#[cfg(test)]
mod sample;

use std::pin::Pin;

use serde::Serialize;
use serde_json::{Map, Value};
use stance_service::{Caller, Service};

use crate::error::ApiError;
use crate::params::Params;

/// What an operation is given.
pub(crate) struct Call<'a> {
    /// Whom to ask.
    pub(crate) service: &'a Service,
    /// Who asks.
    pub(crate) caller: &'a Caller,
    /// What is asked.
    pub(crate) params: &'a Params,
}

/// What an operation answers: the data beside `RequestId`.
pub(crate) type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Map<String, Value>, ApiError>> + Send + 'a>>;

/// An operation of the API.
pub(crate) struct Operation {
    /// Its `Action`.
    pub(crate) action: &'static str,
    /// What answers it.
    pub(crate) handler: for<'a> fn(Call<'a>) -> Answer<'a>,
}

/// All operations, by name.
const OPERATIONS: &[Operation] = &[
    Operation {
        action: "DescribeAllImageBaseline",
        handler: |call| Box::pin(image::all_baselines::answer(call)),
    },
    Operation {
        action: "DescribeImageBaselineCheckResult",
        handler: |call| Box::pin(image::check_result::answer(call)),
    },
    Operation {
        action: "DescribeImageBaselineCheckSummary",
        handler: |call| Box::pin(image::check_summary::answer(call)),
    },
    Operation {
        action: "DescribeImageBaselineDetail",
        handler: |call| Box::pin(image::detail::answer(call)),
    },
    Operation {
        action: "DescribeImageBaselineItemList",
        handler: |call| Box::pin(image::item_list::answer(call)),
    },
    Operation {
        action: "DescribeImageBaselineStrategy",
        handler: |call| Box::pin(image::strategy::answer(call)),
    },
    Operation {
        action: "DescribeImageInfoList",
        handler: |call| Box::pin(image::info_list::answer(call)),
    },
    Operation {
        action: "DescribeImageLatestScanTask",
        handler: |call| Box::pin(image::latest_scan_task::answer(call)),
    },
    Operation {
        action: "DescribeImageListWithBaselineName",
        handler: |call| Box::pin(image::image_list::answer(call)),
    },
    Operation {
        action: "DescribeRiskCheckResult",
        handler: |call| Box::pin(describe_risk_check_result::answer(call)),
    },
    Operation {
        action: "ListCheckInstanceResult",
        handler: |call| Box::pin(list_check_instance_result::answer(call)),
    },
    Operation {
        action: "ListCheckResult",
        handler: |call| Box::pin(list_check_result::answer(call)),
    },
    Operation {
        action: "OperateImageBaselineWhitelist",
        handler: |call| Box::pin(image::whitelist::answer(call)),
    },
    Operation {
        action: "PublicCreateImageScanTask",
        handler: |call| Box::pin(image::create_scan_task::answer(call)),
    },
    Operation {
        action: "SaveImageBaselineStrategy",
        handler: |call| Box::pin(image::save_strategy::answer(call)),
    },
];

/// The operation called `action`.
pub(crate) fn find(action: &str) -> Option<&'static Operation> {
    OPERATIONS
        .iter()
        .find(|operation| operation.action == action)
}

/// The object that a response type serializes to.
fn object(response: &impl Serialize) -> Result<Map<String, Value>, ApiError> {
    match serde_json::to_value(response) {
        Ok(Value::Object(object)) => Ok(object),
        other => {
            tracing::error!(?other, "a response does not serialize to an object");
            Err(ApiError::Server)
        }
    }
}
