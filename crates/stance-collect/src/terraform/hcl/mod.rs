//! HCL: folders of `.tf` files, read without running Terraform.
//!
//! What is resolved: literals, templates, operators, conditions, `for`, the common pure functions; variables with
//! defaults and with values in `terraform.tfvars` and `*.auto.tfvars`; locals; `count` and `for_each` over values that
//! are known; `dynamic` blocks; modules in folders below the one that is scanned; attributes that another resource
//! states literally. Everything else (data sources, ids, variables without a value, functions that read files or the
//! clock, modules of a registry) is unknown, never guessed, and so is a resource of which it cannot be told how often
//! it is created.
//!
//! An attribute that the source leaves out has the default that the provider documents ([`defaults`]); where it
//! documents none, it is unknown.

mod attribute;
mod call;
mod defaults;
mod eval;
mod expand;
mod function;
mod module;
mod path;
mod refer;
mod roots;
mod scope;
mod template;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use roots::is_project;

use std::path::Path;

use stance_model::Asset;
use stance_model::record::Record;

use super::error::TerraformError;
use super::{Estate, mappings, output, place};

/// The most bytes of one file.
const MAX_FILE: u64 = 512 << 10;

/// The most files of one module's folder.
const MAX_FILES: usize = 1_000;

/// How deep the brackets of a file may nest.
const MAX_BRACKETS: usize = 100;

/// How many steps evaluating one root module may take.
const MAX_STEPS: u64 = 5_000_000;

/// How deep expressions may nest, references followed.
const MAX_EXPRESSION: usize = 200;

/// How many bytes a value may have, and how many elements.
const MAX_VALUE: usize = 1 << 20;

/// Bytes of stack for the thread that parses: the parser's own recursion is bounded by the size of the file only. The
/// system gives the memory when it is used.
const STACK: usize = 512 << 20;

/// Reads the root modules in and below the folder; modules are read from folders below it only.
///
/// # Errors
/// [`TerraformError`] when a file cannot be read or is no HCL, or there is more than the limits allow.
pub(super) fn read(within: &Path) -> Result<Vec<Record>, TerraformError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let work = thread
            .spawn_scoped(scope, || read_here(within))
            .map_err(TerraformError::Io)?;
        let crashed = |_| TerraformError::Io(std::io::Error::other("the reader ended early"));
        work.join().map_err(crashed)?
    })
}

fn read_here(within: &Path) -> Result<Vec<Record>, TerraformError> {
    let mut assets = Vec::new();
    for folder in roots::roots(within)? {
        assets.extend(root(&folder, within)?);
    }
    Ok(output::records(assets))
}

/// The assets of one root module. It has a state of its own, so that what it makes is kept apart from that of others.
fn root(folder: &Path, within: &Path) -> Result<Vec<Asset>, TerraformError> {
    let estate = Estate::new(expand::resources(folder, within)?);
    let drafts = estate
        .all()
        .iter()
        .filter_map(|resource| Some((mappings::asset(&estate, resource)?, resource)))
        .collect();
    let below = folder.strip_prefix(within).unwrap_or(folder);
    let account = match below.to_string_lossy() {
        whole if whole.is_empty() => place::ACCOUNT.to_owned(),
        part => format!("{}/{part}", place::ACCOUNT),
    };
    let from = output::From {
        kind: "hcl",
        file: &folder.display().to_string(),
        account: &account,
    };
    Ok(output::assets(drafts, &from))
}
