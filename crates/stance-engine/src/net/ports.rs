//! Sets of ports, from the spellings of the clouds.

use std::sync::LazyLock;

use super::ranges::Ranges;

/// A set of ports, 0 to 65535.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PortSet(pub(crate) Ranges);

const LAST: u128 = 65_535;

static ANY: LazyLock<PortSet> = LazyLock::new(|| PortSet(Ranges::of(vec![(0, LAST)])));

impl PortSet {
    /// Every port.
    pub(crate) fn any() -> Self {
        ANY.clone()
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
        let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
        Self::all(parts.map(Self::part))
    }

    /// The ports of all sets, in one go; none when one of them is missing.
    pub(crate) fn all(sets: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let sets: Option<Vec<Self>> = sets.into_iter().collect();
        Some(Self::of_all(&sets?))
    }

    /// The ports of all sets, in one go.
    pub(crate) fn of_all<'s>(sets: impl IntoIterator<Item = &'s Self>) -> Self {
        let ranges = sets.into_iter().flat_map(|set| set.0.as_slice());
        Self(Ranges::of(ranges.copied().collect()))
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

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        self.0.intersects(&other.0)
    }

    pub(crate) fn within(&self, other: &Self) -> bool {
        other.0.covers(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_cloud_spelling_is_read() {
        for text in ["-1/-1", "Any", "ALL", "*", "0-65535"] {
            assert_eq!(PortSet::parse(text), Some(PortSet::any()), "{text}");
        }
        assert_eq!(PortSet::parse("22/22"), PortSet::parse("22"));
        assert_eq!(PortSet::parse("20-21, 22,23"), PortSet::parse("20/23"));
        for text in ["http", "70000", "23-22", "22/", "/"] {
            assert_eq!(PortSet::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_list_is_the_ports_it_names(parts in prop::collection::vec((0u16..40, 0u16..8), 0..6), port in 0u16..50) {
            let spelled = |(low, more): &(u16, u16), number: usize| match number % 3 {
                0 => format!("{low}-{}", low + more),
                1 => format!(" {low}/{}", low + more),
                _ if *more == 0 => low.to_string(),
                _ => format!("{low}-{} ", low + more),
            };
            let text: Vec<String> = parts.iter().enumerate().map(|(n, part)| spelled(part, n)).collect();
            let set = PortSet::parse(&text.join(",")).unwrap();
            let one = PortSet::span(port.into(), port.into()).unwrap();
            let named = parts.iter().any(|(low, more)| (*low..=low + more).contains(&port));
            prop_assert_eq!(one.within(&set), named);
            prop_assert_eq!(one.intersects(&set), named);
        }
    }
}
