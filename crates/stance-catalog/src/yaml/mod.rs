//! YAML with the place of every node.
//!
//! Reads the event stream of serde-saphyr's parser rather than its serde layer: a lint must name every problem of a
//! file at once, and must know how a scalar was written to point into it.

mod locate;
mod node;
mod parse;
mod resolve;

pub(crate) use locate::{line_column, source_span};
pub(crate) use node::{Key, Node, Span, Value};
pub(crate) use parse::parse;
