//! The predicate language of checks: compile, type-check, evaluate, explain.
//!
//! A declared subset of CEL over asset documents. Pure, total and bounded: no I/O, no clock but the one given, no
//! panic, a budget of steps. Three-valued: a value that could not be read is *unknown* and carries its reason; an
//! outcome is unknown unless it is decided without that value.
//!
//! The way through: [`Schema`] says which facts an asset type has; [`Rule::compile`] parses and type-checks the
//! expressions of a check against it; [`Rule::evaluate`] gives the [`Outcome`](stance_model::Outcome) for one asset
//! document, [`Rule::explain`] the evidence for it. [`RelatedIndex`] holds the assets that others relate to.

mod arena;
mod ast;
mod budget;
mod compile;
mod diagnostic;
mod document;
mod eval;
mod explain;
mod functions;
mod net;
mod param;
mod related;
mod rule;
mod schema;
mod syntax;
mod ty;
mod value;

pub use diagnostic::{Diagnostic, Part};
pub use document::Document;
pub use param::{Param, ParamType};
pub use related::{Lookup, RelatedIndex};
pub use rule::{Context, Rule, RuleSource};
pub use schema::{Schema, SchemaError, Types};
