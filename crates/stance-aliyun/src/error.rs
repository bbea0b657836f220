//! The errors of the API: code, HTTP status and message, as the vendor documents them.

use std::borrow::Cow;

use axum::http::StatusCode;
use stance_service::ServiceError;

/// What a caller is told when a request fails. The display text is the `Message`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// V1 mismatch. The classic Python SDK splits the message at its first `:` and, when the rest equals its own
    /// string to sign, reports that the secret is wrong; without a `:` it dies.
    #[error(
        "Specified signature is not matched with our calculation. server string to sign is:{0}"
    )]
    SignatureV1(String),
    /// V3 mismatch.
    #[error(
        "Specified signature does not match our calculation. server StringToSign is [{string_to_sign}] server \
         CanonicalRequest is [{canonical}]"
    )]
    SignatureV3 {
        /// What was signed here.
        string_to_sign: String,
        /// What its hash was made of.
        canonical: String,
    },
    /// A malformed `Authorization` header or a header that had to be signed and was not.
    #[error("The request signature does not conform to Aliyun standards. {0}")]
    IncompleteSignature(String),
    /// A signature method that is not served.
    #[error("Specified signature method is not valid. {0}")]
    InvalidSignatureMethod(String),
    /// An unknown access key.
    #[error("Specified access key is not found.")]
    KeyNotFound,
    /// A disabled access key.
    #[error("Specified access key is disabled.")]
    KeyInactive,
    /// A temporary key without its token.
    #[error("SecurityToken is mandatory for this action.")]
    MissingSecurityToken,
    /// A token that cannot be used: `Expired`, `Malformed` or `MismatchWithAccessKey`.
    #[error("Specified SecurityToken is {}.", .0.words())]
    InvalidSecurityToken(TokenFault),
    /// More than 15 minutes off.
    #[error("Specified time stamp or date value is expired.")]
    TimeExpired,
    /// A time that is not `YYYY-MM-DDThh:mm:ssZ`.
    #[error("Specified time stamp or date value is not well formatted.")]
    TimeFormat,
    /// A replay.
    #[error("Specified signature nonce was used already.")]
    NonceUsed,
    /// A required parameter is missing.
    #[error("{0} is mandatory for this action.")]
    Missing(&'static str),
    /// A parameter of the gateway has a bad value.
    #[error("Specified parameter {name} is not valid.{why}")]
    Invalid {
        /// The parameter.
        name: &'static str,
        /// More about it, with a leading space; may be empty.
        why: &'static str,
    },
    /// The parameters as a whole cannot be read.
    #[error("Specified parameter is not valid: {0}.")]
    InvalidParameter(String),
    /// A parameter of the operation has a bad value.
    #[error("Illegal param: {0}")]
    IllegalParam(String),
    /// The request is larger than what is read.
    #[error("The request is too large: {0}.")]
    TooLarge(String),
    /// The body did not arrive in time, or not whole.
    #[error("The request body could not be read.")]
    UnreadableBody,
    /// Neither GET nor POST.
    #[error("This http method is not supported.")]
    Method,
    /// An operation that is not served.
    #[error("Specified api is not found, please check your url and method.")]
    ActionNotFound,
    /// Another version of the API.
    #[error("Specified parameter Version is not valid.")]
    InvalidVersion,
    /// The key's policy does not allow it.
    #[error("caller has no permission")]
    NoPermission,
    /// An account of a resource directory that is not the caller's.
    #[error("Resource directory account verification has no permission.")]
    ForeignAccount,
    /// Too many requests of one key at a time.
    #[error("Request was denied due to user flow control.")]
    Throttled,
    /// No answer within the time of a request.
    #[error("The request has failed due to a temporary failure of the server.")]
    Unavailable,
    /// A failure of ours; the log says which.
    #[error("ServerError")]
    Server,
}

/// What is wrong with a security token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// Its time is over.
    Expired,
    /// It is no token at all.
    Malformed,
    /// It belongs to another key, or the key takes none.
    Mismatch,
}

impl TokenFault {
    fn words(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatched with the AccessKeyId",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Expired => "InvalidSecurityToken.Expired",
            Self::Malformed => "InvalidSecurityToken.Malformed",
            Self::Mismatch => "InvalidSecurityToken.MismatchWithAccessKey",
        }
    }
}

impl ApiError {
    /// `Code` of the error body.
    pub(crate) fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Missing(name) => return Cow::Owned(format!("Missing{name}")),
            Self::Invalid { name, .. } => return Cow::Owned(format!("Invalid{name}")),
            Self::InvalidSecurityToken(fault) => fault.code(),
            Self::SignatureV1(_) | Self::SignatureV3 { .. } => "SignatureDoesNotMatch",
            Self::IncompleteSignature(_) => "IncompleteSignature",
            Self::InvalidSignatureMethod(_) => "InvalidSignatureMethod",
            Self::KeyNotFound => "InvalidAccessKeyId.NotFound",
            Self::KeyInactive => "InvalidAccessKeyId.Inactive",
            Self::MissingSecurityToken => "MissingSecurityToken",
            Self::TimeExpired => "InvalidTimeStamp.Expired",
            Self::TimeFormat => "InvalidTimeStamp.Format",
            Self::NonceUsed => "SignatureNonceUsed",
            Self::InvalidParameter(_) => "InvalidParameter",
            Self::IllegalParam(_) => "IllegalParam",
            Self::TooLarge(_) => "RequestTooLarge",
            Self::UnreadableBody => "InvalidRequestBody",
            Self::Method => "UnsupportedHTTPMethod",
            Self::ActionNotFound => "InvalidAction.NotFound",
            Self::InvalidVersion => "InvalidVersion",
            Self::NoPermission => "NoPermission",
            Self::ForeignAccount => "RdCheckNoPermission",
            Self::Throttled => "Throttling.User",
            Self::Unavailable => "ServiceUnavailable",
            Self::Server => "ServerError",
        })
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::KeyNotFound | Self::ActionNotFound | Self::InvalidVersion => {
                StatusCode::NOT_FOUND
            }
            Self::NoPermission => StatusCode::FORBIDDEN,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl ApiError {
    /// The answer to a failure of ours. It is logged here, where it is turned into one that does not say what it was.
    pub(crate) fn ours(error: &ServiceError) -> Self {
        tracing::error!(%error, "the service failed: {error}");
        match error {
            ServiceError::Store(store) if store.is_transient() => Self::Unavailable,
            _ => Self::Server,
        }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NoPermission { .. } => Self::NoPermission,
            ServiceError::ForeignAccount { .. } => Self::ForeignAccount,
            ServiceError::UnknownCheck { given } => {
                Self::IllegalParam(format!("there is no check `{given}`"))
            }
            ServiceError::Invalid { what, why } => Self::IllegalParam(format!("{what}: {why}")),
            other => Self::ours(&other),
        }
    }
}
