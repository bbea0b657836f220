//! What readers ask for: patterns of paths, and where links lead them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use super::glob::{matches_path, matches_segment};
use crate::read::{READERS, SEES};

/// How many paths links may add: an image with more links into what is asked for than this has odd ones among them.
const MOST_ADDED: usize = 256;

/// What the tree keeps for readers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wants {
    base: Arc<Base>,
    content: Added,
    entries: Added,
}

/// Where links lead what is asked for.
#[derive(Debug, Clone, Default)]
struct Added {
    paths: BTreeSet<Vec<u8>>,
    /// What is in a folder that a link leads to, as patterns.
    patterns: Patterns,
}

/// The patterns of the readers.
#[derive(Debug, Default)]
struct Base {
    content: Patterns,
    entries: Patterns,
}

/// Patterns, found by what of them is plain: a path is held against few of them.
#[derive(Debug, Clone, Default)]
struct Patterns {
    texts: Vec<String>,
    /// Those that are plain paths.
    plain: HashMap<Vec<u8>, usize>,
    /// Those whose last segment is a plain name.
    by_last: HashMap<Vec<u8>, Vec<usize>>,
    /// Those whose first segment is, with the bytes before the first that is special.
    by_first: HashMap<Vec<u8>, Vec<(Vec<u8>, usize)>>,
    others: Vec<usize>,
}

/// What makes a segment more than a plain name.
const SPECIAL: [char; 3] = ['*', '?', '['];

static READERS_BASE: LazyLock<Arc<Base>> = LazyLock::new(|| {
    let readers = READERS.iter().copied().flatten();
    let content: Vec<&str> = readers.flat_map(|reader| reader.wants).copied().collect();
    let entries: Vec<&str> = SEES.iter().copied().flatten().copied().collect();
    Arc::new(Base::new(&content, &entries))
});

/// Where a link leads what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lead {
    /// Whether content is asked for, not the entry alone.
    pub(crate) content: bool,
    /// Where.
    pub(crate) place: LeadPlace,
}

/// To where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeadPlace {
    /// To one path.
    Path(Vec<u8>),
    /// Into a folder: the folder, and the pattern in it.
    Folder(Vec<u8>, String),
}

impl Base {
    fn new(content: &[&str], entries: &[&str]) -> Self {
        Self {
            content: Patterns::new(content),
            entries: Patterns::new(entries),
        }
    }
}

impl Patterns {
    fn new(patterns: &[&str]) -> Self {
        let mut all = Self::default();
        for pattern in patterns {
            all.add((*pattern).to_owned());
        }
        all
    }

    fn add(&mut self, pattern: String) {
        let at = self.texts.len();
        let bytes = |text: &str| text.as_bytes().to_vec();
        let first = pattern.split('/').next().unwrap_or_default();
        let last = pattern.rsplit('/').next().unwrap_or_default();
        match pattern.find(SPECIAL) {
            None => drop(self.plain.insert(bytes(&pattern), at)),
            Some(_) if !last.contains(SPECIAL) => {
                self.by_last.entry(bytes(last)).or_default().push(at);
            }
            Some(special) if !first.contains(SPECIAL) => {
                let before = pattern.as_bytes().get(..special).unwrap_or_default();
                let same = self.by_first.entry(bytes(first));
                same.or_default().push((before.to_vec(), at));
            }
            Some(_) => self.others.push(at),
        }
        self.texts.push(pattern);
    }

    /// Those that a path matches.
    fn matching(&self, path: &[u8]) -> impl Iterator<Item = &String> {
        let slash = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
        let last = path.get(slash..).unwrap_or_default();
        let first = path.split(|byte| *byte == b'/').next().unwrap_or_default();
        let by_first = self.by_first.get(first).map_or(&[][..], Vec::as_slice);
        let by_first = by_first
            .iter()
            .filter(move |(before, _)| path.starts_with(before));
        let by_last = self.by_last.get(last).map_or(&[][..], Vec::as_slice);
        let held = by_last
            .iter()
            .chain(by_first.map(|(_, at)| at))
            .chain(&self.others);
        let held = held.filter_map(|at| self.texts.get(*at));
        let held = held.filter(move |pattern| matches_path(pattern, path));
        let plain = self.plain.get(path).and_then(|at| self.texts.get(*at));
        plain.into_iter().chain(held)
    }

    fn match_any(&self, path: &[u8]) -> bool {
        self.matching(path).next().is_some()
    }
}

impl Added {
    fn has(&self, path: &[u8]) -> bool {
        self.paths.contains(path) || self.patterns.match_any(path)
    }

    fn len(&self) -> usize {
        self.paths.len() + self.patterns.texts.len()
    }
}

impl Wants {
    /// What all readers ask for.
    pub(crate) fn of_readers() -> Self {
        Self {
            base: Arc::clone(&READERS_BASE),
            ..Self::default()
        }
    }

    /// Whether the content of a file at this path is asked for.
    pub(crate) fn content(&self, path: &[u8]) -> bool {
        self.base.content.match_any(path) || self.content.has(path)
    }

    /// Whether the entry at this path is asked for, with or without its content.
    pub(crate) fn entry(&self, path: &[u8]) -> bool {
        self.content(path) || self.base.entries.match_any(path) || self.entries.has(path)
    }

    /// Whether the entry of this one path was asked for in the course of reading: of these there are few.
    pub(crate) fn led(&self, path: &[u8]) -> bool {
        self.entries.paths.contains(path)
    }

    /// The readers' patterns that ask for the entry at this path alone, and where links lead them.
    pub(crate) fn entry_patterns(&self, path: &[u8]) -> impl Iterator<Item = &String> {
        let base = self.base.entries.matching(path);
        base.chain(self.entries.patterns.matching(path))
    }

