//! Why a call failed, from the words that each provider has for it.

use std::time::Duration;

use stance_model::{Reason, ReasonKind};

/// The code of an answer that is cut off or garbled, which the next one may not be.
pub(super) const NOT_PARSED: &str = "NotParsed";

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
        ) || self.code == NOT_PARSED
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
    ("ReadQuotaExceed", ReasonKind::Throttled),
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
    // A tenant that is not the subscription's, before the word that it begins with.
    (
        "InvalidAuthenticationTokenTenant",
        ReasonKind::CredentialInvalid,
    ),
    ("InvalidAuthenticationToken", ReasonKind::CredentialExpired),
    ("APIGW.0307", ReasonKind::CredentialExpired),
    // Products that are not there, before the words of keys that they resemble.
    ("NotActivated", ReasonKind::NotActivated),
    ("NotOpen", ReasonKind::NotActivated),
    ("ServiceNotOpen", ReasonKind::NotActivated),
    ("UserNotActivated", ReasonKind::NotActivated),
    ("USER_NOT_EXIST", ReasonKind::NotActivated),
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
    ("SignatureNotMatch", ReasonKind::CredentialInvalid),
    ("SecretIdNotFound", ReasonKind::CredentialInvalid),
    ("InvalidSecretId", ReasonKind::CredentialInvalid),
    ("APIGW.0301", ReasonKind::CredentialInvalid),
    // No permission.
    ("Forbidden", ReasonKind::NoPermission),
    ("NoPermission", ReasonKind::NoPermission),
    ("AccessDenied", ReasonKind::NoPermission),
    ("UnauthorizedOperation", ReasonKind::NoPermission),
    ("Unauthorized", ReasonKind::NoPermission),
    ("AuthorizationFailed", ReasonKind::NoPermission),
    ("Authorization_RequestDenied", ReasonKind::NoPermission),
    // After `AuthFailure.UnauthorizedOperation`. Regions that an account has not turned on answer it too, but they are
    // not among its regions.
    ("AuthFailure", ReasonKind::CredentialInvalid),
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
pub(super) fn kind(status: u16, code: &str) -> ReasonKind {
    let found = WORDS.iter().find(|(word, _)| code.contains(word));
    match (found, status) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_the_providers_document() {
        for (status, code, wanted) in [
            (400, "Throttling.User", ReasonKind::Throttled),
            (200, "RequestLimitExceeded", ReasonKind::Throttled),
            (429, "APIGW.0308", ReasonKind::Throttled),
            (403, "Forbidden.RAM", ReasonKind::NoPermission),
            (
                200,
                "AuthFailure.UnauthorizedOperation",
                ReasonKind::NoPermission,
            ),
            (401, "AuthFailure", ReasonKind::CredentialInvalid),
            (
                200,
                "AuthFailure.TokenFailure",
                ReasonKind::CredentialExpired,
            ),
            (
                400,
                "InvalidSecurityToken.Expired",
                ReasonKind::CredentialExpired,
            ),
            (
                400,
                "InvalidSecurityToken.Malformed",
                ReasonKind::CredentialInvalid,
            ),
            (
                401,
                "InvalidAuthenticationTokenTenant",
                ReasonKind::CredentialInvalid,
            ),
            (400, "SignatureDoesNotMatch", ReasonKind::CredentialInvalid),
            (404, "NoSuchBucket", ReasonKind::NotFound),
            (503, "HTTP 503", ReasonKind::Unavailable),
            (400, "InvalidParameter", ReasonKind::BadResponse),
        ] {
            assert_eq!(kind(status, code), wanted, "{code}");
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let failure = |kind, code| Failure::own(kind, code, "").is_passing();
        assert!(failure(ReasonKind::Throttled, "Throttling"));
        assert!(failure(ReasonKind::BadResponse, NOT_PARSED));
        assert!(!failure(ReasonKind::BadResponse, "InvalidParameter"));
        assert!(!failure(ReasonKind::NoPermission, "Forbidden.RAM"));
    }
}
