//! What can be wrong with a rule.

use thiserror::Error;

/// A rule that cannot be used.
#[derive(Debug, Error)]
#[error("secret rule `{key}`: {what}")]
pub struct SecretRuleError {
    /// The item's key.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

impl SecretRuleError {
    pub(super) fn new(key: &str, what: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            what: what.into(),
        }
    }
}