    /// Whether links lead this one of the readers' patterns elsewhere, perhaps to one of these.
    pub(crate) fn may_lead(&self, pattern: &str, ended: &BTreeSet<String>) -> bool {
        let mut led = self.entries.patterns.texts.iter();
        let asked = || self.base.entries.texts.iter().any(|text| text == pattern);
        led.any(|text| ended.contains(text)) && asked()
    }

    /// Whether a folder or a link may lead to content that is asked for.
    pub(crate) fn leads(&self, path: &[u8]) -> bool {
        let all = self
            .base
            .content
            .texts
            .iter()
            .chain(&self.content.patterns.texts);
        all.into_iter()
            .any(|pattern| !pattern.starts_with("**") && rest_after(pattern, path).is_some())
    }

    /// Where a link at `path` to `target` (inside the root) leads what is asked for.
    pub(crate) fn through(&self, path: &[u8], target: &[u8]) -> Vec<Lead> {
        let mut leads = Vec::new();
        for (content, base, added) in [
            (true, &self.base.content, &self.content),
            (false, &self.base.entries, &self.entries),
        ] {
            let itself = match content {
                true => self.content(path),
                false => self.entry(path),
            };
            let patterns = base.texts.iter().chain(&added.patterns.texts);
            let places = places(patterns, path, target, itself);
            leads.extend(places.into_iter().map(|place| Lead { content, place }));
        }
        leads
    }

    /// Asks for one more; false: it was asked for already, or there are too many.
    pub(crate) fn add(&mut self, lead: &Lead) -> bool {
        if self.content.len() + self.entries.len() >= MOST_ADDED {
            return false;
        }
        let known = match (&lead.place, lead.content) {
            (LeadPlace::Path(path), true) => self.content(path),
            (LeadPlace::Path(path), false) => self.entry(path),
            (LeadPlace::Folder(..), _) => false,
        };
        let (base, added) = match lead.content {
            true => (&self.base.content, &mut self.content),
            false => (&self.base.entries, &mut self.entries),
        };
        match &lead.place {
            LeadPlace::Path(path) => !known && added.paths.insert(path.clone()),
            LeadPlace::Folder(dir, rest) => {
                let Ok(dir) = std::str::from_utf8(dir) else {
                    return false;
                };
                // A name with what is special in patterns would be another pattern.
                if dir.contains(SPECIAL) {
                    return false;
                }
                let pattern = format!("{dir}/{rest}");
                if added.patterns.texts.contains(&pattern) || base.texts.contains(&pattern) {
                    return false;
                }
                added.patterns.add(pattern);
                true
            }
        }
    }

    /// What tells these wants from others.
    pub(crate) fn fingerprint(&self) -> String {
        let (content, entries) = (&self.base.content.texts, &self.base.entries.texts);
        format!("{}\n\n{}", content.join("\n"), entries.join("\n"))
    }
}

/// Where a link leads patterns; `itself`: its own path is asked for.
fn places<'p>(
    patterns: impl Iterator<Item = &'p String>,
    path: &[u8],
    target: &[u8],
    itself: bool,
) -> Vec<LeadPlace> {
    let mut places = Vec::new();
    if itself {
        places.push(LeadPlace::Path(target.to_vec()));
    }
    for rest in patterns.filter_map(|pattern| rest_after(pattern, path)) {
        match rest {
            "" => {}
            rest if rest.contains(SPECIAL) => {
                places.push(LeadPlace::Folder(target.to_vec(), rest.to_owned()));
            }
            rest => places.push(LeadPlace::Path([target, b"/", rest.as_bytes()].concat())),
        }
    }
    places
}

/// What of a pattern is left below a folder; empty where the pattern is the folder itself; none where it leads
/// elsewhere.
fn rest_after<'p>(pattern: &'p str, path: &[u8]) -> Option<&'p str> {
    let mut rest = pattern;
    for segment in path.split(|byte| *byte == b'/') {
        if rest.starts_with("**") {
            return Some(rest);
        }
        let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
        if first.is_empty() || !matches_segment(first.as_bytes(), segment) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_all_readers_are_patterns() {
        let readers = READERS.iter().copied().flatten();
        let sees = SEES.iter().copied().flatten();
        let mut wants = readers.flat_map(|reader| reader.wants).chain(sees);
        let bad = wants.find(|p| p.starts_with('/') || p.ends_with('/') || p.contains(['{', '\\']));
        assert_eq!(bad, None, "no leading slash, no braces, no backslash");
    }

    #[test]
    fn links_lead_on() {
        let mut wants = Wants {
            base: Arc::new(Base::new(&["etc/ssh/*.conf", "etc/passwd"], &["home/*"])),
            ..Wants::default()
        };
        assert!(wants.content(b"etc/ssh/a.conf") && !wants.content(b"etc/ssh/d/a.conf"));
        assert!(wants.entry(b"home/x") && !wants.content(b"home/x"));
        assert!(wants.leads(b"etc/ssh") && !wants.leads(b"usr"));
        let to = |path: &[u8]| Lead {
            content: true,
            place: LeadPlace::Path(path.to_vec()),
        };
        let leads = wants.through(b"etc", b"opt/etc");
        assert!(leads.contains(&to(b"opt/etc/passwd")));
        for lead in &leads {
            wants.add(lead);
        }
        assert!(wants.content(b"opt/etc/ssh/b.conf") && wants.content(b"opt/etc/passwd"));
        assert!(wants.through(b"etc/passwd", b"x").contains(&to(b"x")));
        for lead in wants.through(b"home", b"srv/home") {
            wants.add(&lead);
        }
        assert!(wants.entry(b"srv/home/x") && !wants.content(b"srv/home/x"));
    }
}
