//! Readers: files of the tree → facts, once per image. One file each, and one line in [`READERS`].

mod accounts;
mod example;
mod services;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stance_model::Reason;

pub use example::{ExampleFile, facts_of_files};

use crate::password::PasswordOptions;
use crate::root::Root;

/// What a reader found.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The facts.
    Present(Value),
    /// What it reads is not installed, or there is none: `null` in the document.
    Absent,
    /// It could not be read.
    Unknown(Reason),
}

/// What readers need besides the tree.
#[derive(Debug, Clone, Copy)]
pub struct ReadContext<'c> {
    /// How passwords are guessed.
    pub passwords: &'c PasswordOptions,
    /// The image's configuration document, as OCI and Docker have it; none for a folder.
    pub config: Option<&'c Value>,
    /// Why the document could not be read, where there is one all the same.
    pub config_unread: Option<&'c Reason>,
}

/// A reader of one kind of file.
pub struct FactReader {
    /// The name under `facts`; `catalog/readers/<name>.yaml` declares its fields.
    pub name: &'static str,
    /// The files whose content it needs, as shell patterns without a leading slash; `**` stands for any folders.
    pub wants: &'static [&'static str],
    /// Reads.
    pub read: fn(&Root, &ReadContext<'_>) -> Fact,
}

/// The paths that readers ask for without their content, as patterns like [`FactReader::wants`]: the tree keeps their
/// entries, so that their modes and owners can be judged and caches be seen.
pub const SEES: &[&[&str]] = accounts::SEES;

/// All readers.
pub const READERS: &[&[FactReader]] = &[accounts::READERS, services::READERS];

/// The paths of which readers need the entry besides, now that they can read: another pass over the layers keeps them.
/// Nothing where the tree was not read completely.
pub(crate) fn asks(root: &Root) -> Vec<String> {
    match root.incomplete() {
        Some(_) => Vec::new(),
        None => accounts::asks(root),
    }
}

/// What all readers find: the facts by name, and what could not be read. Of a tree that was not read completely nothing
/// is said: what was not read may replace or delete any file.
#[must_use]
pub fn read_all(
    root: &Root,
    context: &ReadContext<'_>,
) -> (Map<String, Value>, BTreeMap<String, Reason>) {
    let (mut facts, mut unknown) = (Map::new(), BTreeMap::new());
    if let Some(reason) = root.incomplete() {
        let names = READERS.iter().copied().flatten().map(|reader| reader.name);
        unknown.extend(names.map(|name| (name.to_owned(), reason.clone())));
        return (facts, unknown);
    }
    for reader in READERS.iter().copied().flatten() {
        match (reader.read)(root, context) {
            Fact::Present(value) => drop(facts.insert(reader.name.to_owned(), value)),
            Fact::Absent => drop(facts.insert(reader.name.to_owned(), Value::Null)),
            Fact::Unknown(reason) => drop(unknown.insert(reader.name.to_owned(), reason)),
        }
    }
    (facts, unknown)
}
