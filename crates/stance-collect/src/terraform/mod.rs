//! Terraform: HCL source, state files (version 4) and `terraform show -json` of plans and states, turned into the same
//! asset documents that live accounts give, so that the same checks judge both.
//!
//! Not here: what a fact means (`catalog/operations`).
//!
//! # What the documents say
//!
//! - The facts have the shape of the providers' APIs. Each mapping is one function in the module of its product; the
//!   table in `mappings` names them all.
//! - **What the file does not say is unknown, never guessed.** An attribute that is known only after apply, that is
//!   sensitive, or that the file lacks makes the call that would answer it `unknown` with the attribute's name. The
//!   same holds for calls that Terraform has no words for, such as the state of an agent.
//! - **A default stands in** for an attribute only where the provider documents it; the mapping says so beside it.
//! - **Parts in resources of their own** (rules, backup policies, access lists) are joined by id, in a plan by the
//!   references of their expressions. What is still to be created and has no such part will have none. Of what exists
//!   already, a part that the file lacks may have been set elsewhere, and is unknown. Parts that the file does have are
//!   taken as all there are: the verdict is on what Terraform manages, and says nothing of rules that somebody added
//!   by hand since the last refresh.
//!
//! # Coverage
//!
//! None. A file shows what Terraform manages, not what an account has. No coverage record means: results of the assets
//! in the file are kept, none of another asset is closed, and a check that looks for *any* related asset does not take
//! those in the file for all (one that looks for an asset by its id is satisfied when the file has it).
//!
//! # Where an asset is
//!
//! Account and region come from attributes (owner, ARN, subscription, zone, location). One provider configuration has
//! one credential and one region, so that what some of its resources name holds for the others. What nothing names is
//! account `terraform`, region `unknown`. The id is the real one; of what a plan creates, the resource's address.
//! `origin` has the file and the line on which the resource's object begins.
//!
//! # Bounds
//!
//! A file has at most 64 MiB and 100,000 resources, nests at most 100 levels and 32 levels of modules. Attributes that
//! no mapping reads, and with them passwords and keys, never leave the parser.

mod aliyun;
mod aws;
mod azure;
mod config;
mod detect;
mod draft;
mod error;
mod estate;
mod hcl;
mod hidden;
mod huawei;
mod links;
mod mappings;
mod output;
mod place;
mod plan;
mod resource;
mod source;
mod state;
mod tencent;

pub(crate) use detect::first_key;
pub use detect::is_terraform;
pub use error::TerraformError;
pub(crate) use hcl::is_project;
pub(crate) use output::records;

use estate::Estate;
use source::Source;
use stance_model::record::Record;

/// The most bytes of a file.
pub const MAX_BYTES: u64 = 64 << 20;

/// The most resources of a file.
const MAX_RESOURCES: usize = 100_000;

/// The deepest nesting of modules.
const MAX_DEPTH: usize = 32;

/// The deepest nesting of the JSON.
const MAX_NESTING: usize = 100;

/// Reads the file at `path` as [`read`] does, into the lines of a snapshot.
///
/// # Errors
/// [`TerraformError`] as of [`read`], or when the file cannot be read.
pub(crate) fn snapshot_of(path: &std::path::Path) -> Result<Vec<u8>, TerraformError> {
    let text = stance_model::bounded::read_text(path, MAX_BYTES).map_err(|error| {
        if error.kind() == std::io::ErrorKind::FileTooLarge {
            TerraformError::TooLarge { limit: MAX_BYTES }
        } else {
            TerraformError::Io(error)
        }
    })?;
    lines(read(&text, &path.display().to_string())?)
}

/// Reads the HCL in and below the folder at `path`, into the lines of a snapshot.
///
/// # Errors
/// [`TerraformError`] when a file cannot be read or is no HCL, or there is more than the limits allow.
pub(crate) fn snapshot_of_folder(path: &std::path::Path) -> Result<Vec<u8>, TerraformError> {
    lines(hcl::read(path)?)
}

fn lines(records: Vec<Record>) -> Result<Vec<u8>, TerraformError> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, &record)
            .map_err(|error| TerraformError::Io(error.into()))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// Reads the text of a state or a plan; `file` is its name for the origin of the assets. The records are those of a
/// whole snapshot: accounts, assets, the end.
///
/// # Errors
/// [`TerraformError`] when the text is not what Terraform writes, or is more than the limits allow.
pub fn read(text: &str, file: &str) -> Result<Vec<Record>, TerraformError> {
    if text.len() as u64 > MAX_BYTES {
        return Err(TerraformError::TooLarge { limit: MAX_BYTES });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if crate::snapshot::is_deeper(text.as_bytes(), MAX_NESTING) {
        return Err(TerraformError::TooMany {
            limit: MAX_NESTING,
            unit: "levels of nesting",
        });
    }
    let source = Source::new(text);
    let [shown, planned] = source.members(&source.root(), ["format_version", "planned_values"])?;
    let estate = match shown {
        Some(_) => plan::read(&source)?,
        None => state::read(&source)?,
    };
    let kind = if planned.is_some() {
        "tfplan"
    } else {
        "tfstate"
    };
    let drafts = estate
        .all()
        .iter()
        .filter_map(|resource| Some((mappings::asset(&estate, resource)?, resource)))
        .collect();
    let from = output::From {
        kind,
        file,
        account: place::ACCOUNT,
    };
    Ok(output::records(output::assets(drafts, &from)))
}
