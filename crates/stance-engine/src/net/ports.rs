//! Sets of ports, from the spellings of the clouds.

use super::ranges::Ranges;

/// A set of ports, 0 to 65535.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PortSet(pub(crate) Ranges);

const LAST: u128 = 65_535;

impl PortSet {
    /// Every port.
    pub(crate) fn any() -> Self {
        Self(Ranges::of(vec![(0, LAST)]))
    }

    /// The ports from `low` to `high`; `-1` on either side means all of them.
    pub(crate) fn span(low: i64, high: i64) -> Option<Self> {
        if low == -1 || high == -1 {
            return Some(Self::any());
        }
        let (low, high) = (u128::try_from(low).ok()?, u128::try_from(high).ok()?);
        (low <= high && high <= LAST).then(|| Self(Ranges::of(vec![(low, high)])))
    }

    /// Reads `22`, `20-23`, `20/23`, `-1/-1`, `Any`, `ALL`, `*` and lists of these split by commas.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut set = Self::default();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            set = set.union(&Self::part(part)?);
        }
        Some(set)
    }

    fn part(part: &str) -> Option<Self> {
        if part == "*" || part.eq_ignore_ascii_case("any") || part.eq_ignore_ascii_case("all") {
            return Some(Self::any());
        }
        if let Ok(port) = part.parse::<i64>() {
            return Self::span(port, port);
        }
        let (low, high) = part.split_once('/').or_else(|| part.split_once('-'))?;
        Self::span(low.trim().parse().ok()?, high.trim().parse().ok()?)
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        self.0.intersects(&other.0)
    }

    pub(crate) fn within(&self, other: &Self) -> bool {
        other.0.covers(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_spelling_is_read() {
        let all = PortSet::any();
        for text in ["-1/-1", "Any", "ALL", "*", "0-65535"] {
            assert_eq!(PortSet::parse(text), Some(all.clone()), "{text}");
        }
        assert_eq!(PortSet::parse("22/22"), PortSet::parse("22"));
        assert_eq!(PortSet::parse("20-21, 22,23"), PortSet::parse("20/23"));
        for text in ["http", "70000", "23-22", "22/", "/"] {
            assert_eq!(PortSet::parse(text), None, "{text}");
        }
    }
}
