//! What is wrong with an expression, and where.

use std::ops::Range;

/// One problem of one expression of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which expression of the check.
    pub part: Part,
    /// The bytes of that expression's text it is about; none: the whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// An expression of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// `pass`.
    Pass,
    /// `not_applicable[n].when`.
    NotApplicable(usize),
    /// `evidence[n].value`.
    Evidence(usize),
}
