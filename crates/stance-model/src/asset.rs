//! The asset document: one inventoried thing with what each call answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::AssetType;
use crate::provider::Provider;
use crate::reason::Reason;

/// One asset. On the hot path the same document is read borrowed; this owned form is for writing and for tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Who has it.
    pub provider: Provider,
    /// The account, subscription or project it belongs to.
    pub account: String,
    /// Its region; `global` for what has none.
    pub region: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub asset_type: AssetType,
    /// The provider's id of it.
    pub id: String,
    /// Its name; the id where it has none.
    #[serde(default)]
    pub name: String,
    /// Its zone, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// What each call answered, by call name, in the provider's own field names. `null`: the provider says there
    /// is none.
    pub facts: serde_json::Map<String, Value>,
    /// Calls that could not be read, by call name, with the reason. An entry here wins over one in `facts`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown: BTreeMap<String, Reason>,
    /// Where the document comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Where an asset document comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// `api`, `tfstate`, `tfplan`, …
    pub kind: String,
    /// When it was read, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The file that declares it, for infrastructure code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}
