//! Formats of configuration files, each from its own manual: text → entries with their lines. None recurses, all are
//! linear in the text.

pub(super) mod blocks;
pub(super) mod ini;
pub(super) mod properties;
pub(super) mod sections;
pub(super) mod tree;
pub(super) mod words;
pub(super) mod xml;
