//! The fast search: every place where a literal of some rule stands.
//!
//! A needle is the rarest three or four bytes of a literal; many literals can share one. Needles are searched by SIMD
//! (Teddy) in groups, since one searcher takes few of them well; a literal without regard to case becomes the few
//! spellings of a three-byte needle, which keeps it off the slow automaton.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::packed::{self, MatchKind};
use aho_corasick::{AhoCorasick, Input};

/// What is looked for: bytes, and whether case counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) bytes: Vec<u8>,
    pub(super) ignore_case: bool,
    pub(super) scope: Scope,
}

/// Where a literal is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In every file.
    Anywhere,
    /// In text.
    Text,
    /// In text that may hold settings with names.
    Named,
}

impl Literal {
    /// Whether it stands at this place.
    fn stands(&self, haystack: &[u8], at: usize) -> bool {
        let Some(found) = haystack.get(at..at.saturating_add(self.bytes.len())) else {
            return false;
        };
        found == self.bytes || self.ignore_case && found.eq_ignore_ascii_case(&self.bytes)
    }
}

/// All needles.
#[derive(Debug)]
pub(super) struct Needles {
    literals: Vec<Literal>,
    anywhere: Vec<Group>,
    text: Vec<Group>,
    named: Vec<Group>,
    longest: usize,
}

/// Needles that are searched together.
#[derive(Debug)]
struct Group {
    searcher: Searcher,
    /// By needle: literals and where in them the needle stands.
    targets: Vec<Vec<(usize, usize)>>,
}

/// SIMD where the processor has it.
#[derive(Debug)]
enum Searcher {
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

/// A needle and its targets: literals and where in them it stands.
type Needle = (Vec<u8>, Vec<(usize, usize)>);

/// The most needles of one searcher.
const GROUP: usize = 32;

impl Needles {
    /// # Errors
    /// No searcher could be made.
    pub(super) fn new(literals: Vec<Literal>) -> Result<Self, String> {
        let of = |scope: Scope| -> Vec<usize> {
            let all = literals.iter().enumerate();
            let these = all.filter(|(_, literal)| literal.scope == scope);
            these.map(|(at, _)| at).collect()
        };
        Ok(Self {
            anywhere: groups(&literals, &of(Scope::Anywhere))?,
            text: groups(&literals, &of(Scope::Text))?,
            named: groups(&literals, &of(Scope::Named))?,
            longest: literals
                .iter()
                .map(|l| l.bytes.len())
                .max()
                .unwrap_or_default(),
            literals,
        })
    }

    /// Calls `found` with literal and place for every literal that begins in `from..to`.
    pub(super) fn find(
        &self,
        haystack: &[u8],
        from: usize,
        to: usize,
        scope: Scope,
        mut found: impl FnMut(usize, usize),
    ) {
        let end = to.saturating_add(self.longest).min(haystack.len());
        let text = if scope == Scope::Anywhere {
            &[]
        } else {
            self.text.as_slice()
        };
        let named = if scope == Scope::Named {
            self.named.as_slice()
        } else {
            &[]
        };
        for group in self.anywhere.iter().chain(text).chain(named) {
            group.each(haystack, from, end, |needle, place| {
                for (literal, offset) in group.targets.get(needle).into_iter().flatten() {
                    let Some(start) = place.checked_sub(*offset) else {
                        continue;
                    };
                    let wanted = self.literals.get(*literal);
                    if start >= from
                        && start < to
                        && wanted.is_some_and(|l| l.stands(haystack, start))
                    {
                        found(*literal, start);
                    }
                }
            });
        }
    }
}

impl Group {
    /// Every place of every needle; needles of one length cannot hide each other, so the search goes on one byte later.
    fn each(&self, haystack: &[u8], from: usize, end: usize, mut hit: impl FnMut(usize, usize)) {
        let mut at = from;
        while at < end {
            let found = match &self.searcher {
                Searcher::Packed(searcher) => searcher
                    .find_in(haystack, aho_corasick::Span::from(at..end))
                    .map(|m| (m.pattern().as_usize(), m.start())),
                Searcher::Automaton(automaton) => automaton
                    .find(Input::new(haystack).span(at..end))
                    .map(|m| (m.pattern().as_usize(), m.start())),
            };
            let Some((needle, place)) = found else { return };
            hit(needle, place);
            at = place + 1;
        }
    }
}

/// Needles of these literals, by length, in groups.
fn groups(literals: &[Literal], which: &[usize]) -> Result<Vec<Group>, String> {
    let mut needles: Vec<Needle> = Vec::new();
    for (at, offset, length) in cover(literals, which) {
        let Some(literal) = literals.get(at) else {
            continue;
        };
        for needle in spellings(literal, offset, length) {
            match needles.iter_mut().find(|(bytes, _)| *bytes == needle) {
                Some((_, targets)) => targets.push((at, offset)),
                None => needles.push((needle, vec![(at, offset)])),
            }
        }
    }
    // Needles that begin alike stand together, so that they share a bucket of the searcher.
    needles.sort();
    let (short, long): (Vec<_>, Vec<_>) = needles.into_iter().partition(|(n, _)| n.len() < 4);
    let parts = [short, long];
    parts
        .iter()
        .flat_map(|part| even(part))
        .map(group)
        .collect()
}

/// Cuts a list into the fewest pieces of about one size.
fn even<T>(list: &[T]) -> impl Iterator<Item = &[T]> {
    let pieces = list.len().div_ceil(GROUP).max(1);
    list.chunks(list.len().div_ceil(pieces).max(1))
}

fn group(needles: &[Needle]) -> Result<Group, String> {
    let words = || needles.iter().map(|(needle, _)| needle);
    let packed = packed::Config::new()
        .match_kind(MatchKind::LeftmostFirst)
        .heuristic_pattern_limits(false)
        .builder()
        .extend(words())
        .build();
    let searcher = match packed {
        Some(searcher) => Searcher::Packed(searcher),
        None => Searcher::Automaton(AhoCorasick::new(words()).map_err(|why| why.to_string())?),
    };
    let targets = needles.iter().map(|(_, targets)| targets.clone()).collect();
    Ok(Group { searcher, targets })
}

/// A piece of a literal and whether case is disregarded in it.
type Piece<'l> = (&'l [u8], bool);

