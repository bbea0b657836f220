//! Statuses: of one check result, and of a check over all its results.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::IdError;

/// What is kept for one (check, asset): the engine's outcome without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultStatus {
    /// The predicate holds.
    Pass,
    /// The predicate does not hold.
    Fail,
    /// The check says nothing about this asset.
    NotApplicable,
    /// Something the predicate needs could not be read.
    Unknown,
}

impl ResultStatus {
    /// All, in the order of their codes.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::NotApplicable, Self::Unknown];

    /// The stable number that the store keeps.
    #[must_use]
    pub fn code(self) -> i32 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::NotApplicable => 2,
            Self::Unknown => 3,
        }
    }

    /// The status of a stored number.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// What the API shows for it. `excepted` says that an exception covers the pair; it changes failures only,
    /// so that a whitelisted asset that passes is still seen to pass.
    #[must_use]
    pub fn shown(self, excepted: bool) -> CheckStatus {
        match self {
            Self::Pass => CheckStatus::Pass,
            Self::Fail if excepted => CheckStatus::Whitelist,
            Self::Fail => CheckStatus::NotPass,
            Self::NotApplicable | Self::Unknown => CheckStatus::NotCheck,
        }
    }
}

/// `Status` on the wire. Ordered as the sort by STATUS and the precedence of a check's own status order it:
/// CHECKING, NOT_PASS, FAILED, WHITELIST, PASS, NOT_CHECK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckStatus {
    /// A task that will touch it is running.
    Checking,
    /// A result fails and no exception covers it.
    NotPass,
    /// Something it needs could not be read.
    Failed,
    /// The check is excepted, or every failing result is.
    Whitelist,
    /// Checked, nothing wrong.
    Pass,
    /// Not checked.
    NotCheck,
}

impl CheckStatus {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Checking,
        Self::NotPass,
        Self::Failed,
        Self::Whitelist,
        Self::Pass,
        Self::NotCheck,
    ];

    /// The word on the wire.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::Checking => "CHECKING",
            Self::NotPass => "NOT_PASS",
            Self::Failed => "FAILED",
            Self::Whitelist => "WHITELIST",
            Self::Pass => "PASS",
            Self::NotCheck => "NOT_CHECK",
        }
    }
}

impl fmt::Display for CheckStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wire())
    }
}

impl FromStr for CheckStatus {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .into_iter()
            .find(|s| s.wire() == text)
            .ok_or_else(|| IdError {
                what: "status",
                given: text.to_owned(),
            })
    }
}
