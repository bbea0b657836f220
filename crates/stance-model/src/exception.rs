//! Exceptions: a person's decision to accept results.

use serde::{Deserialize, Serialize};

use crate::ids::CheckId;

/// A decision to accept the failures of a check, wholly or for named assets; a whitelist rule on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Its number in the tenant; 0 before the store has given one.
    pub id: i64,
    /// The check.
    pub check_id: CheckId,
    /// The provider's asset ids it is limited to; empty: the whole check.
    pub asset_ids: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub created_ms: i64,
    /// Until when, in milliseconds since 1970; none: for good.
    pub expires_ms: Option<i64>,
}
