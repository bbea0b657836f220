//! From text to tree: the syntax of the language, a subset of CEL, with the place of every part.
//!
//! Not the parser of the `cel` crate, which was here first: it is generated, took 40 % of the time that loading the
//! catalogue takes, and its places are single tokens. The tests hold this one against it, tree by tree.

mod lex;
mod macros;
mod parse;
mod quoted;
#[cfg(test)]
mod reference;

use std::ops::Range;

use crate::ast::{Arithmetic, Comparison, Comprehension};

pub(crate) use parse::parse;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
    /// How many levels of parts it has.
    depth: usize,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    Name(String),
    Select(Box<Expr>, String),
    Has(Box<Expr>, String),
    Call {
        receiver: Option<Box<Expr>>,
        name: String,
        args: Vec<Expr>,
    },
    List(Vec<Expr>),
    Index(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// All of two or more.
    And(Vec<Expr>),
    /// One of two or more.
    Or(Vec<Expr>),
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    Macro(Box<Macro>),
}

impl Kind {
    /// The parts that it is made of.
    fn parts(&self) -> Vec<&Expr> {
        match self {
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Name(_) => Vec::new(),
            Self::Select(a, _) | Self::Has(a, _) | Self::Not(a) | Self::Negate(a) => vec![a],
            Self::Index(a, b) | Self::Binary(_, a, b) => vec![a, b],
            Self::Conditional(a, b, c) => vec![a, b, c],
            Self::List(parts) | Self::And(parts) | Self::Or(parts) => parts.iter().collect(),
            Self::Call { receiver, args, .. } => {
                receiver.as_deref().into_iter().chain(args).collect()
            }
            Self::Macro(of) => {
                let Macro {
                    range,
                    condition,
                    body,
                    ..
                } = &**of;
                [range, body]
                    .into_iter()
                    .chain(condition.as_ref())
                    .collect()
            }
        }
    }
}

/// An operator between two operands, other than the logical ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Compare(Comparison),
    Arithmetic(Arithmetic),
    In,
}

/// A comprehension over a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Macro {
    pub(crate) what: Comprehension,
    pub(crate) range: Expr,
    pub(crate) variable: String,
    /// Of `map` with three arguments: which elements it takes.
    pub(crate) condition: Option<Expr>,
    pub(crate) body: Expr,
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

type Parsed<T> = Result<T, SyntaxError>;

fn fail<T>(span: Range<usize>, message: impl Into<String>) -> Parsed<T> {
    Err(SyntaxError {
        span,
        message: message.into(),
    })
}
