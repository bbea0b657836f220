//! Bounds of an evaluation.

/// Steps of one evaluation; a node, a list element, a range of a set or a piece of text costs one.
pub(crate) const STEPS: u64 = 2_000_000;

/// How many bytes of text cost a step when they are looked at.
pub(crate) const READ_BYTES: usize = 64;

/// How many bytes of text cost a step when they are made.
pub(crate) const MADE_BYTES: usize = 16;

/// How deep comprehensions may nest.
pub(crate) const SLOTS: usize = 8;

/// The longest expression text, in bytes.
pub(crate) const SOURCE_BYTES: usize = 8 * 1024;

/// How many levels of parts an expression may have. Compiling, evaluating and explaining recurse this deep, each in
/// small frames.
pub(crate) const DEPTH: usize = 64;

/// The longest value shown in evidence, in characters.
pub(crate) const SHOWN_CHARS: usize = 240;

/// The most facts and elements that evidence names.
pub(crate) const SHOWN_FACTS: usize = 12;
