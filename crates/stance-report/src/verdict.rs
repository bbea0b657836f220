//! What a result comes to, as reports group it.

use stance_model::view::{ResultReason, ResultView};
use stance_model::{CheckStatus, Lang, Text};

/// What a result comes to. Ordered as reports show them: what asks for action first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// It fails and no exception covers it.
    Fail,
    /// It could not be decided.
    Unknown,
    /// It fails and an exception covers it.
    Excepted,
    /// The check says nothing about the asset.
    NotApplicable,
    /// It passes.
    Pass,
}

impl Verdict {
    /// All, in order.
    pub(crate) const ALL: [Self; 5] = [
        Self::Fail,
        Self::Unknown,
        Self::Excepted,
        Self::NotApplicable,
        Self::Pass,
    ];

    /// The verdict of a result. Whatever is neither decided nor said not to apply is unknown.
    pub(crate) fn of(result: &ResultView) -> Self {
        match (result.status, &result.reason) {
            (CheckStatus::Pass, _) => Self::Pass,
            (CheckStatus::NotPass, _) => Self::Fail,
            (CheckStatus::Whitelist, _) => Self::Excepted,
            (CheckStatus::NotCheck, Some(ResultReason::NotApplicable(_))) => Self::NotApplicable,
            (CheckStatus::NotCheck | CheckStatus::Failed | CheckStatus::Checking, _) => {
                Self::Unknown
            }
        }
    }

    /// Whether it is something to look at.
    pub(crate) fn is_finding(self) -> bool {
        matches!(self, Self::Fail | Self::Unknown | Self::Excepted)
    }

    /// A short word for programs.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Excepted => "excepted",
            Self::NotApplicable => "not_applicable",
            Self::Pass => "pass",
        }
    }

    /// The word that people read.
    pub(crate) fn show(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Fail => ("未通过", "failed"),
            Self::Unknown => ("未能检查", "not checked"),
            Self::Excepted => ("已加白", "excepted"),
            Self::NotApplicable => ("不适用", "not applicable"),
            Self::Pass => ("通过", "passed"),
        };
        Text::pick(lang, zh, en)
    }
}
