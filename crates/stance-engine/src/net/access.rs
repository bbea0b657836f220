//! Who reaches which ports under an ordered list of access rules.

use super::ip::IpSet;
use super::ports::PortSet;
use super::ranges::Ranges;

/// A transport protocol that has ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    pub(crate) const ALL: [Self; 2] = [Self::Tcp, Self::Udp];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// Which protocols a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Protocols {
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
}

impl Protocols {
    /// Both that have ports.
    pub(crate) const ALL: Self = Self {
        tcp: true,
        udp: true,
    };

    /// Reads a protocol's name or IANA number; protocols other than TCP and UDP have no ports. None: no protocol.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let portless = ["icmp", "icmpv4", "icmpv6", "icmp6", "gre", "esp", "ah"];
        match name.as_str() {
            "all" | "any" | "-1" | "*" => Some(Self::ALL),
            "tcp" | "6" => Some(Self {
                tcp: true,
                udp: false,
            }),
            "udp" | "17" => Some(Self {
                tcp: false,
                udp: true,
            }),
            other if portless.contains(&other) || other.parse::<u8>().is_ok() => {
                Some(Self::default())
            }
            _ => None,
        }
    }

    fn has(self, protocol: Protocol) -> bool {
        match protocol {
            Protocol::Tcp => self.tcp,
            Protocol::Udp => self.udp,
        }
    }
}

/// One rule for incoming traffic.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) allow: bool,
    /// Lower decides first; at the same order a denial does.
    pub(crate) order: i64,
    pub(crate) protocols: Protocols,
    pub(crate) ports: PortSet,
    pub(crate) sources: IpSet,
    /// What is not wholly known of it: it may match more than it says.
    pub(crate) open_ended: OpenEnded,
    /// The network card it is for, where rules differ by that; none: every one.
    pub(crate) lane: Option<String>,
    /// What people call it: its source, and its id where it has one.
    pub(crate) label: String,
}

/// Which sides of a rule are not wholly known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OpenEnded {
    pub(crate) sources: bool,
    pub(crate) ports: bool,
    pub(crate) protocols: bool,
    pub(crate) order: bool,
}

/// A range of ports that is open, and the rule that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) protocol: Protocol,
    pub(crate) low: u128,
    pub(crate) high: u128,
    pub(crate) by: String,
}

impl Opening {
    pub(crate) fn show(&self) -> String {
        let name = self.protocol.name();
        if self.low == self.high {
            format!("{name}/{} from {}", self.low, self.by)
        } else {
            format!("{name}/{}-{} from {}", self.low, self.high, self.by)
        }
    }
}

/// How rules that are not wholly known are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Allowances admit no more than they say, denials deny everything: what is open here is open for sure.
    Least,
    /// Allowances admit everything, denials no more than they say: what is closed here is closed for sure.
    Most,
}

/// A rule under one reading.
struct Read<'r> {
    rule: &'r Rule,
    order: i64,
    protocols: Protocols,
    ports: PortSet,
    sources: IpSet,
}

impl<'r> Read<'r> {
    fn of(rule: &'r Rule, reading: Reading) -> Self {
        let widened = match reading {
            Reading::Least => !rule.allow,
            Reading::Most => rule.allow,
        };
        let widen = |open_ended: bool| open_ended && widened;
        let open = rule.open_ended;
        let order = match (open.order, widened) {
            (false, _) => rule.order,
            // Where it is not known when a rule decides, it decides first or last, whichever is the reading.
            (true, true) => i64::MIN,
            (true, false) => i64::MAX,
        };
        Self {
            rule,
            order,
            protocols: if widen(open.protocols) {
                Protocols::ALL
            } else {
                rule.protocols
            },
            ports: if widen(open.ports) {
                PortSet::any()
            } else {
                rule.ports.clone()
            },
            sources: if widen(open.sources) {
                IpSet::any()
            } else {
                rule.sources.clone()
            },
        }
    }
}

/// The parts of `ports` on which `open` says so of what each rule, in order, still admits.
///
/// `open` is given the sources that a rule admits after the rules before it, and the sources that all admitting rules
/// so far name; it says whether this makes an opening. A rule that no public address is left to is not counted.
pub(crate) fn openings(
    rules: &[Rule],
    ports: &PortSet,
    reading: Reading,
    open: impl Fn(&IpSet, &IpSet) -> bool,
) -> Vec<Opening> {
    let mut lanes: Vec<Option<&str>> = rules.iter().map(|rule| rule.lane.as_deref()).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let several = lanes.iter().flatten().count() > 0;
    let mut found = Vec::new();
    for lane in lanes.into_iter().filter(|lane| lane.is_some() || !several) {
        let here = |rule: &&Rule| rule.lane.is_none() || rule.lane.as_deref() == lane;
        let mut read: Vec<Read<'_>> = rules
            .iter()
            .filter(here)
            .map(|rule| Read::of(rule, reading))
            .collect();
        read.sort_by_key(|read| (read.order, read.rule.allow));
        found.extend(openings_of(&read, ports, &open));
    }
    found
}

fn openings_of(
    rules: &[Read<'_>],
    ports: &PortSet,
    open: &impl Fn(&IpSet, &IpSet) -> bool,
) -> Vec<Opening> {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        for (low, high) in segments(rules, ports, protocol) {
            if let Some(by) = decide(rules, protocol, (low, high), open) {
                found.push(Opening {
                    protocol,
                    low,
                    high,
                    by,
                });
            }
        }
    }
    join(found)
}

fn decide(
    rules: &[Read<'_>],
    protocol: Protocol,
    (low, high): (u128, u128),
    open: &impl Fn(&IpSet, &IpSet) -> bool,
) -> Option<String> {
    let segment = Ranges::of(vec![(low, high)]);
    let mut decided = IpSet::default();
    let mut admitted = IpSet::default();
    for read in rules.iter().filter(|read| read.protocols.has(protocol)) {
        if !read.ports.0.covers(&segment) {
            continue;
        }
        let fresh = read.sources.minus(&decided);
        decided = decided.union(&read.sources);
        if read.rule.allow && fresh.has_public() {
            admitted = admitted.union(&read.sources);
            if open(&fresh, &admitted) {
                return Some(read.rule.label.clone());
            }
        }
    }
    None
}

/// The ranges of `ports` on which no rule begins or ends.
fn segments(rules: &[Read<'_>], ports: &PortSet, protocol: Protocol) -> Vec<(u128, u128)> {
    let mut cuts: Vec<u128> = Vec::new();
    for read in rules.iter().filter(|read| read.protocols.has(protocol)) {
        let ranges = read.ports.0.as_slice().iter();
        cuts.extend(ranges.flat_map(|&(low, high)| [low, high + 1]));
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut parts = Vec::new();
    for &(low, high) in ports.0.as_slice() {
        let mut from = low;
        for &cut in cuts.iter().filter(|cut| **cut > low && **cut <= high) {
            parts.push((from, cut - 1));
            from = cut;
        }
        parts.push((from, high));
    }
    parts
}

/// Joins neighbours that the same rule opens.
fn join(openings: Vec<Opening>) -> Vec<Opening> {
    let mut joined: Vec<Opening> = Vec::new();
    for next in openings {
        match joined.last_mut() {
            Some(last)
                if last.protocol == next.protocol
                    && last.by == next.by
                    && last.high + 1 == next.low =>
            {
                last.high = next.high;
            }
            _ => joined.push(next),
        }
    }
    joined
}
