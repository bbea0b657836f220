//! Where something was found.

use serde::Serialize;

/// Where something was found, in the form that facts and evidence carry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    /// The path with its leading slash; `config:Env` and the like for the image's configuration.
    pub path: String,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The digest of the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The line of the build history that made the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// False: a later layer deleted or replaced it, so the final tree does not show it.
    pub visible: bool,
    /// What is there, for people: a setting, an account, a masked value. Never a secret, never a hash.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
}
