//! Risk levels.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;

/// How bad a failure is. Ordered: `Low < Medium < High`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// LOW.
    Low,
    /// MEDIUM.
    Medium,
    /// HIGH.
    High,
}

impl RiskLevel {
    /// `HIGH`, `MEDIUM`, `LOW`, as `ListCheckResult` spells it.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }

    /// `high`, `medium`, `low`, as our files and `DescribeRiskCheckResult` spell it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for RiskLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for RiskLevel {
    type Err = IdError;
    /// Reads either spelling, `high` or `HIGH`.
    fn from_str(text: &str) -> Result<Self, IdError> {
        [Self::Low, Self::Medium, Self::High]
            .into_iter()
            .find(|l| l.key() == text || l.wire() == text)
            .ok_or_else(|| IdError {
                what: "risk level",
                given: text.to_owned(),
            })
    }
}
