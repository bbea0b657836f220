//! What the tree does not keep: enough of it to tell "not kept" from "not there".

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use super::{Lead, Wants};

/// The size of the filter, bits; a power of two. At 100,000 files it errs once in a thousand times.
const BITS: u64 = 1 << 21;
/// How many bits stand for one path.
const PROBES: u64 = 4;

/// The files that were seen and not kept, as a filter of fixed size: it may take a path for one of them that is none,
/// never the other way round. Paths that readers ask for are not looked up in it: the tree knows them all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unkept {
    words: Option<Arc<Vec<u64>>>,
    wants: Arc<Wants>,
    /// The readers' patterns of which not every entry was kept.
    dropped: BTreeSet<String>,
}

impl Unkept {
    /// Nothing yet; `wants` are kept.
    pub(crate) fn new(wants: Arc<Wants>) -> Self {
        Self {
            wants,
            ..Self::default()
        }
    }

    /// What readers ask for.
    pub(crate) fn wants(&self) -> &Arc<Wants> {
        &self.wants
    }

    /// Asks for one more; false: it was asked for already, or there are too many.
    pub(crate) fn ask(&mut self, lead: &Lead) -> bool {
        Arc::make_mut(&mut self.wants).add(lead)
    }

    /// Remembers a path that is not kept.
    pub(crate) fn insert(&mut self, path: &[u8]) {
        let empty = || Arc::new(vec![0; usize::try_from(BITS / 64).unwrap_or_default()]);
        let words = Arc::make_mut(self.words.get_or_insert_with(empty));
        for (word, bit) in places(path) {
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Remembers a path whose entry is asked for and not kept all the same: there are too many.
    pub(crate) fn drop_seen(&mut self, path: &[u8]) {
        self.insert(path);
        let missing = self.wants.entry_patterns(path);
        let missing = missing.filter(|pattern| !self.dropped.contains(*pattern));
        let missing: Vec<String> = missing.cloned().collect();
        self.dropped.extend(missing);
    }

    /// Whether what a pattern names was perhaps not kept in full.
    pub(crate) fn lacks_of(&self, pattern: &str) -> bool {
        let pattern = pattern.trim_start_matches('/');
        self.dropped.contains(pattern) || self.wants.may_lead(pattern, &self.dropped)
    }

    /// Whether a path that the tree does not have may be in the image all the same.
    pub(crate) fn may_lack(&self, path: &[u8]) -> bool {
        let known = || {
            let mut patterns = self.wants.entry_patterns(path);
            self.wants.entry(path) && !patterns.any(|pattern| self.dropped.contains(pattern))
        };
        self.may_hold(path) && !known()
    }

    /// Whether such a path was perhaps seen.
    pub(crate) fn may_hold(&self, path: &[u8]) -> bool {
        let Some(words) = &self.words else {
            return false;
        };
        places(path).all(|(word, bit)| words.get(word).is_some_and(|word| word & bit != 0))
    }

    /// What it takes, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.words.as_ref().map_or(0, |_| BITS / 8)
    }
}

fn places(path: &[u8]) -> impl Iterator<Item = (usize, u64)> {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(path);
    let (first, step) = (hash, (hash >> 32) | 1);
    (0..PROBES).map(move |n| {
        let bit = first.wrapping_add(n.wrapping_mul(step)) % BITS;
        (
            usize::try_from(bit / 64).unwrap_or_default(),
            1 << (bit % 64),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found() {
        let mut unkept = Unkept::default();
        assert!(!unkept.may_hold(b"a"));
        for n in 0..1000 {
            unkept.insert(format!("usr/share/{n}").as_bytes());
        }
        let holds = |prefix: &str| {
            let held = (0..1000).filter(|n| unkept.may_hold(format!("{prefix}{n}").as_bytes()));
            held.count()
        };
        assert_eq!(holds("usr/share/"), 1000);
        assert!(holds("etc/") < 3);
    }
}
