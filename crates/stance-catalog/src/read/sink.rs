//! Collects the problems of one file.

use crate::problem::Problem;
use crate::source::Source;
use crate::yaml::{Span, line_column};

/// How many problems of one file are listed. Nobody reads more, and a hostile file could have tens of thousands.
const MAX_PROBLEMS: usize = 1000;

/// Where the problems of a file go.
#[derive(Debug)]
pub(crate) struct Sink<'f> {
    source: &'f Source,
    problems: Vec<Problem>,
    count: usize,
}

impl<'f> Sink<'f> {
    /// An empty one for `source`.
    pub(crate) fn new(source: &'f Source) -> Self {
        Self {
            source,
            problems: Vec::new(),
            count: 0,
        }
    }

    /// The file.
    pub(crate) fn source(&self) -> &'f Source {
        self.source
    }

    /// Reports a problem.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) {
        self.push(span, message.into(), None);
    }

    /// Reports a problem and what to do about it.
    pub(crate) fn report_with(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.push(span, message.into(), help.into());
    }

    fn push(&mut self, span: Span, message: String, help: Option<String>) {
        self.count += 1;
        let (message, help) = match self.count {
            ..=MAX_PROBLEMS => (message, help),
            _ if self.problems.len() > MAX_PROBLEMS => return,
            _ => (
                format!("more than {MAX_PROBLEMS} problems; the others are not listed"),
                None,
            ),
        };
        let (line, column) = line_column(&self.source.text, span.start);
        let file = self.source.path.clone();
        let length = span.end - span.start;
        self.problems.push(Problem {
            file,
            line,
            column,
            length,
            message,
            help,
        });
    }

    /// Whether further problems are no longer listed.
    pub(crate) fn is_full(&self) -> bool {
        self.count > MAX_PROBLEMS
    }

    /// How many problems there are so far.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The problems.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
