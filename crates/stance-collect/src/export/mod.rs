//! Exports of inventories: what Azure Resource Graph and Azure Resource Manager, AWS Config and Alibaba Cloud Config give
//! out as JSON, turned into the same asset documents that live accounts give, so that the same checks judge both.
//!
//! Not here: what a fact means (`catalog/operations`).
//!
//! # What the documents say
//!
//! - An export holds what a listing answers, and little of what is asked about each resource after it. **What it does
//!   not say is unknown**: a call that has no place in an export is not among the facts at all, and a member that the
//!   export lacks is one that the answer lacks.
//! - Names are those of the providers' APIs: Azure's documents are the same, AWS Config begins them with small letters,
//!   Alibaba Cloud Config writes them into a text, escaped once or twice.
//! - Of several states of one resource the newest counts; one that was deleted is gone.
//! - Members that no check reads, and with them passwords and keys, never leave the parser.
//!
//! # Coverage
//!
//! None, as with Terraform's files: nobody says that an export is all that an account has.
//!
//! # Bounds
//!
//! A file has at most 64 MiB, 100,000 resources of 4 MiB each, and nests at most 64 levels.

mod aliyun;
mod aws;
mod azure;
mod detect;
mod error;
mod found;
mod kept;
mod pieces;

use std::path::Path;

use serde_json::Value;
use stance_model::bounded;
use stance_model::record::Record;

pub(crate) use azure::location;
pub use detect::is_export;
pub use error::ExportError;

/// The most bytes of a file.
pub const MAX_BYTES: u64 = 64 << 20;

/// The most resources of a file.
const MAX_RESOURCES: usize = 100_000;

/// The most bytes of one resource.
const MAX_RESOURCE: usize = 4 << 20;

/// The deepest nesting of the JSON.
const MAX_NESTING: usize = 64;

/// Reads the file at `path` as [`read`] does, into the lines of a snapshot.
///
/// # Errors
/// [`ExportError`] as of [`read`], or when the file cannot be read.
pub(crate) fn snapshot_of(path: &Path) -> Result<Vec<u8>, ExportError> {
    let text = bounded::read_text(path, MAX_BYTES).map_err(|error| {
        if error.kind() == std::io::ErrorKind::FileTooLarge {
            ExportError::TooLarge { limit: MAX_BYTES }
        } else {
            ExportError::Io(error)
        }
    })?;
    let mut lines = Vec::new();
    for record in read(&text, &path.display().to_string())? {
        serde_json::to_writer(&mut lines, &record)
            .map_err(|error| ExportError::Io(error.into()))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// Reads the text of an export; `file` is its name for the origin of the assets. The records are those of a whole
/// snapshot: accounts, assets, the end.
///
/// # Errors
/// [`ExportError`] when the text is no export, or is more than the limits allow.
pub fn read(text: &str, file: &str) -> Result<Vec<Record>, ExportError> {
    if text.len() as u64 > MAX_BYTES {
        return Err(ExportError::TooLarge { limit: MAX_BYTES });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if crate::snapshot::is_deeper(text.as_bytes(), MAX_NESTING) {
        return Err(ExportError::TooMany {
            limit: MAX_NESTING,
            unit: "levels of nesting",
        });
    }
    let mut all = found::All::default();
    for element in pieces::elements(text)? {
        let value = element.value()?;
        if let Some(found) = resource(value) {
            all.add(found, element.line);
        }
    }
    Ok(crate::terraform::records(all.assets(file)))
}

/// The asset that an element stands for; none where no check judges its type.
fn resource(value: Value) -> Option<found::Found> {
    let kind = ["resourceType", "ResourceType"];
    let kind = kind.iter().find_map(|name| value.get(*name)?.as_str());
    match kind {
        Some(kind) if kind.starts_with("AWS::") => aws::found(value),
        Some(kind) if kind.starts_with("ACS::") => aliyun::found(value),
        _ => azure::found(value),
    }
}
