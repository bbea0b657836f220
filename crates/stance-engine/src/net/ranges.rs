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
        if other.is_empty() {
            return self.clone();
        }
        Self::of(self.0.iter().chain(&other.0).copied().collect())
    }

    /// What is in this set and not in the other.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let mut cuts = other.0.as_slice();
        for &(low, high) in &self.0 {
            let mut next = Some(low);
            while let Some(((from, to), tail)) = cuts.split_first()
                && *from <= high
            {
                if let Some(low) = next.filter(|low| low < from) {
                    rest.push((low, from - 1));
                }
                next = next.and_then(|low| Some(low.max(to.checked_add(1)?)));
                if *to > high {
                    break;
                }
                cuts = tail;
            }
            if let Some(low) = next.filter(|low| *low <= high) {
                rest.push((low, high));
            }
        }
        Self(rest)
    }

    /// Whether every number of the other is in this set.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let mut own = self.0.iter();
        let mut at = own.next();
        other.0.iter().all(|(low, high)| {
            while at.is_some_and(|(_, end)| end < low) {
                at = own.next();
            }
            // Ranges never touch, so that one of them must hold the whole.
            at.is_some_and(|(start, end)| start <= low && high <= end)
        })
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
            if left.0.max(right.0) <= left.1.min(right.1) {
                return true;
            }
            if left.1 < right.1 {
                a.next();
            } else {
                b.next();
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Both ends of the numbers, where a step further does not exist.
    const ENDS: [u128; 2] = [0, u128::MAX - 63];

    fn naive(ranges: &[(u128, u128)], base: u128) -> Vec<u128> {
        (0..64)
            .map(|n| base + n)
            .filter(|n| ranges.iter().any(|(low, high)| low <= n && n <= high))
            .collect()
    }

    fn is_canonical(ranges: &Ranges) -> bool {
        let apart = |pair: &[(u128, u128)]| pair[0].1 < pair[1].0 && pair[1].0 - pair[0].1 > 1;
        ranges.0.iter().all(|(low, high)| low <= high) && ranges.0.windows(2).all(apart)
    }

    proptest! {
        #[test]
        fn set_operations_agree_with_naive_sets(
            a in prop::collection::vec((0u128..64, 0u128..64), 0..9),
            b in prop::collection::vec((0u128..64, 0u128..64), 0..9),
        ) {
            for base in ENDS {
                let moved = |ranges: &[(u128, u128)]| -> Vec<(u128, u128)> {
                    ranges.iter().map(|(low, high)| (base + low, base + high)).collect()
                };
                let (a, b) = (moved(&a), moved(&b));
                let (left, right) = (Ranges::of(a.clone()), Ranges::of(b.clone()));
                let (naive_left, naive_right) = (naive(&a, base), naive(&b, base));
                let among = |n: &u128, of: &[u128]| of.contains(n);
                let only: Vec<u128> = naive_left.iter().filter(|n| !among(n, &naive_right)).copied().collect();
                let either = (0..64).map(|n| base + n).filter(|n| among(n, &naive_left) || among(n, &naive_right));
                let (minus, union) = (left.minus(&right), left.union(&right));
                prop_assert_eq!(naive(&left.0, base), naive_left.clone());
                prop_assert_eq!(left.intersects(&right), naive_left.iter().any(|n| among(n, &naive_right)));
                prop_assert_eq!(right.covers(&left), only.is_empty());
                prop_assert_eq!(naive(&minus.0, base), only);
                prop_assert_eq!(naive(&union.0, base), either.collect::<Vec<_>>());
                for set in [left, right, minus, union] {
                    prop_assert!(is_canonical(&set), "{:?}", set);
                }
            }
        }
    }
}
