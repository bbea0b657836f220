//! Functions over sets of addresses.

use stance_model::ReasonKind;

use crate::eval::Eval;
use crate::net::ip::{self, Block, IpSet};
use crate::value::{Val, Why};

/// Entries read from an argument, with what could not be read of it.
pub(super) struct Entries<'a> {
    /// Each entry with what it names.
    pub(super) read: bumpalo::collections::Vec<'a, (&'a str, Block)>,
    /// Why there may be more.
    pub(super) missing: Option<Why<'a>>,
}

impl Entries<'_> {
    fn blocks(&self) -> impl Iterator<Item = Block> {
        self.read.iter().map(|(_, block)| *block)
    }

    pub(super) fn set(&self) -> IpSet {
        IpSet::of(self.blocks())
    }

    fn covers_public(&self) -> bool {
        !ip::too_few(self.blocks()) && self.set().covers_public()
    }
}

/// Reads a comma list or a list of them. A part that is no address is noted, not guessed at.
pub(super) fn entries<'a>(value: Val<'a>, eval: &Eval<'a>) -> Entries<'a> {
    let mut entries = Entries {
        read: eval.room(),
        missing: None,
    };
    match (value.as_list(), value) {
        (Some(list), _) => {
            entries.missing = list.incomplete;
            for item in list.items.iter() {
                match item.as_list() {
                    // The entries of several lists, such as those of one listener.
                    Some(_) => entries.join(self::entries(item, eval)),
                    None => entries.add(item, eval),
                }
            }
        }
        (None, Val::Blocks(blocks)) => {
            let read = blocks.0.iter();
            entries
                .read
                .extend(read.map(|(text, block)| (text.as_str(), *block)));
        }
        (None, value) => entries.add(value, eval),
    }
    eval.spend(entries.read.len() as u64);
    if eval.is_spent() {
        // Too many to work with: what the rest says is not known.
        entries.read.clear();
        entries.missing = Some(eval.why(ReasonKind::Budget, "an address list"));
    }
    entries
}

impl<'a> Entries<'a> {
    fn add(&mut self, value: Val<'a>, eval: &Eval<'a>) {
        let text = match value {
            Val::Str(text) => text,
            Val::Unknown(why) => return self.lack(why),
            other => return self.lack(eval.why_mismatch("an address list", other.type_name())),
        };
        eval.spend_reading(text.len());
        for entry in ip::entries(text) {
            match ip::block(entry) {
                Some(block) => self.read.push((entry, block)),
                None => self.lack(eval.why_mismatch(
                    "an address list",
                    "an entry that is no address or CIDR block",
                )),
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.read.extend(other.read);
        self.missing = self.missing.or(other.missing);
    }

    fn lack(&mut self, why: Why<'a>) {
        self.missing = self.missing.or(Some(why));
    }
}

pub(super) fn list<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    match value {
        Val::Str(text) => {
            eval.spend_reading(text.len());
            eval.list(ip::entries(text).map(Val::Str))
        }
        other => eval.mismatch("cidr.list", other.type_name()),
    }
}

/// True when it is so whatever is missing; else unknown when something is missing; else false.
fn settled<'a>(yes: bool, missing: Option<Why<'a>>) -> Val<'a> {
    match missing {
        Some(why) if !yes => Val::Unknown(why),
        _ => Val::Bool(yes),
    }
}

pub(super) fn covers_all<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    settled(entries.covers_public(), entries.missing)
}

/// The entries without which the cover would not be one: one that covers alone, or those with public addresses.
pub(super) fn covering<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    if !entries.covers_public() {
        return entries.missing.map_or(Val::EMPTY, Val::Unknown);
    }
    let of = |holds: fn(&IpSet) -> bool| -> Vec<Val<'a>> {
        let fits = |(_, block): &&(&str, Block)| holds(&IpSet::of([*block]));
        entries
            .read
            .iter()
            .filter(fits)
            .map(|(text, _)| Val::Str(text))
            .collect()
    };
    let alone = of(IpSet::covers_public);
    eval.list(if alone.is_empty() {
        of(IpSet::has_public)
    } else {
        alone
    })
}

pub(super) fn within<'a>(value: Val<'a>, allowed: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let (inner, outer) = (entries(value, eval), entries(allowed, eval));
    let beyond = !outer.set().covers(&inner.set());
    match (outer.missing, inner.missing) {
        // Whatever is missing of `allowed` might admit it.
        (Some(why), _) if beyond => Val::Unknown(why),
        (_, Some(why)) if !beyond => Val::Unknown(why),
        _ => Val::Bool(!beyond),
    }
}

pub(super) fn overlaps<'a>(a: Val<'a>, b: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let (a, b) = (entries(a, eval), entries(b, eval));
    settled(a.set().intersects(&b.set()), a.missing.or(b.missing))
}

pub(super) fn is_public<'a>(value: Val<'a>, eval: &Eval<'a>) -> Val<'a> {
    let entries = entries(value, eval);
    settled(entries.set().has_public(), entries.missing)
}
