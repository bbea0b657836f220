//! Lists that are made while they are written, so that a report is never in memory twice.

use serde::{Serialize, Serializer};

/// A list of what `map` makes of each item.
pub(crate) struct Seq<'a, T, F> {
    pub(crate) items: &'a [T],
    pub(crate) map: F,
}

impl<'a, T, S: Serialize, F: Fn(&'a T) -> S> Serialize for Seq<'a, T, F> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.items.iter().map(&self.map))
    }
}
