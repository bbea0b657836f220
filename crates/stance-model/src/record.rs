//! The lines of a snapshot file.

use serde::{Deserialize, Serialize};

use crate::asset::Asset;
use crate::coverage::Coverage;
use crate::provider::Provider;

/// One line of a snapshot: an object with exactly one key, which names the record.
///
/// ```text
/// {"snapshot":{"format":1,"at":"2026-11-01T08:00:00Z","producer":"stance 0.1.0"}}
/// {"account":{"provider":"aliyun","id":"1000000000000001","name":"prod"}}
/// {"coverage":{"provider":"aliyun","account":"1000000000000001","region":"cn-hangzhou","type":"aliyun/rds/instance","status":"ok"}}
/// {"asset":{"provider":"aliyun","account":"1000000000000001","region":"cn-hangzhou","type":"aliyun/rds/instance","id":"rm-1","name":"orders","facts":{"list":{}}}}
/// {"end":{"assets":1,"coverage":1}}
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// The first line.
    Snapshot(Header),
    /// An account that the collection visited.
    Account(Account),
    /// How completely something was read.
    Coverage(Coverage),
    /// One asset.
    Asset(Box<Asset>),
    /// The last line. Without it nothing in the file is taken as complete.
    End(End),
}

/// The first line of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format: 1.
    pub format: u32,
    /// When the collection began, RFC 3339.
    pub at: String,
    /// What wrote the file.
    #[serde(default)]
    pub producer: String,
}

/// An account that the collection visited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The provider.
    pub provider: Provider,
    /// The account's id.
    pub id: String,
    /// The name that people know it by; `VendorUserName` on the wire.
    #[serde(default)]
    pub name: String,
}

/// The last line of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// How many asset lines stand before it.
    pub assets: u64,
    /// How many coverage lines stand before it.
    pub coverage: u64,
}
