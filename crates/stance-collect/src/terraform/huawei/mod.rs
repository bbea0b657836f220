//! Huawei Cloud: resources `huaweicloud_*`.

pub(super) mod ecs;
pub(super) mod rds;
pub(super) mod vpc;
