//! Why something could not be read: the reason that every unknown carries.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Lang, Text};

/// The kind of a reason. The first group is what a provider's answer means (`reference` error table of collection);
/// the second is what the engine meets in facts that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The provider slowed us down for too long.
    Throttled,
    /// The provider's service was down.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// No connection.
    Network,
    /// An answer that is not what the API documents.
    BadResponse,
    /// Credentials ran out.
    CredentialExpired,
    /// Credentials are wrong.
    CredentialInvalid,
    /// The credentials may not read it.
    NoPermission,
    /// It was gone when read.
    NotFound,
    /// The product is not activated in the account.
    NotActivated,
    /// The region does not offer the product.
    NotOffered,
    /// Nothing looked at it.
    NotCollected,
    /// The input ended early.
    Truncated,
    /// A documented field was not in the answer.
    MissingFact,
    /// A value has another type than documented, or a form that cannot be read.
    TypeMismatch,
    /// The evaluation ran out of its budget.
    Budget,
    /// It lies outside the accounts that were read.
    OutOfScope,
}

impl ReasonKind {
    /// `StatusMessage` on the wire.
    #[must_use]
    pub fn wire(self) -> &'static str {
        match self {
            Self::Throttled => "THROTTLED",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::Network => "NETWORK",
            Self::BadResponse => "BAD_RESPONSE",
            Self::CredentialExpired => "CREDENTIAL_EXPIRED",
            Self::CredentialInvalid => "CREDENTIAL_INVALID",
            Self::NoPermission => "NO_PERMISSION",
            Self::NotFound => "NOT_FOUND",
            Self::NotActivated => "NOT_ACTIVATED",
            Self::NotOffered => "NOT_OFFERED",
            Self::NotCollected => "NOT_COLLECTED",
            Self::Truncated => "TRUNCATED",
            Self::MissingFact => "MISSING_FACT",
            Self::TypeMismatch => "TYPE_MISMATCH",
            Self::Budget => "BUDGET_EXCEEDED",
            Self::OutOfScope => "OUT_OF_SCOPE",
        }
    }

    /// The kind in words.
    #[must_use]
    pub fn show(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Throttled => ("被云服务商限流", "throttled by the provider"),
            Self::Unavailable => ("云服务暂不可用", "the provider's service was unavailable"),
            Self::Timeout => ("超时未应答", "no answer in time"),
            Self::Network => ("网络不通", "no connection"),
            Self::BadResponse => ("应答不符合文档", "the answer is not what the API documents"),
            Self::CredentialExpired => ("凭证已过期", "the credentials have expired"),
            Self::CredentialInvalid => ("凭证无效", "the credentials are invalid"),
            Self::NoPermission => ("没有读取权限", "no permission to read it"),
            Self::NotFound => ("读取时已不存在", "it was gone when read"),
            Self::NotActivated => ("产品未开通", "the product is not activated"),
            Self::NotOffered => (
                "该地域不提供此产品",
                "the region does not offer the product",
            ),
            Self::NotCollected => ("未采集", "it was not collected"),
            Self::Truncated => ("输入不完整", "the input ended early"),
            Self::MissingFact => ("应答中缺少该字段", "the field was not in the answer"),
            Self::TypeMismatch => (
                "值的类型或格式无法识别",
                "the value has an unexpected type or form",
            ),
            Self::Budget => ("超出计算预算", "the evaluation exceeded its budget"),
            Self::OutOfScope => (
                "不在已读取的账号范围内",
                "it lies outside the accounts that were read",
            ),
        };
        Text::pick(lang, zh, en)
    }
}

/// Why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// What kind of failure.
    pub kind: ReasonKind,
    /// The provider's error code, such as `Forbidden.RAM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The provider's request id, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What it is about: a path such as `facts.ssl`, or a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Reason {
    /// A reason of `kind` about `message`.
    #[must_use]
    pub fn new(kind: ReasonKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            request_id: None,
            message: Some(message.into()),
        }
    }

    /// The reason in words: kind, subject, code.
    #[must_use]
    pub fn show(&self, lang: Lang) -> String {
        let mut text = self.kind.show(lang).to_owned();
        if let Some(message) = &self.message {
            text.push_str(Text::pick(lang, "：", ": "));
            text.push_str(message);
        }
        if let Some(code) = &self.code {
            text.push_str(" (");
            text.push_str(code);
            text.push(')');
        }
        text
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.wire())?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        Ok(())
    }
}
