//! Functions over sets of addresses.

use crate::eval::Eval;
use crate::net::ip::{self, IpSet};
use crate::value::{List, Val, Why};

/// Entries read from an argument, with what could not be read of it.
pub(super) struct Entries<'a> {
    /// Each entry with its set.
    pub(super) read: Vec<(&'a str, IpSet)>,
    /// Why there may be more.
    pub(super) missing: Option<Why<'a>>,
}

impl Entries<'_> {
    pub(super) fn set(&self) -> IpSet {
        self.read
            .iter()
            .fold(IpSet::default(), |all, (_, set)| all.union(set))
    }
}

/// Reads a comma list or a list of them. A part that is no address is noted, not guessed at.
pub(super) fn entries<'a>(value: Val<'a>, eval: &Eval<'a>) -> Entries<'a> {
    let mut entries = Entries {
        read: Vec::new(),
        missing: None,
    };
    match value {
        Val::Str(text) => entries.add(text, eval),
        Val::List(List { items, incomplete }) => {
            entries.missing = incomplete;
            for item in items.iter() {
                match item {
                    Val::Str(text) => entries.add(text, eval),
                    Val::Unknown(why) => entries.missing = Some(why),
                    other => {
                        entries.missing =
                            Some(eval.why_mismatch("an address list", other.type_name()));
                    }
                }
            }
        }
        Val::Unknown(why) => entries.missing = Some(why),
        other => entries.missing = Some(eval.why_mismatch("an address list", other.type_name())),
    }
    eval.spend(entries.read.len() as u64);
    entries
}

impl<'a> Entries<'a> {
    fn add(&mut self, text: &'a str, eval: &Eval<'a>) {
        for part in parts(text) {
            match ip::parse(part) {
                Some(set) => self.read.push((part, set)),
                None => {
                    self.missing = Some(eval.why_mismatch(
                        "an address list",
                        "an entry that is no address or CIDR block",
                    ));
                }
            }
        }
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
}

pub(super) fn list<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Str(text) => eval.list(parts(text).map(Val::Str)),
        other => eval.mismatch("cidr.list", other.type_name()),
    }
}

/// `yes` when it is so whatever is missing; else unknown when something is missing; else `no`.
fn settled<'a>(yes: bool, missing: Option<Why<'a>>, otherwise: bool) -> Val<'a> {
    match missing {
        _ if yes => Val::Bool(!otherwise),
        Some(why) => Val::Unknown(why),
        None => Val::Bool(otherwise),
    }
}

pub(super) fn covers_all<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    settled(entries.set().covers_public(), entries.missing, false)
}

/// The entries without which the cover would not be one: one that covers alone, or those with public addresses.
pub(super) fn covering<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    if !entries.set().covers_public() {
        return entries.missing.map_or(Val::EMPTY, Val::Unknown);
    }
    let alone: Vec<&str> = entries
        .read
        .iter()
        .filter(|(_, set)| set.covers_public())
        .map(|(text, _)| *text)
        .collect();
    if !alone.is_empty() {
        return eval.list(alone.into_iter().map(Val::Str));
    }
    eval.list(
        entries
            .read
            .iter()
            .filter(|(_, set)| set.has_public())
            .map(|(text, _)| Val::Str(text)),
    )
}

pub(super) fn within<'a>(value: Val<'a>, allowed: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let (inner, outer) = (entries(value, eval), entries(allowed, eval));
    let beyond = !outer.set().covers(&inner.set());
    match (beyond, outer.missing.or(inner.missing)) {
        // Whatever is missing of `allowed` might admit it.
        (true, _) if outer.missing.is_none() => Val::Bool(false),
        (_, Some(why)) => Val::Unknown(why),
        (beyond, None) => Val::Bool(!beyond),
    }
}

pub(super) fn overlaps<'a>(a: Val<'a>, b: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let (a, b) = (entries(a, eval), entries(b, eval));
    settled(a.set().intersects(&b.set()), a.missing.or(b.missing), false)
}

pub(super) fn is_public<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    settled(entries.set().has_public(), entries.missing, false)
}
