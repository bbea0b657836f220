//! Why a Terraform file cannot be taken in.

/// Why a file that looks like Terraform's cannot be taken in. Nothing of it is used then.
#[derive(Debug, thiserror::Error)]
pub enum TerraformError {
    /// It cannot be read, or is no UTF-8 text.
    #[error("{0}")]
    Io(#[source] std::io::Error),
    /// It is larger than we read.
    #[error("it has more than {limit} bytes, which is the limit for a Terraform file")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It asks for more than the limits allow.
    #[error("it has more than {limit} {unit}, which is the limit for a Terraform file")]
    TooMany {
        /// The limit.
        limit: usize,
        /// What there are too many of.
        unit: &'static str,
    },
    /// It is no JSON, or a part has another shape than Terraform writes.
    #[error("line {line}: not what Terraform writes: {why}")]
    Broken {
        /// Where, from 1.
        line: u32,
        /// What is wrong. Never text of the file, which may be secret.
        why: String,
    },
    /// It is no HCL.
    #[error("`{file}` line {line}: no HCL: {why}")]
    Hcl {
        /// The file.
        file: String,
        /// Where, from 1.
        line: u32,
        /// What the parser says.
        why: String,
    },
    /// A version of the format that we do not read.
    #[error("{format} {given} is not known; {help}")]
    Version {
        /// Which format: `state format` or `plan format`.
        format: &'static str,
        /// The version that the file names.
        given: String,
        /// What to do.
        help: &'static str,
    },
}
