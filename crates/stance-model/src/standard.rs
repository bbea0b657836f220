//! Kinds of standards; the standards themselves are files of the catalogue.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;

/// What obliges us: `Types` of `ListCheckResult`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandardType {
    /// RISK: best security practices.
    Risk,
    /// COMPLIANCE: CIS, MLPS and the like.
    Compliance,
    /// IDENTITY_PERMISSION: identity and permission management.
    IdentityPermission,
}

impl StandardType {
    /// `RISK`, `COMPLIANCE`, `IDENTITY_PERMISSION`.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::Risk => "RISK",
            Self::Compliance => "COMPLIANCE",
            Self::IdentityPermission => "IDENTITY_PERMISSION",
        }
    }
}

impl FromStr for StandardType {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        [Self::Risk, Self::Compliance, Self::IdentityPermission]
            .into_iter()
            .find(|t| t.wire() == text)
            .ok_or_else(|| IdError {
                what: "standard type",
                given: text.to_owned(),
            })
    }
}
