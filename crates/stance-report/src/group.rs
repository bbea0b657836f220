//! Results by check.

use std::collections::BTreeMap;

use stance_model::view::ResultView;

use crate::verdict::Verdict;

/// The results of one check, in the order of the report.
pub(crate) struct Group<'a> {
    /// The first of them, which says what all have in common.
    pub(crate) first: &'a ResultView,
    /// All of them.
    pub(crate) results: Vec<&'a ResultView>,
}

impl Group<'_> {
    /// How many of them come to this.
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        self.results
            .iter()
            .filter(|r| Verdict::of(r) == verdict)
            .count()
    }
}

/// The results by check, in the order in which the report first names the checks.
pub(crate) fn by_check(results: &[ResultView]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for result in results {
        let place = *places.entry(&result.check).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.results.push(result),
            None => groups.push(Group {
                first: result,
                results: vec![result],
            }),
        }
    }
    groups
}
