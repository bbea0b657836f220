//! Alibaba Cloud: resources `alicloud_*`.

pub(super) mod ack;
pub(super) mod disk;
pub(super) mod instance;
pub(super) mod kms;
pub(super) mod mongodb;
pub(super) mod nas;
pub(super) mod oss;
pub(super) mod oss_parts;
pub(super) mod polardb;
pub(super) mod ram;
pub(super) mod rds;
pub(super) mod redis;
pub(super) mod security_group;
pub(super) mod slb;

use serde_json::Value;

use super::resource::{Gap, Read, Resource};

/// The global whitelist templates of a database: Terraform does not say which are attached; a new one has none.
fn whitelist_templates(database: &Resource) -> Read<Value> {
    if database.fresh {
        return Ok(Value::Null);
    }
    let message = format!(
        "Terraform does not say which whitelist templates {} has",
        database.address
    );
    Err(Gap(message))
}
