//! The hits of one file, bounded, and the same whatever order they come in.

use super::hit::SecretHit;

/// The most hits of one rule that a file keeps.
pub(super) const KEPT: usize = 8;
/// The most that wait until the end of the file, where those that overlap are dropped.
const WAITING: usize = 32;

/// A hit and whether a name found it.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) hit: SecretHit,
    pub(super) named: bool,
    /// The rule's id: of two names that found one value the lower one, which is the more specific, counts.
    pub(super) rank: i64,
    /// It counts in text only.
    pub(super) text: bool,
}

impl Raw {
    /// Who goes before whom where two found one value: a secret's own shape before any name.
    fn precedence(&self) -> i64 {
        if self.named { self.rank } else { 0 }
    }

    /// The longest of the earliest first.
    fn order(&self) -> (u64, std::cmp::Reverse<u64>) {
        (self.hit.start, std::cmp::Reverse(self.hit.end))
    }
}

/// What was found in a file so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By rule, in order; rules without a hit are not there.
    rules: Vec<(usize, Vec<Raw>)>,
    more: Vec<(usize, u64)>,
}

impl Found {
    /// Whether a hit that begins at or after `start` could be kept, and is not there yet.
    pub(super) fn wants(&self, rule: usize, start: u64, end: u64) -> bool {
        let Some((_, list)) = self.rules.iter().find(|(r, _)| *r == rule) else {
            return true;
        };
        !list
            .iter()
            .any(|raw| raw.hit.start == start && raw.hit.end == end)
    }

    /// Keeps a hit, or counts it.
    pub(super) fn add(&mut self, raw: Raw) {
        let rule = raw.hit.rule;
        let at = self
            .rules
            .iter()
            .position(|(r, _)| *r == rule)
            .unwrap_or_else(|| {
                self.rules.push((rule, Vec::new()));
                self.rules.len() - 1
            });
        let Some((_, list)) = self.rules.get_mut(at) else {
            return;
        };
        let place = list.partition_point(|other| other.order() < raw.order());
        list.insert(place, raw);
        if list.len() > WAITING {
            list.pop();
            self.count(rule, 1);
        }
    }

    fn count(&mut self, rule: usize, hits: usize) {
        let hits = u64::try_from(hits).unwrap_or(u64::MAX);
        match self.more.iter_mut().find(|(r, _)| *r == rule) {
            Some((_, more)) => *more = more.saturating_add(hits),
            None if hits > 0 => self.more.push((rule, hits)),
            None => {}
        }
    }

    /// The hits of a file, and how many more of a rule there are at least. Names give way to what a secret's own shape
    /// or a more specific name found in the same place; what is looked for in text only counts for nothing in a binary file.
    pub(super) fn take(&mut self, binary: bool, hits: &mut Vec<SecretHit>) -> Vec<(usize, u64)> {
        let rules = std::mem::take(&mut self.rules);
        let counts = |raw: &Raw| !(raw.text && binary);
        let taken: Vec<(u64, u64, i64)> = rules
            .iter()
            .flat_map(|(_, list)| list)
            .filter(|raw| counts(raw))
            .map(|raw| (raw.hit.start, raw.hit.end, raw.precedence()))
            .collect();
        let known = |raw: &Raw| {
            let overlaps =
                |(start, end, _): &&(u64, u64, i64)| raw.hit.start < *end && *start < raw.hit.end;
            let mut others = taken.iter().filter(overlaps);
            others.any(|(_, _, other)| *other < raw.precedence())
        };
        let first = hits.len();
        for (rule, list) in rules {
            let kept = apart(list, |raw| counts(raw) && !(raw.named && known(raw)));
            self.count(rule, kept.len().saturating_sub(KEPT));
            let counted = |raw: Raw| SecretHit {
                line: raw.hit.line.filter(|_| !binary),
                ..raw.hit
            };
            hits.extend(kept.into_iter().take(KEPT).map(counted));
        }
        if let Some(new) = hits.get_mut(first..) {
            new.sort_by_key(|hit| (hit.start, hit.rule));
        }
        std::mem::take(&mut self.more)
    }
}

/// Those of one rule's hits that count and do not overlap an earlier one.
fn apart(list: Vec<Raw>, counts: impl Fn(&Raw) -> bool) -> Vec<Raw> {
    let mut kept: Vec<Raw> = Vec::new();
    for raw in list.into_iter().filter(|raw| counts(raw)) {
        if kept.last().is_none_or(|last| last.hit.end <= raw.hit.start) {
            kept.push(raw);
        }
    }
    kept
}
