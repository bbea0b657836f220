//! Bounds of an evaluation.

/// Steps of one evaluation; a node, a list element or an interval of a set operation costs one.
pub(crate) const STEPS: u64 = 2_000_000;

/// How deep comprehensions may nest.
pub(crate) const SLOTS: usize = 8;

/// The longest expression text, in bytes.
pub(crate) const SOURCE_BYTES: usize = 16 * 1024;

/// The longest value shown in evidence, in characters.
pub(crate) const SHOWN_CHARS: usize = 240;

/// The most facts and elements that evidence names.
pub(crate) const SHOWN_FACTS: usize = 12;
