//! Tencent Cloud: resources `tencentcloud_*`.

pub(super) mod mysql;
pub(super) mod redis;
pub(super) mod security_group;
