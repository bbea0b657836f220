//! Sets of numbers as sorted, disjoint, inclusive ranges.

/// A set of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// The set of these ranges, in any order and overlapping as they like.
    pub(crate) fn of(mut ranges: Vec<(u128, u128)>) -> Self {
        ranges.retain(|(low, high)| low <= high);
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn as_slice(&self) -> &[(u128, u128)] {
        &self.0
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied().collect())
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
            let (low, high) = (left.0.max(right.0), left.1.min(right.1));
            if low <= high {
                both.push((low, high));
            }
            if left.1 < right.1 {
                a.next();
            } else {
                b.next();
            }
        }
        Self(both)
    }

    /// What is in this set and not in the other.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        for &(low, high) in &self.0 {
            let mut low = low;
            let mut open = true;
            for &(from, to) in &other.0 {
                if from > high || to < low || !open {
                    continue;
                }
                if from > low {
                    rest.push((low, from - 1));
                }
                match to.checked_add(1) {
                    Some(next) => low = low.max(next),
                    None => open = false,
                }
            }
            if open && low <= high {
                rest.push((low, high));
            }
        }
        Self(rest)
    }

    /// Whether every number of the other is in this set.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(ranges: &[(u128, u128)]) -> Vec<u128> {
        (0..64)
            .filter(|n| ranges.iter().any(|(low, high)| low <= n && n <= high))
            .collect()
    }

    proptest! {
        #[test]
        fn set_operations_agree_with_naive_sets(
            a in prop::collection::vec((0u128..64, 0u128..64), 0..6),
            b in prop::collection::vec((0u128..64, 0u128..64), 0..6),
        ) {
            let (left, right) = (Ranges::of(a.clone()), Ranges::of(b.clone()));
            let (naive_left, naive_right) = (naive(&a), naive(&b));
            let both: Vec<u128> = naive_left.iter().filter(|n| naive_right.contains(n)).copied().collect();
            let only: Vec<u128> = naive_left.iter().filter(|n| !naive_right.contains(n)).copied().collect();
            prop_assert_eq!(naive(left.intersection(&right).as_slice()), both);
            prop_assert_eq!(right.covers(&left), only.is_empty());
            prop_assert_eq!(naive(left.minus(&right).as_slice()), only);
        }
    }
}
