//! Sets of IP addresses of both families, from the spellings that whitelists and rules use.

use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

use super::ranges::Ranges;

/// A set of IPv4 and IPv6 addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct IpSet {
    pub(crate) v4: Ranges,
    pub(crate) v6: Ranges,
}

/// Addresses that the internet routes. A rule that admits all of them admits any source, whatever it says about
/// private ranges; one that admits private ranges only admits nobody from outside.
///
/// Source: IANA special-purpose address registries (not globally reachable), multicast and reserved space; IPv6
/// global unicast is 2000::/3.
static PUBLIC: LazyLock<IpSet> = LazyLock::new(|| {
    let special = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    ];
    let special = special
        .iter()
        .filter_map(|text| parse(text))
        .fold(IpSet::default(), |a, b| a.union(&b));
    let v6 = parse("2000::/3").map(|set| set.v6).unwrap_or_default();
    IpSet {
        v4: IpSet::any_v4().v4.minus(&special.v4),
        v6,
    }
});

impl IpSet {
    /// Every IPv4 address.
    pub(crate) fn any_v4() -> Self {
        Self {
            v4: Ranges::of(vec![(0, u128::from(u32::MAX))]),
            v6: Ranges::default(),
        }
    }

    /// Every IPv6 address.
    pub(crate) fn any_v6() -> Self {
        Self {
            v4: Ranges::default(),
            v6: Ranges::of(vec![(0, u128::MAX)]),
        }
    }

    /// Every address.
    pub(crate) fn any() -> Self {
        Self {
            v4: Self::any_v4().v4,
            v6: Self::any_v6().v6,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// How many ranges it takes; the cost of an operation on it.
    pub(crate) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.minus(&other.v4),
            v6: self.v6.minus(&other.v6),
        }
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.v4.covers(&other.v4) && self.v6.covers(&other.v6)
    }

    pub(crate) fn intersects(&self, other: &Self) -> bool {
        self.v4.intersects(&other.v4) || self.v6.intersects(&other.v6)
    }

    /// Whether it has every public address of a family: any source of that family.
    pub(crate) fn covers_public(&self) -> bool {
        self.v4.covers(&PUBLIC.v4) || self.v6.covers(&PUBLIC.v6)
    }

    /// Whether it has a public address.
    pub(crate) fn has_public(&self) -> bool {
        self.intersects(&PUBLIC)
    }
}

/// The set that one entry names: an address, a CIDR block (host bits ignored) or a range `a-b`; `0.0.0.0` alone means
/// any IPv4 address, as the database whitelists of Alibaba Cloud read it. None when it is none of these.
pub(crate) fn parse(entry: &str) -> Option<IpSet> {
    let entry = entry.trim();
    if entry == "0.0.0.0" {
        return Some(IpSet::any_v4());
    }
    if let Ok(network) = entry.parse::<IpNet>() {
        return Some(span(network.network(), network.broadcast()));
    }
    if let Ok(address) = entry.parse::<IpAddr>() {
        return Some(span(address, address));
    }
    let (from, to) = entry.split_once('-')?;
    let (from, to): (IpAddr, IpAddr) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from.is_ipv4() == to.is_ipv4() && from <= to).then(|| span(from, to))
}

fn span(from: IpAddr, to: IpAddr) -> IpSet {
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => IpSet {
            v4: Ranges::of(vec![(from.to_bits().into(), to.to_bits().into())]),
            v6: Ranges::default(),
        },
        (IpAddr::V6(from), IpAddr::V6(to)) => IpSet {
            v4: Ranges::default(),
            v6: Ranges::of(vec![(from.to_bits(), to.to_bits())]),
        },
        _ => IpSet::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(entries: &[&str]) -> IpSet {
        entries
            .iter()
            .map(|e| parse(e).unwrap())
            .fold(IpSet::default(), |a, b| a.union(&b))
    }

    #[test]
    fn any_source_is_seen_through_every_spelling() {
        for open in [
            &["0.0.0.0/0"][..],
            &["0.0.0.0"],
            &["::/0"],
            &["0.0.0.0/1", "128.0.0.0/1"],
            &["::/1", "8000::/1"],
            &["1.0.0.0-223.255.255.255"],
            &["2000::/3"],
            &["10.0.0.5/0"],
        ] {
            assert!(set(open).covers_public(), "{open:?}");
        }
        for closed in [
            &["127.0.0.1"][..],
            &["0.0.0.0/1"],
            &["10.0.0.0/8", "192.168.0.0/16"],
            &["fe80::/10"],
            &[],
        ] {
            assert!(!set(closed).covers_public(), "{closed:?}");
        }
    }

    #[test]
    fn an_entry_that_is_no_address_is_refused() {
        for entry in [
            "",
            "0.0.0.0/33",
            "sg-123",
            "1.2.3",
            "1.2.3.4-::1",
            "::1/129",
            "5.0.0.0-1.0.0.0",
        ] {
            assert_eq!(parse(entry), None, "{entry}");
        }
    }
}
