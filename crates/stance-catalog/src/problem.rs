//! What is wrong with a catalogue, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use miette::{Diagnostic, NamedSource, SourceSpan};

/// One thing wrong in one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it was reached.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many bytes of the source are meant; 0 where it is a place rather than a range.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// The problem with the lines of `source`, the text of its file, around it.
    #[must_use]
    pub fn to_report(&self, source: &str) -> miette::Report {
        let at = offset(source, self.line, self.column);
        let length = self.length.min(source.len() - at);
        miette::Report::new(Shown {
            message: self.message.clone(),
            help: self.help.clone(),
            text: NamedSource::new(&self.file, source.to_owned()),
            span: SourceSpan::new(at.into(), length),
        })
    }
}

impl fmt::Display for Problem {
    /// One line: `file:line:column: message (help: …)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file,
            self.line,
            self.column,
            self.message.replace('\n', " ")
        )?;
        match &self.help {
            Some(help) => write!(f, " (help: {})", help.replace('\n', " ")),
            None => Ok(()),
        }
    }
}

/// The byte at a line and column, the end of the text where there is none such.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(start..).unwrap_or_default();
    let within = rest
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(rest.len(), |(at, _)| at);
    start + within
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
struct Shown {
    message: String,
    #[help]
    help: Option<String>,
    #[source_code]
    text: NamedSource<String>,
    #[label]
    span: SourceSpan,
}

/// Every problem of a catalogue, and what was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintReport {
    /// The problems, by file and place.
    pub problems: Vec<Problem>,
    /// How many files were read.
    pub files: usize,
    /// How many checks they hold.
    pub checks: usize,
    /// How many examples were run.
    pub examples: usize,
    /// How many examples were only read: they have files, and no reader of root file systems was given.
    pub examples_left: usize,
    sources: BTreeMap<String, String>,
}

impl LintReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The text of a file that has problems.
    #[must_use]
    pub fn source(&self, file: &str) -> Option<&str> {
        self.sources.get(file).map(String::as_str)
    }

    /// The problems with the lines of source around them.
    pub fn reports(&self) -> impl Iterator<Item = miette::Report> + '_ {
        self.problems
            .iter()
            .map(|problem| problem.to_report(self.source(&problem.file).unwrap_or_default()))
    }

    /// A report of `problems`, in order, with those of `sources` (path and text) that they point into.
    pub(crate) fn new<'s>(
        mut problems: Vec<Problem>,
        sources: impl IntoIterator<Item = (&'s str, &'s str)>,
    ) -> Self {
        problems.sort();
        problems.dedup();
        let spoilt: BTreeSet<&str> = problems
            .iter()
            .map(|problem| problem.file.as_str())
            .collect();
        let mut files = 0;
        let mut kept = BTreeMap::new();
        for (file, text) in sources {
            files += 1;
            if spoilt.contains(file) {
                kept.insert(file.to_owned(), text.to_owned());
            }
        }
        Self {
            problems,
            files,
            sources: kept,
            ..Self::default()
        }
    }
}

impl fmt::Display for LintReport {
    /// A line for each problem, then how many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        write!(
            f,
            "{} problems in {} files ({} checks, {} examples run",
            self.problems.len(),
            self.files,
            self.checks,
            self.examples
        )?;
        if self.examples_left > 0 {
            write!(f, ", {} with files only read", self.examples_left)?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for LintReport {}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Problem {
        Problem {
            file: "a.yaml".to_owned(),
            line: 2,
            column: 4,
            length: 3,
            message: "unknown field `kee`".to_owned(),
            help: Some("did you mean `key`?".to_owned()),
        }
    }

    #[test]
    fn one_line_says_all() {
        assert_eq!(
            problem().to_string(),
            "a.yaml:2:4: unknown field `kee` (help: did you mean `key`?)"
        );
    }

    #[test]
    fn a_report_underlines_the_place() {
        let report = problem().to_report("id: 1\n云: kee\n");
        let shown = format!("{report:?}");
        assert!(
            shown.contains("kee") && shown.contains("did you mean"),
            "{shown}"
        );
    }

    #[test]
    fn a_report_of_a_place_that_is_not_there_is_still_a_report() {
        let lost = Problem {
            line: 99,
            column: 99,
            length: 99,
            ..problem()
        };
        assert!(!format!("{:?}", lost.to_report("short")).is_empty());
        assert!(!format!("{:?}", lost.to_report("")).is_empty());
    }
}
