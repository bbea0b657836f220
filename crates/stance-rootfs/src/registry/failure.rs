//! What goes wrong with a registry, before it becomes a sentence.

use std::io;

use stance_model::{Reason, ReasonKind};

use crate::error::{ScanError, ScanErrorKind};

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// 401: other credentials are wanted.
    Unauthorized,
    /// 403: the credentials do not suffice.
    Forbidden,
    /// 404.
    NotFound,
    /// 429.
    Throttled,
    /// 5xx.
    Unavailable,
    /// No TLS connection could be made.
    Tls,
    /// No connection, or it broke.
    Network,
    /// No answer in time.
    Timeout,
    /// An answer that makes no sense, or is not what was asked for.
    BadAnswer,
    /// An answer that is longer than allowed.
    Limit,
    /// The user's own settings cannot be used.
    Options,
    /// The scan was cancelled.
    Cancelled,
}

/// A failure: its kind and what was seen, without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    pub(super) detail: String,
}

impl Failure {
    pub(super) fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(FailureKind::BadAnswer, detail)
    }

    /// Whether it may pass if one waits.
    pub(super) fn may_pass(&self) -> bool {
        use FailureKind::{Network, Throttled, Timeout, Unavailable};
        matches!(self.kind, Network | Throttled | Timeout | Unavailable)
    }

    /// Whether it lies in what was asked for, and not in the way there.
    pub(super) fn of_content(&self) -> bool {
        use FailureKind::{BadAnswer, Limit, NotFound};
        matches!(self.kind, NotFound | BadAnswer | Limit)
    }

    /// The failure of a request.
    pub(super) fn of(error: ureq::Error) -> Self {
        use ureq::Error;
        match error {
            Error::Timeout(what) => {
                Self::new(FailureKind::Timeout, format!("no answer in time ({what})"))
            }
            Error::Rustls(error) => Self::new(FailureKind::Tls, error.to_string()),
            Error::Tls(error) => Self::new(FailureKind::Tls, error),
            Error::Io(error) => Self::of_io(&error),
            Error::HostNotFound => Self::new(
                FailureKind::Network,
                "the name of the host cannot be resolved",
            ),
            Error::Protocol(_) | Error::LargeResponseHeader(..) => {
                Self::bad(format!("the answer is no HTTP: {error}"))
            }
            other => Self::new(FailureKind::Network, other.to_string()),
        }
    }

    /// The failure of reading or writing.
    pub(super) fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref();
        if let Some(tls) = inner.and_then(|e| e.downcast_ref::<rustls::Error>()) {
            return Self::new(FailureKind::Tls, tls.to_string());
        }
        match inner.and_then(|e| e.downcast_ref::<ureq::Error>()) {
            Some(ureq::Error::Timeout(what)) => {
                Self::new(FailureKind::Timeout, format!("no answer in time ({what})"))
            }
            Some(ureq::Error::Rustls(tls)) => Self::new(FailureKind::Tls, tls.to_string()),
            _ if error.kind() == io::ErrorKind::TimedOut => {
                Self::new(FailureKind::Timeout, error.to_string())
            }
            _ => Self::new(FailureKind::Network, error.to_string()),
        }
    }

    /// Of an answer that is not what was asked for; `code` is the registry's own error code.
    pub(super) fn of_status(status: u16, code: Option<&str>) -> Self {
        let kind = match status {
            401 => FailureKind::Unauthorized,
            403 => FailureKind::Forbidden,
            404 | 410 => FailureKind::NotFound,
            429 => FailureKind::Throttled,
            408 | 500.. => FailureKind::Unavailable,
            _ => FailureKind::BadAnswer,
        };
        let code = code.map(|code| format!(" {code}")).unwrap_or_default();
        Self::new(kind, format!("HTTP {status}{code}"))
    }

    /// As the reason why a layer could not be read.
    pub(super) fn reason(&self, host: &str, what: &str) -> Reason {
        let kind = match self.kind {
            FailureKind::Unauthorized => ReasonKind::CredentialInvalid,
            FailureKind::Forbidden => ReasonKind::NoPermission,
            FailureKind::NotFound => ReasonKind::NotFound,
            FailureKind::Throttled => ReasonKind::Throttled,
            FailureKind::Unavailable => ReasonKind::Unavailable,
            FailureKind::Tls | FailureKind::Network => ReasonKind::Network,
            FailureKind::Timeout => ReasonKind::Timeout,
            FailureKind::BadAnswer | FailureKind::Options => ReasonKind::BadResponse,
            FailureKind::Limit => ReasonKind::Budget,
            FailureKind::Cancelled => ReasonKind::NotCollected,
        };
        Reason::new(kind, format!("{what} from {host}: {}", self.detail))
    }

    /// As an error in the middle of a layer.
    pub(super) fn io(&self) -> io::Error {
        let kind = match self.kind {
            FailureKind::Unauthorized | FailureKind::Forbidden => io::ErrorKind::PermissionDenied,
            FailureKind::NotFound => io::ErrorKind::NotFound,
            FailureKind::Timeout => io::ErrorKind::TimedOut,
            FailureKind::BadAnswer => io::ErrorKind::InvalidData,
            FailureKind::Limit => io::ErrorKind::FileTooLarge,
            FailureKind::Cancelled => io::ErrorKind::Interrupted,
            _ => io::ErrorKind::ConnectionAborted,
        };
        // `Interrupted` would be tried again by whoever reads.
        let kind = if kind == io::ErrorKind::Interrupted {
            io::ErrorKind::Other
        } else {
            kind
        };
        io::Error::new(kind, self.detail.clone())
    }

    /// As the error of the whole scan: which host, what was tried, what to do.
    pub(super) fn scan_error(&self, at: &Tried<'_>) -> ScanError {
        let kind = match self.kind {
            FailureKind::Unauthorized | FailureKind::Forbidden => ScanErrorKind::Unauthorized,
            FailureKind::NotFound => ScanErrorKind::NotFound,
            FailureKind::Limit => ScanErrorKind::Limit,
            FailureKind::Options => ScanErrorKind::BadReference,
            FailureKind::Cancelled => ScanErrorKind::Cancelled,
            _ => ScanErrorKind::Network,
        };
        let (reference, host, detail) = (at.reference, at.host, &self.detail);
        let advice = self.advice(at);
        let message = format!("cannot read `{reference}` from {host}: {detail}{advice}");
        ScanError::new(kind, message)
    }

    fn advice(&self, at: &Tried<'_>) -> String {
        let (host, credentials) = (at.host, at.credentials);
        match self.kind {
            FailureKind::Unauthorized => format!(
                "; tried {credentials}; log in with `docker login {host}` or give other credentials, and see that the \
                 repository is there"
            ),
            FailureKind::Forbidden => format!(
                "; tried {credentials}; the account may not pull this repository: ask for the right to, or give other \
                 credentials"
            ),
            FailureKind::NotFound => {
                "; see that the repository and the tag are written as in the registry".into()
            }
            FailureKind::Throttled => format!(
                "; tried {credentials}, several times; wait, or log in for a higher limit"
            ),
            FailureKind::Unavailable => "; tried several times; try again later".into(),
            FailureKind::Tls => "; if its certificate is of an authority of your own, give that as the CA file; if it \
                                 speaks HTTP without TLS, allow plain HTTP"
                .into(),
            FailureKind::Network | FailureKind::Timeout => {
                "; see that the host and the port are right and can be reached from here".into()
            }
            FailureKind::BadAnswer | FailureKind::Limit | FailureKind::Options | FailureKind::Cancelled => {
                String::new()
            }
        }
    }
}

/// What was tried, for an error.
pub(super) struct Tried<'t> {
    /// The image.
    pub(super) reference: &'t str,
    /// The registry.
    pub(super) host: &'t str,
    /// Where the credentials came from, never the secret.
    pub(super) credentials: &'t str,
}
