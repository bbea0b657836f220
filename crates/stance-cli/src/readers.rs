//! The readers of root file systems, which turn the files of examples into facts.

use std::collections::BTreeMap;

use stance_catalog::{FilesExample, ReadFacts, RootReader};
use stance_model::secret::SecretRule;
use stance_model::{Reason, ReasonKind};
use stance_rootfs::{ExampleFile, SecretScanner, facts_of_files};

/// All of them, and the scanner of secrets.
#[derive(Debug)]
pub(crate) struct Readers;

impl RootReader for Readers {
    fn facts(&self, example: &FilesExample, secrets: &[SecretRule]) -> ReadFacts {
        let files = example.files.iter().map(|(path, file)| {
            let file = ExampleFile {
                text: file.text.clone(),
                mode: file.mode,
                uid: file.uid,
                gid: file.gid,
                link: file.link.clone(),
                dir: file.dir,
            };
            (path.clone(), file)
        });
        let files: BTreeMap<_, _> = files.collect();
        // Rules that do not compile are no rules: what they look for is not known.
        match SecretScanner::new(secrets.to_vec()) {
            Ok(scanner) => facts_of_files(&files, example.image.as_ref(), Some(&scanner)),
            Err(error) => {
                let (facts, mut unknown) = facts_of_files(&files, example.image.as_ref(), None);
                let reason = Reason::new(ReasonKind::TypeMismatch, error.to_string());
                unknown.insert("secrets".to_owned(), reason);
                (facts, unknown)
            }
        }
    }
}
