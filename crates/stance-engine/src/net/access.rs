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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Protocols {
    pub(crate) tcp: bool,
    pub(crate) udp: bool,
}

impl Protocols {
    /// Reads a protocol's name or number; other protocols than TCP and UDP have no ports.
    pub(crate) fn parse(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let all = ["all", "any", "-1", "*", ""].contains(&name.as_str());
        Self {
            tcp: all || name == "tcp" || name == "6",
            udp: all || name == "udp" || name == "17",
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
    /// What people call it: its source, and its id where it has one.
    pub(crate) label: String,
}

/// Which sides of a rule are not wholly known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OpenEnded {
    pub(crate) sources: bool,
    pub(crate) ports: bool,
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

/// Sorts rules into the order in which they decide.
pub(crate) fn order(rules: &mut [Rule]) {
    rules.sort_by_key(|rule| (rule.order, rule.allow));
}

/// The parts of `ports` on which `open` says so of what each rule, in order, still admits.
///
/// `open` is given the sources that a rule admits after the rules before it, and the sources that all admitting rules
/// so far name; it says whether this makes an opening.
pub(crate) fn openings(
    rules: &[Rule],
    ports: &PortSet,
    reading: Reading,
    open: impl Fn(&IpSet, &IpSet) -> bool,
) -> Vec<Opening> {
    let mut found = Vec::new();
    for protocol in Protocol::ALL {
        for (low, high) in segments(rules, ports, protocol, reading) {
            if let Some(by) = decide(rules, protocol, (low, high), reading, &open) {
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
    rules: &[Rule],
    protocol: Protocol,
    (low, high): (u128, u128),
    reading: Reading,
    open: &impl Fn(&IpSet, &IpSet) -> bool,
) -> Option<String> {
    let segment = Ranges::of(vec![(low, high)]);
    let mut decided = IpSet::default();
    let mut admitted = IpSet::default();
    for rule in rules.iter().filter(|rule| rule.protocols.has(protocol)) {
        let (sources, rule_ports) = read(rule, reading);
        if !rule_ports.0.covers(&segment) {
            continue;
        }
        let fresh = sources.minus(&decided);
        decided = decided.union(&sources);
        if rule.allow && !fresh.is_empty() {
            admitted = admitted.union(&sources);
            if open(&fresh, &admitted) {
                return Some(rule.label.clone());
            }
        }
    }
    None
}

fn read(rule: &Rule, reading: Reading) -> (IpSet, PortSet) {
    let widened = match reading {
        Reading::Least => !rule.allow,
        Reading::Most => rule.allow,
    };
    let widen = |open_ended: bool| open_ended && widened;
    let sources = if widen(rule.open_ended.sources) {
        IpSet::any()
    } else {
        rule.sources.clone()
    };
    let ports = if widen(rule.open_ended.ports) {
        PortSet::any()
    } else {
        rule.ports.clone()
    };
    (sources, ports)
}

/// The ranges of `ports` on which no rule begins or ends.
fn segments(
    rules: &[Rule],
    ports: &PortSet,
    protocol: Protocol,
    reading: Reading,
) -> Vec<(u128, u128)> {
    let mut cuts: Vec<u128> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.protocols.has(protocol)) {
        let (_, rule_ports) = read(rule, reading);
        cuts.extend(
            rule_ports
                .0
                .as_slice()
                .iter()
                .flat_map(|&(low, high)| [low, high + 1]),
        );
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
