//! A small catalogue on disk, to be spoilt.

use std::fs;
use std::path::{Path, PathBuf};

use stance_catalog::{LintReport, lint};
use tempfile::TempDir;

pub(crate) const OPERATIONS: &str = "operations/aliyun/rds.yaml";
pub(crate) const CHECK: &str = "checks/aliyun/rds/ali.rds.whitelist_open.yaml";
pub(crate) const STANDARD: &str = "standards/best.yaml";

pub(crate) const ITEM: &str = "baselines/identification/shadow/non_pwd_user.yaml";
pub(crate) const SECRET: &str = "baselines/ak_leak/token/own_token.yaml";
pub(crate) const CLASSES: &str = "baselines/classes.yaml";
pub(crate) const READER: &str = "readers/shadow.yaml";
pub(crate) const IMAGES: &str = "operations/image/oci.yaml";

const ITEM_FILES: [(&str, &str); 6] = [
    (IMAGES, include_str!("fixture/operations/image/oci.yaml")),
    (READER, include_str!("fixture/readers/shadow.yaml")),
    (
        "readers/secrets.yaml",
        include_str!("fixture/readers/secrets.yaml"),
    ),
    (CLASSES, include_str!("fixture/baselines/classes.yaml")),
    (
        ITEM,
        include_str!("fixture/baselines/identification/shadow/non_pwd_user.yaml"),
    ),
    (
        SECRET,
        include_str!("fixture/baselines/ak_leak/token/own_token.yaml"),
    ),
];

/// A catalogue with two asset types, one check and one standard, in which nothing is wrong.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write(
            OPERATIONS,
            include_str!("fixture/operations/aliyun/rds.yaml"),
        );
        folder.write(
            CHECK,
            include_str!("fixture/checks/aliyun/rds/ali.rds.whitelist_open.yaml"),
        );
        folder.write(STANDARD, include_str!("fixture/standards/best.yaml"));
        folder
    }

    /// The same with two readers and two items of baselines.
    pub(crate) fn with_items() -> Self {
        let folder = Self::new();
        for (file, text) in ITEM_FILES {
            folder.write(file, text);
        }
        folder
    }

    pub(crate) fn dir(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "our own file")]
    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// Replaces the first `from` of a file.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "`{from}` is not in {file}");
        self.write(file, &text.replacen(from, to, 1));
    }

    pub(crate) fn lint(&self) -> LintReport {
        lint(self.0.path(), None)
    }

    /// The problems as lines, without the folder.
    pub(crate) fn problems(&self) -> Vec<String> {
        problems(&self.lint(), self.0.path())
    }
}

/// The problems of a report as lines, without the folder.
pub(crate) fn problems(report: &LintReport, dir: &Path) -> Vec<String> {
    let prefix = format!("{}/", dir.display());
    report
        .problems
        .iter()
        .map(|problem| problem.to_string().replace(&prefix, ""))
        .collect()
}

/// Spoils one file of the small catalogue in one place and looks for one problem, `line:column: message`.
/// What follows from it elsewhere may be reported too, but no more than a little.
pub(crate) fn spoil(file: &str, from: &str, to: &str, wanted: &str) {
    spoil_in(&Folder::new(), file, from, to, wanted);
}

/// The same in a catalogue that is given.
pub(crate) fn spoil_in(folder: &Folder, file: &str, from: &str, to: &str, wanted: &str) {
    folder.edit(file, from, to);
    let problems = folder.problems();
    let wanted = format!("{file}:{wanted}");
    assert!(
        problems.iter().any(|problem| problem.starts_with(&wanted)),
        "no `{wanted}` in\n{}",
        problems.join("\n")
    );
    assert!(
        problems.len() <= 5,
        "one fault, but\n{}",
        problems.join("\n")
    );
}
