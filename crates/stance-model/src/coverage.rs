//! Coverage: how completely one asset type of one account and region was read.

use serde::{Deserialize, Serialize};

use crate::ids::AssetType;
use crate::provider::Provider;
use crate::reason::{Reason, ReasonKind};

/// How completely something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageStatus {
    /// All of it.
    Ok,
    /// Some of it; `reason` says what went wrong.
    Partial,
    /// None of it; `reason` says what went wrong.
    Failed,
    /// The product is not activated in the account: there is nothing to read.
    NotActivated,
    /// The region does not offer the product: there is nothing to read.
    NotOffered,
}

impl CoverageStatus {
    /// The word in files and in the store.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::NotActivated => "not_activated",
            Self::NotOffered => "not_offered",
        }
    }

    /// Whether what is listed is all there is, so that something not listed is gone.
    #[must_use]
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Ok | Self::NotActivated | Self::NotOffered)
    }
}

/// How completely one (account, region, asset type) was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The provider.
    pub provider: Provider,
    /// The account.
    pub account: String,
    /// The region; `global` for what has none.
    pub region: String,
    /// The asset type.
    #[serde(rename = "type")]
    pub asset_type: AssetType,
    /// How completely it was read.
    pub status: CoverageStatus,
    /// Why not completely; absent when `status` is ok.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Coverage {
    /// The reason, or one made from the status, when it was not read completely.
    #[must_use]
    pub fn problem(&self) -> Option<Reason> {
        let kind = match self.status {
            CoverageStatus::Ok => return None,
            CoverageStatus::Partial | CoverageStatus::Failed => ReasonKind::NotCollected,
            CoverageStatus::NotActivated => ReasonKind::NotActivated,
            CoverageStatus::NotOffered => ReasonKind::NotOffered,
        };
        let about = format!("{} {} {}", self.account, self.region, self.asset_type);
        let mut reason = self
            .reason
            .clone()
            .unwrap_or_else(|| Reason::new(kind, about.clone()));
        if reason.message.is_none() {
            reason.message = Some(about);
        }
        Some(reason)
    }
}
