//! What the engine says of one check for one asset.

use crate::reason::Reason;
use crate::status::ResultStatus;
use crate::text::Text;

/// The verdict of a check for an asset. Missing data is never `Pass` and never `Fail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The predicate holds.
    Pass,
    /// The predicate does not hold.
    Fail,
    /// The check says nothing about this asset, and why.
    NotApplicable(Text),
    /// Something the predicate needs could not be read, and why.
    Unknown(Reason),
}

impl Outcome {
    /// The outcome without its reason.
    #[must_use]
    pub fn status(&self) -> ResultStatus {
        match self {
            Self::Pass => ResultStatus::Pass,
            Self::Fail => ResultStatus::Fail,
            Self::NotApplicable(_) => ResultStatus::NotApplicable,
            Self::Unknown(_) => ResultStatus::Unknown,
        }
    }
}
