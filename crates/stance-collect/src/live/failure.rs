//! Why a call failed, from the words that each provider has for it.

use std::time::Duration;

use stance_model::operation::Style;
use stance_model::{Reason, ReasonKind};

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it means.
    pub kind: ReasonKind,
    /// The provider's code.
    pub code: String,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// The provider's words, or ours.
    pub message: String,
    /// When the provider wants to be asked again.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure that no provider told us of.
    pub fn own(kind: ReasonKind, code: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.to_owned(),
            request_id: None,
            message: message.into(),
            retry_after: None,
        }
    }

    /// Whether the same call may succeed later.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            ReasonKind::Throttled
                | ReasonKind::Unavailable
                | ReasonKind::Timeout
                | ReasonKind::Network
                | ReasonKind::BadResponse
        )
    }

    /// The reason that a coverage record or an unknown fact carries.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let short: String = self.message.chars().take(300).collect();
        let mut reason = Reason::new(self.kind, short);
        reason.code = Some(self.code.clone()).filter(|code| !code.is_empty());
        reason.request_id.clone_from(&self.request_id);
        reason
    }

    /// Whether the code is one of these; `*` at the end stands for any rest.
    pub(crate) fn is_one_of(&self, codes: &[String]) -> bool {
        codes.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => self.code.starts_with(start),
            None => self.code == *wanted,
        })
    }
}

/// Parts of codes and what they mean, the first that is found decides. Written as each provider's documents list them.
const WORDS: &[(&str, ReasonKind)] = &[
    // Alibaba Cloud, AWS, Tencent Cloud, Huawei Cloud: throttling.
    ("Throttling", ReasonKind::Throttled),
    ("ThrottlingException", ReasonKind::Throttled),
    ("RequestLimitExceeded", ReasonKind::Throttled),
    ("TooManyRequests", ReasonKind::Throttled),
    ("SlowDown", ReasonKind::Throttled),
    ("QpsLimitExceeded", ReasonKind::Throttled),
    ("FlowLimit", ReasonKind::Throttled),
    ("APIGW.0308", ReasonKind::Throttled),
    ("BandwidthLimitExceeded", ReasonKind::Throttled),
    // Keys that ran out.
    ("SecurityTokenExpired", ReasonKind::CredentialExpired),
    (
        "InvalidSecurityToken.Expired",
        ReasonKind::CredentialExpired,
    ),
    ("ExpiredToken", ReasonKind::CredentialExpired),
    ("RequestExpired", ReasonKind::CredentialExpired),
    ("TokenFailure", ReasonKind::CredentialExpired),
    ("ExpiredAuthenticationToken", ReasonKind::CredentialExpired),
    ("InvalidAuthenticationToken", ReasonKind::CredentialExpired),
    ("APIGW.0307", ReasonKind::CredentialExpired),
    // Products that are not there, before the words of keys that they resemble.
    ("NotActivated", ReasonKind::NotActivated),
    ("NotOpen", ReasonKind::NotActivated),
    ("ServiceNotOpen", ReasonKind::NotActivated),
    ("UserNotActivated", ReasonKind::NotActivated),
    ("UnOpened", ReasonKind::NotActivated),
    ("OptInRequired", ReasonKind::NotActivated),
    ("SubscriptionNotRegistered", ReasonKind::NotActivated),
    ("MissingSubscriptionRegistration", ReasonKind::NotActivated),
    ("UserDisable", ReasonKind::NotActivated),
    ("RegionNotSupport", ReasonKind::NotOffered),
    ("UnsupportedRegion", ReasonKind::NotOffered),
    ("InvalidRegionId", ReasonKind::NotOffered),
    ("InvalidRegion", ReasonKind::NotOffered),
    // Wrong keys.
    ("InvalidAccessKeyId", ReasonKind::CredentialInvalid),
    ("SignatureDoesNotMatch", ReasonKind::CredentialInvalid),
    ("IncompleteSignature", ReasonKind::CredentialInvalid),
    ("InvalidSecurityToken", ReasonKind::CredentialInvalid),
    ("InvalidClientTokenId", ReasonKind::CredentialInvalid),
    ("UnrecognizedClient", ReasonKind::CredentialInvalid),
    ("SignatureFailure", ReasonKind::CredentialInvalid),
    ("SecretIdNotFound", ReasonKind::CredentialInvalid),
    ("APIGW.0301", ReasonKind::CredentialInvalid),
    (
        "InvalidAuthenticationTokenTenant",
        ReasonKind::CredentialInvalid,
    ),
    // No permission.
    ("Forbidden", ReasonKind::NoPermission),
    ("NoPermission", ReasonKind::NoPermission),
    ("AccessDenied", ReasonKind::NoPermission),
    ("UnauthorizedOperation", ReasonKind::NoPermission),
    ("Unauthorized", ReasonKind::NoPermission),
    ("AuthorizationFailed", ReasonKind::NoPermission),
    ("Authorization_RequestDenied", ReasonKind::NoPermission),
    ("AuthFailure", ReasonKind::NoPermission),
    ("PolicyNotAuthorized", ReasonKind::NoPermission),
    ("APIGW.0302", ReasonKind::NoPermission),
    // Not there.
    ("NotFound", ReasonKind::NotFound),
    ("NotExist", ReasonKind::NotFound),
    ("NoSuch", ReasonKind::NotFound),
    ("DoesNotExist", ReasonKind::NotFound),
    // The service is down.
    ("ServiceUnavailable", ReasonKind::Unavailable),
    ("InternalError", ReasonKind::Unavailable),
    ("InternalFailure", ReasonKind::Unavailable),
    ("ServerBusy", ReasonKind::Unavailable),
    ("ServiceBusy", ReasonKind::Unavailable),
    ("SystemError", ReasonKind::Unavailable),
];

/// What a code and a status mean together.
pub(super) fn kind(style: Style, status: u16, code: &str) -> ReasonKind {
    let found = WORDS.iter().find(|(word, _)| code.contains(word));
    match (found, status) {
        // AWS says so in regions that the account has not turned on, too.
        (Some((_, ReasonKind::NoPermission)), _) if is_region_off(style, code) => {
            ReasonKind::NotOffered
        }
        (Some((_, kind)), _) => *kind,
        (None, 429) => ReasonKind::Throttled,
        (None, 401) => ReasonKind::CredentialInvalid,
        (None, 403) => ReasonKind::NoPermission,
        (None, 404) => ReasonKind::NotFound,
        (None, 408) => ReasonKind::Timeout,
        (None, 500..) => ReasonKind::Unavailable,
        (None, _) => ReasonKind::BadResponse,
    }
}

fn is_region_off(style: Style, code: &str) -> bool {
    let aws = matches!(style, Style::AwsEc2 | Style::AwsQuery | Style::AwsJson);
    aws && code == "AuthFailure"
}