/// For each literal a piece of it, so that few pieces serve all and rare ones are preferred: literal, offset, length.
fn cover(literals: &[Literal], which: &[usize]) -> Vec<(usize, usize, usize)> {
    let mut pieces: BTreeMap<Piece<'_>, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, literal) in which
        .iter()
        .filter_map(|at| Some((*at, literals.get(*at)?)))
    {
        let length = if literal.ignore_case {
            3
        } else {
            literal.bytes.len().min(4)
        };
        for (offset, piece) in literal.bytes.windows(length).enumerate() {
            let places = pieces.entry((piece, literal.ignore_case)).or_default();
            if places.iter().all(|(other, _)| *other != at) {
                places.push((at, offset));
            }
        }
    }
    let mut open: BTreeSet<usize> = which.iter().copied().collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let worth = |(piece, ignore_case): &Piece<'_>, places: &[(usize, usize)]| {
            let served = places.iter().filter(|(at, _)| open.contains(at)).count();
            (served > 0)
                .then(|| SHARED * i64::try_from(served).unwrap_or(0) - cost(piece, *ignore_case))
        };
        let best = pieces
            .iter()
            .filter_map(|(piece, places)| Some((worth(piece, places)?, piece, places)));
        let Some((_, piece, places)) = best.max_by_key(|(worth, ..)| *worth) else {
            break;
        };
        for (at, offset) in places {
            if open.remove(at) {
                chosen.push((*at, *offset, piece.0.len()));
            }
        }
    }
    chosen
}

/// What a literal more that shares a needle is worth, in the measure of [`cost`].
const SHARED: i64 = 6;

/// How often a needle will be met, roughly, and how many spellings it takes.
fn cost(piece: &[u8], ignore_case: bool) -> i64 {
    let spelt = |byte: &u8| {
        if ignore_case && byte.is_ascii_alphabetic() {
            2
        } else {
            0
        }
    };
    piece
        .iter()
        .map(|byte| i64::from(commonness(*byte)) + spelt(byte))
        .sum()
}

/// The spellings of a needle: one, or all mixtures of case.
fn spellings(literal: &Literal, offset: usize, length: usize) -> Vec<Vec<u8>> {
    let needle = literal
        .bytes
        .get(offset..offset + length)
        .unwrap_or_default();
    let mut all = vec![Vec::new()];
    for byte in needle {
        let mut forms = vec![*byte];
        if literal.ignore_case && byte.is_ascii_alphabetic() {
            forms = vec![byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        }
        all = all
            .into_iter()
            .flat_map(|start: Vec<u8>| {
                forms
                    .iter()
                    .map(move |form| [start.as_slice(), &[*form]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}

/// How common a byte is in files, roughly: the logarithm of its share, from 0 for a rare one.
fn commonness(byte: u8) -> u32 {
    match byte {
        0 | b' ' => 10,
        b'e' | b't' | b'a' | b'i' | b'n' | b'o' | b's' | b'r' => 9,
        b'l' | b'c' | b'd' | b'p' | b'm' | b'u' | b'_' => 8,
        b'h' | b'f' | b'g' | b'b' | b'y' | b'.' | b'-' | b'/' | b'\n' | b'=' | b'"' => 7,
        b'v' | b'w' | b'x' | b'k' | b'0'..=b'9' | b':' | b',' | b'(' => 6,
        b'A'..=b'I' | b'L'..=b'P' | b'R'..=b'U' | b'j' | b'q' | b'z' => 4,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{Literal, Needles, Scope};

    fn found(words: &[(&str, bool)], text: &str) -> Vec<(usize, usize)> {
        let literals = words
            .iter()
            .map(|(word, ignore_case)| Literal {
                bytes: word.as_bytes().to_vec(),
                ignore_case: *ignore_case,
                scope: Scope::Anywhere,
            })
            .collect();
        let needles = Needles::new(literals).unwrap();
        let mut all = Vec::new();
        needles.find(
            text.as_bytes(),
            0,
            text.len(),
            Scope::Named,
            |literal, at| {
                all.push((literal, at));
            },
        );
        all.sort_unstable();
        all
    }

    #[test]
    fn literals_that_overlap_are_all_found() {
        let words = [
            ("AKIA", false),
            ("KIAX", false),
            ("AKIAX", false),
            ("secret", true),
        ];
        assert_eq!(
            found(&words, "..AKIAX.. SeCrEt"),
            [(0, 2), (1, 3), (2, 2), (3, 10)]
        );
    }

    #[test]
    fn hundreds_of_literals_are_found_in_a_long_text() {
        let words: Vec<String> = (0..300).map(|n| format!("K{n:03}z-{n}")).collect();
        let pairs: Vec<(&str, bool)> = words.iter().map(|w| (w.as_str(), false)).collect();
        let text = words.join(&" ".repeat(50));
        assert_eq!(found(&pairs, &text).len(), 300);
    }
}
