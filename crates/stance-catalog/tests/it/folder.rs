//! A small catalogue on disk, to be spoilt.

use std::fs;
use std::path::{Path, PathBuf};

use stance_catalog::{LintReport, lint};
use tempfile::TempDir;

pub(crate) const OPERATIONS: &str = "operations/aliyun/rds.yaml";
pub(crate) const CHECK: &str = "checks/aliyun/rds/ali.rds.whitelist_open.yaml";
pub(crate) const STANDARD: &str = "standards/best.yaml";

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
        lint(self.0.path())
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
    let folder = Folder::new();
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
