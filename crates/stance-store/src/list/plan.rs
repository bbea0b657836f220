//! Which segments a list has, and which of them a page touches.

use std::collections::{BTreeMap, HashSet};

use stance_model::view::Counts;
use stance_model::{CheckId, CheckStatus};

use super::{ResultFilter, Sort};

/// Statuses with which results are shown, in order.
const SHOWN: [CheckStatus; 4] = [
    CheckStatus::NotPass,
    CheckStatus::Whitelist,
    CheckStatus::Pass,
    CheckStatus::NotCheck,
];

/// A run of results of one check in one order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) check: CheckId,
    pub(super) statuses: Vec<CheckStatus>,
    /// How many results it has.
    pub(super) length: u64,
    /// How many results its check has, of whatever status.
    pub(super) of: u64,
}

/// The segments of the list, in order, without empty ones.
pub(super) fn segments(filter: &ResultFilter, counts: &BTreeMap<CheckId, Counts>) -> Vec<Segment> {
    let wanted: Vec<CheckStatus> = SHOWN
        .into_iter()
        .filter(|s| filter.statuses.is_empty() || filter.statuses.contains(s))
        .collect();
    let parts: Vec<Vec<CheckStatus>> = match filter.sort {
        Sort::AssetId => vec![wanted],
        Sort::Status => wanted.into_iter().map(|s| vec![s]).collect(),
    };
    let mut all = Vec::new();
    for check in checks(filter, counts) {
        let Some(counts) = counts.get(&check) else {
            continue;
        };
        for statuses in &parts {
            let length = statuses.iter().map(|s| count(counts, *s)).sum();
            if length > 0 {
                let of = counts.total().max(0).cast_unsigned();
                all.push(Segment {
                    check,
                    statuses: statuses.clone(),
                    length,
                    of,
                });
            }
        }
    }
    all
}

/// The parts of the segments that the page covers: segment, offset in it, limit.
pub(super) fn cut(
    segments: &[Segment],
    mut offset: u64,
    mut size: u64,
) -> Vec<(&Segment, u64, u64)> {
    let mut parts = Vec::new();
    for segment in segments {
        if size == 0 {
            break;
        }
        if offset >= segment.length {
            offset -= segment.length;
            continue;
        }
        let limit = size.min(segment.length - offset);
        parts.push((segment, offset, limit));
        size -= limit;
        offset = 0;
    }
    parts
}

fn checks(filter: &ResultFilter, counts: &BTreeMap<CheckId, Counts>) -> Vec<CheckId> {
    if filter.check_ids.is_empty() {
        return counts.keys().copied().collect();
    }
    let mut seen = HashSet::new();
    filter
        .check_ids
        .iter()
        .copied()
        .filter(|c| seen.insert(*c))
        .collect()
}

fn count(counts: &Counts, status: CheckStatus) -> u64 {
    let count = match status {
        CheckStatus::NotPass => counts.fail,
        CheckStatus::Whitelist => counts.excepted,
        CheckStatus::Pass => counts.pass,
        CheckStatus::NotCheck => counts.not_applicable + counts.unknown,
        CheckStatus::Checking | CheckStatus::Failed => 0,
    };
    count.max(0).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_across_segments() {
        let check = CheckId::new(1).unwrap();
        let segment = |length| Segment {
            check,
            statuses: vec![],
            length,
            of: length,
        };
        let segments = [segment(3), segment(2), segment(5)];
        let cuts = |offset, size| -> Vec<(u64, u64, u64)> {
            cut(&segments, offset, size)
                .into_iter()
                .map(|(s, o, l)| (s.length, o, l))
                .collect()
        };
        assert_eq!(cuts(0, 2), [(3, 0, 2)]);
        assert_eq!(cuts(2, 4), [(3, 2, 1), (2, 0, 2), (5, 0, 1)]);
        assert_eq!(cuts(9, 10), [(5, 4, 1)]);
        assert_eq!(cuts(10, 10), []);
    }
}
