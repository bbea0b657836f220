//! Names and numbers that may be given once.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::read::StandardFile;
use crate::yaml::Span;

/// What has been given so far, and by which file.
#[derive(Debug)]
pub(crate) struct Unique<K> {
    what: &'static str,
    taken: BTreeMap<K, String>,
}

impl<K: Ord + Display> Unique<K> {
    /// None given yet; `what` they are.
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            taken: BTreeMap::new(),
        }
    }

    /// Gives one that is known to be free.
    pub(crate) fn take(&mut self, key: K, path: &str) {
        self.taken.insert(key, path.to_owned());
    }

    /// Gives one.
    ///
    /// # Errors
    /// Who has it already, in words.
    pub(crate) fn claim(&mut self, key: K, path: &str) -> Result<(), String> {
        match self.taken.get(&key) {
            Some(owner) => Err(format!(
                "{} `{key}` is taken already, in {owner}",
                self.what
            )),
            None => {
                self.take(key, path);
                Ok(())
            }
        }
    }
}

/// The numbers of all standards.
#[derive(Debug)]
pub(crate) struct Numbers {
    standards: Unique<i64>,
    requirements: Unique<i64>,
    sections: Unique<i64>,
}

impl Default for Numbers {
    fn default() -> Self {
        Self {
            standards: Unique::new("standard number"),
            requirements: Unique::new("requirement number"),
            sections: Unique::new("section number"),
        }
    }
}

impl Numbers {
    /// Takes the numbers of a file; gives those that were taken before.
    pub(crate) fn claim(&mut self, file: &StandardFile, path: &str) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        let mut claim = |unique: &mut Unique<i64>, numbers: &[(i64, Span)]| {
            for (number, at) in numbers {
                found.extend(
                    unique
                        .claim(*number, path)
                        .err()
                        .map(|message| (*at, message)),
                );
            }
        };
        claim(&mut self.standards, file.id.as_slice());
        claim(&mut self.requirements, &file.requirements);
        claim(&mut self.sections, &file.sections);
        found
    }
}
