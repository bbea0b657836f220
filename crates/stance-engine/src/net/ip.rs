//! Sets of IP addresses of both families, from the spellings that whitelists and rules use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

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
    let special = IpSet::of(special.iter().filter_map(|text| block(text)));
    IpSet {
        v4: ANY.v4.minus(&special.v4),
        v6: IpSet::of(block("2000::/3")).v6,
    }
});

/// Every address.
static ANY: LazyLock<IpSet> = LazyLock::new(|| IpSet {
    v4: Ranges::of(vec![(0, u128::from(u32::MAX))]),
    v6: Ranges::of(vec![(0, u128::MAX)]),
});

/// Addresses from one to another of the same family, as an entry of a list names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    V4(u32, u32),
    V6(u128, u128),
}

/// A list of blocks with the text of each, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocks(pub(crate) Vec<(String, Block)>);

impl Blocks {
    /// The entries of a list; none when one of them is no block.
    pub(crate) fn read<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let entries = texts.into_iter().flat_map(entries);
        let read: Option<Vec<_>> = entries
            .map(|entry| Some((entry.to_owned(), block(entry)?)))
            .collect();
        read.map(Self)
    }
}

impl IpSet {
    /// The addresses of all blocks.
    pub(crate) fn of(blocks: impl IntoIterator<Item = Block>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for block in blocks {
            match block {
                Block::V4(low, high) => v4.push((low.into(), high.into())),
                Block::V6(low, high) => v6.push((low, high)),
            }
        }
        Self {
            v4: Ranges::of(v4),
            v6: Ranges::of(v6),
        }
    }

    /// The addresses of all sets, in one go.
    pub(crate) fn of_all<'s>(sets: impl IntoIterator<Item = &'s Self>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for set in sets {
            v4.extend_from_slice(set.v4.as_slice());
            v6.extend_from_slice(set.v6.as_slice());
        }
        Self {
            v4: Ranges::of(v4),
            v6: Ranges::of(v6),
        }
    }

    /// Every address.
    pub(crate) fn any() -> Self {
        ANY.clone()
    }

    /// Every IPv4 address.
    pub(crate) fn any_v4() -> Self {
        Self {
            v4: ANY.v4.clone(),
            v6: Ranges::default(),
        }
    }

    /// Every IPv6 address.
    pub(crate) fn any_v6() -> Self {
        Self {
            v4: Ranges::default(),
            v6: ANY.v6.clone(),
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

/// Whether blocks are too few addresses to be every public one of a family, whatever they are.
pub(crate) fn too_few(blocks: impl IntoIterator<Item = Block>) -> bool {
    /// Less than there are of each family.
    const PUBLIC_V4: u64 = 3_500_000_000;
    const PUBLIC_V6: u128 = 1 << 124;
    let (mut v4, mut v6) = (0_u64, 0_u128);
    for block in blocks {
        match block {
            Block::V4(low, high) => v4 = v4.saturating_add(u64::from(high - low) + 1),
            Block::V6(low, high) => v6 = v6.saturating_add((high - low).saturating_add(1)),
        }
    }
    v4 < PUBLIC_V4 && v6 < PUBLIC_V6
}

/// The entries of a list that is written as one text: what stands between commas and blanks.
pub(crate) fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
}

/// The set that one entry names; none when it is no address, block or range.
pub(crate) fn parse(entry: &str) -> Option<IpSet> {
    block(entry).map(|block| IpSet::of([block]))
}

/// The block that one entry names: an address, a CIDR block (host bits ignored) or a range `a-b`; `0.0.0.0` alone means
/// any IPv4 address, as the database whitelists of Alibaba Cloud read it. None when it is none of these.
pub(crate) fn block(entry: &str) -> Option<Block> {
    let entry = entry.trim();
    if entry == "0.0.0.0" {
        return Some(Block::V4(0, u32::MAX));
    }
    if let Some((address, length)) = entry.split_once('/') {
        return network(address.parse().ok()?, length);
    }
    if let Ok(address) = entry.parse() {
        return span(address, address);
    }
    let (from, to) = entry.split_once('-')?;
    span(from.trim().parse().ok()?, to.trim().parse().ok()?)
}

/// The addresses that share so many leading bits with one.
fn network(address: IpAddr, length: &str) -> Option<Block> {
    let spelled = (1..=3).contains(&length.len()) && length.bytes().all(|b| b.is_ascii_digit());
    let length: u32 = length.parse().ok().filter(|_| spelled)?;
    Some(match address {
        IpAddr::V4(address) => {
            let rest = u32::MAX.checked_shr(length).unwrap_or_default();
            let low = address.to_bits() & !rest;
            (length <= Ipv4Addr::BITS).then_some(Block::V4(low, low | rest))?
        }
        IpAddr::V6(address) => {
            let rest = u128::MAX.checked_shr(length).unwrap_or_default();
            let low = address.to_bits() & !rest;
            (length <= Ipv6Addr::BITS).then_some(Block::V6(low, low | rest))?
        }
    })
}

fn span(from: IpAddr, to: IpAddr) -> Option<Block> {
    let block = match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => Block::V4(from.to_bits(), to.to_bits()),
        (IpAddr::V6(from), IpAddr::V6(to)) => Block::V6(from.to_bits(), to.to_bits()),
        _ => return None,
    };
    (from <= to).then_some(block)
}

#[cfg(test)]
mod tests {
    use ipnet::IpNet;
    use proptest::prelude::*;

    use super::*;

    fn set(entries: &[&str]) -> IpSet {
        IpSet::of(entries.iter().map(|e| block(e).unwrap()))
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
            assert!(!too_few(open.iter().map(|e| block(e).unwrap())), "{open:?}");
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
            "1.2.3.4/-1",
            "1.2.3.4/+8",
            "1.2.3.4/",
            "1.2.3.4/8/8",
            "1.2.3.4/4294967296",
            "sg-123",
            "1.2.3",
            "1.2.3.4-::1",
            "::1/129",
            "5.0.0.0-1.0.0.0",
        ] {
            assert_eq!(block(entry), None, "{entry}");
        }
    }

    proptest! {
        #[test]
        fn networks_are_read_as_elsewhere(v4: u32, v6: u128, short in 0u8..=32, long in 0u8..=128) {
            for text in [
                format!("{}/{short}", Ipv4Addr::from(v4)),
                format!("{}/{long}", Ipv6Addr::from(v6)),
            ] {
                let network: IpNet = text.parse().unwrap();
                prop_assert_eq!(block(&text), span(network.network(), network.broadcast()));
            }
        }

        #[test]
        fn too_few_never_hides_a_cover(cuts in prop::collection::vec(any::<u32>(), 0..6)) {
            // Every address, cut anywhere.
            let mut blocks = Vec::new();
            let mut low = 0;
            let mut cuts = cuts;
            cuts.sort_unstable();
            for cut in cuts {
                blocks.extend((low <= cut).then_some(Block::V4(low, cut)));
                low = cut.saturating_add(1).max(low);
            }
            blocks.push(Block::V4(low, u32::MAX));
            prop_assert!(IpSet::of(blocks.iter().copied()).covers_public());
            prop_assert!(!too_few(blocks));
        }
    }
}
