//! Why nothing can be said of an image.

use stance_model::ReasonKind;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanErrorKind {
    /// No such file, image, tag, platform or container.
    NotFound,
    /// What was named cannot be understood as a reference.
    BadReference,
    /// It is there, and it is no image: an artifact, another kind of archive, a broken manifest.
    NotAnImage,
    /// It is an image in a form that is not read.
    Unsupported,
    /// The registry wants other credentials.
    Unauthorized,
    /// The file system refuses to let it be read.
    NoPermission,
    /// No connection, no answer in time, or one that makes no sense.
    Network,
    /// It is larger than the limits allow.
    Limit,
    /// The scan was cancelled.
    Cancelled,
}

/// Nothing can be said of an image. A layer that cannot be read is no such error: it makes the result partial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScanError {
    /// What kind of failure.
    pub kind: ScanErrorKind,
    /// What went wrong, where, and what to do.
    pub message: String,
}

impl ScanError {
    /// An error of `kind`; `message` says what went wrong, where, and what to do.
    pub fn new(kind: ScanErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The error of a file system operation on `path`.
    #[must_use]
    pub fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ScanErrorKind::NotFound,
            ErrorKind::PermissionDenied => ScanErrorKind::NoPermission,
            ErrorKind::FileTooLarge => ScanErrorKind::Limit,
            _ => ScanErrorKind::NotAnImage,
        };
        Self::new(kind, format!("cannot read `{}`: {error}", path.display()))
    }

    /// The kind of reason that a coverage record carries for it.
    #[must_use]
    pub fn reason(&self) -> ReasonKind {
        match self.kind {
            ScanErrorKind::NotFound => ReasonKind::NotFound,
            ScanErrorKind::Unauthorized => ReasonKind::CredentialInvalid,
            ScanErrorKind::NoPermission => ReasonKind::NoPermission,
            ScanErrorKind::Network => ReasonKind::Network,
            ScanErrorKind::Limit => ReasonKind::Budget,
            ScanErrorKind::Cancelled => ReasonKind::NotCollected,
            ScanErrorKind::BadReference
            | ScanErrorKind::NotAnImage
            | ScanErrorKind::Unsupported => ReasonKind::BadResponse,
        }
    }
}
