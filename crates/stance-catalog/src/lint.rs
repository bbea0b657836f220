//! Lint: every problem of every file, examples run.

use std::path::Path;
use std::sync::Arc;

use crate::check::Check;
use crate::load::{Examples, load_beside, load_catalogue};
use crate::problem::LintReport;
use crate::read::Origin;
use crate::source::Tree;
use crate::walk::read_file;

/// Looks for problems in a directory: a whole catalogue when it has a folder `operations`, a user's own checks
/// otherwise.
#[must_use]
pub fn lint(dir: &Path) -> LintReport {
    if Tree::is_catalogue(dir) {
        return load_catalogue(&Tree::read(dir), Examples::Run).1;
    }
    let (base, _) = load_catalogue(&Tree::embedded(), Examples::Read);
    load_beside(
        &Tree::read_checks(dir),
        Origin::Custom,
        &base,
        Examples::Run,
    )
    .1
}

/// Looks for problems in the catalogue that the program carries.
#[must_use]
pub fn lint_builtin() -> LintReport {
    load_catalogue(&Tree::embedded(), Examples::Run).1
}

/// Reads one file of a check, runs its examples, and gives the check unless something is wrong with it. A check
/// whose examples fail is given, so that they can be shown.
///
/// A file that is named like a check of the catalogue is held to the catalogue's rules, another one to those for
/// users' own checks.
#[must_use]
pub fn check_file(path: &Path) -> (Option<Check>, LintReport) {
    let mut tree = Tree::default();
    match read_file(path) {
        Ok(source) => tree.checks.push(source),
        Err(problem) => tree.problems.push(problem),
    }
    let mut embedded = Tree::embedded();
    let own = |stem: &str| tree.checks.iter().any(|source| source.stem() == stem);
    let is_builtin = embedded.checks.iter().any(|source| own(source.stem()));
    embedded.checks.retain(|source| !own(source.stem()));
    let (base, _) = load_catalogue(&embedded, Examples::Read);
    let origin = if is_builtin {
        Origin::Builtin
    } else {
        Origin::Custom
    };
    let (checks, report) = load_beside(&tree, origin, &base, Examples::Run);
    (checks.into_iter().next().map(Arc::unwrap_or_clone), report)
}
