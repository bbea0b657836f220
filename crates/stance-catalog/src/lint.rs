//! Lint: every problem of every file, examples run.

use std::path::Path;
use std::sync::Arc;

use crate::check::Check;
use crate::example::RootReader;
use crate::load::{Examples, load_beside, load_catalogue};
use crate::problem::LintReport;
use crate::read::Origin;
use crate::source::{Source, Tree};
use crate::walk::read_file;

/// Looks for problems in a directory: a whole catalogue when it has a folder `operations`, a user's own checks
/// otherwise. Examples with files are run when there is a reader of root file systems.
#[must_use]
pub fn lint(dir: &Path, reader: Option<&dyn RootReader>) -> LintReport {
    if Tree::is_catalogue(dir) {
        return load_catalogue(&Tree::read(dir), Examples::Run(reader)).1;
    }
    let (base, _) = load_catalogue(&Tree::embedded(), Examples::Read);
    load_beside(
        &Tree::read_checks(dir),
        Origin::Custom,
        &base,
        Examples::Run(reader),
    )
    .1
}

/// Looks for problems in the catalogue that the program carries. Examples with files are run when there is a reader of
/// root file systems.
#[must_use]
pub fn lint_builtin(reader: Option<&dyn RootReader>) -> LintReport {
    load_catalogue(&Tree::embedded(), Examples::Run(reader)).1
}

/// Reads one file of a check, runs its examples, and gives the check unless something is wrong with it. A check
/// whose examples fail is given, so that they can be shown.
///
/// A file that is named like a check or an item of the catalogue, or lies in a folder of a baseline, is held to the
/// catalogue's rules, another one to those for users' own.
#[must_use]
pub fn check_file(path: &Path, reader: Option<&dyn RootReader>) -> (Option<Check>, LintReport) {
    let mut embedded = Tree::embedded();
    let (mut tree, mut origin) = (Tree::default(), Origin::Custom);
    match read_file(path) {
        Err(problem) => tree.problems.push(problem),
        Ok(source) => {
            let named_alike = |other: &Source| other.stem() == source.stem();
            let is_check = embedded.checks.iter().any(named_alike);
            let is_item = embedded.items.iter().any(named_alike) || is_in_baseline(path);
            embedded.checks.retain(|other| !named_alike(other));
            embedded.items.retain(|other| !named_alike(other));
            if is_check || is_item {
                origin = Origin::Builtin;
            }
            let folder = if is_item {
                &mut tree.items
            } else {
                &mut tree.checks
            };
            folder.push(source);
        }
    }
    let (base, _) = load_catalogue(&embedded, Examples::Read);
    let (checks, report) = load_beside(&tree, origin, &base, Examples::Run(reader));
    (checks.into_iter().next().map(Arc::unwrap_or_clone), report)
}

/// Whether it is `baselines/<class>/<name>/<item>.yaml`.
fn is_in_baseline(path: &Path) -> bool {
    path.ancestors()
        .nth(3)
        .and_then(Path::file_name)
        .is_some_and(|folder| folder == "baselines")
}
