//! Why an export cannot be taken in.

/// Why a file that looks like an export cannot be taken in. Nothing of it is used then.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It cannot be read, or is no UTF-8 text.
    #[error("{0}")]
    Io(#[source] std::io::Error),
    /// It is larger than we read.
    #[error("it has more than {limit} bytes, which is the limit for an export")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It asks for more than the limits allow.
    #[error("it has more than {limit} {unit}, which is the limit for an export")]
    TooMany {
        /// The limit.
        limit: usize,
        /// What there are too many of.
        unit: &'static str,
    },
    /// It is no JSON, or a part has another shape than exports have.
    #[error("line {line}: not what an export holds: {why}")]
    Broken {
        /// Where, from 1.
        line: u32,
        /// What is wrong. Never text of the file, which may be secret.
        why: &'static str,
    },
}
