//! Why a report could not be written.

use std::io;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Who reads the report has seen enough, as `head` does. Not an error to report.
    #[error("the reader of the report has closed it")]
    BrokenPipe,
    /// Writing failed.
    #[error("cannot write the report: {0}")]
    Write(#[source] io::Error),
}

impl From<io::Error> for ReportError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Write(error),
        }
    }
}

impl From<serde_json::Error> for ReportError {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

impl From<csv::Error> for ReportError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Self::Write(io::Error::other(format!("{other:?}"))),
        }
    }
}
