//! What layers make, kept in memory: an image whose lower layers were read before costs only its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::layer::Merged;
use crate::source::LayerSource;

/// What the rest of a state takes, bytes: the layers' names, the patterns.
const EACH: u64 = 32 << 10;

/// Trees and findings by chain of layers, those used last kept, within a number of bytes. Shared by all scans; what was
/// read with other limits or rules is kept apart.
#[derive(Debug)]
pub struct LayerCache {
    most: u64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    states: HashMap<ChainId, State>,
    bytes: u64,
    clock: u64,
}

#[derive(Debug)]
struct State {
    merged: Arc<Merged>,
    bytes: u64,
    used: u64,
}

/// All layers up to one, and how they were read.
pub(crate) type ChainId = [u8; 32];

impl Default for LayerCache {
    fn default() -> Self {
        Self::new(64 << 20)
    }
}

impl LayerCache {
    /// A cache of at most `bytes`; 0 keeps nothing.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        Self {
            most: bytes,
            kept: Mutex::default(),
        }
    }

    /// What it takes now, bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.lock().bytes
    }

    /// The longest chain that is kept: how many layers it has, and what they make.
    pub(crate) fn longest(&self, chain: &[ChainId]) -> Option<(usize, Arc<Merged>)> {
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let (index, id) = chain
            .iter()
            .enumerate()
            .rev()
            .find(|(_, id)| kept.states.contains_key(*id))?;
        let state = kept.states.get_mut(id)?;
        state.used = now;
        Some((index + 1, Arc::clone(&state.merged)))
    }

    /// Keeps what a chain makes; what was not used for longest goes.
    pub(crate) fn keep(&self, id: ChainId, merged: &Merged) {
        let bytes = merged.bytes() + merged.root.unkept.bytes() + EACH;
        if bytes > self.most {
            return;
        }
        let merged = Arc::new(merged.clone());
        let mut kept = self.lock();
        kept.clock += 1;
        let state = State {
            merged,
            bytes,
            used: kept.clock,
        };
        kept.bytes += bytes;
        if let Some(old) = kept.states.insert(id, state) {
            kept.bytes -= old.bytes;
        }
        while kept.bytes > self.most {
            kept.drop_oldest();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A state is put in whole or not at all: a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn drop_oldest(&mut self) {
        let oldest = self.states.iter().min_by_key(|(_, state)| state.used);
        let Some(id) = oldest.map(|(id, _)| *id) else {
            self.bytes = 0;
            return;
        };
        if let Some(state) = self.states.remove(&id) {
            self.bytes = self.bytes.saturating_sub(state.bytes);
        }
    }
}

/// The ids of all chains of an image, from that of its lowest layer alone; up to the first layer that no digest names.
/// `fingerprint` tells how layers are read.
pub(crate) fn chain_ids(layers: &[LayerSource], fingerprint: &[u8]) -> Vec<ChainId> {
    let named = layers
        .iter()
        .take_while(|layer| !layer.shown_digest().is_empty());
    let mut last: ChainId = Sha256::digest(fingerprint).into();
    let ids = named.map(|layer| {
        let mut hash = Sha256::new();
        hash.update(last);
        hash.update(layer.shown_digest());
        // The place of a finding has the instruction; the same bytes may come of another one.
        hash.update(&layer.instruction);
        last = hash.finalize().into();
        last
    });
    ids.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(digest: &str) -> LayerSource {
        LayerSource {
            digest: Some(digest.to_owned()),
            ..LayerSource::default()
        }
    }

    #[test]
    fn chains_share_what_they_begin_with() {
        let of = |names: &[&str]| {
            let layers: Vec<LayerSource> = names.iter().map(|name| layer(name)).collect();
            chain_ids(&layers, b"rules")
        };
        let (one, two) = (of(&["a", "b", "c"]), of(&["a", "b", "d"]));
        assert_eq!(one[..2], two[..2]);
        assert_ne!(one[2], two[2]);
        assert_ne!(of(&["b", "a"])[1], one[1]);
        assert_eq!(of(&["a", "", "c"]).len(), 1);
        assert_ne!(chain_ids(&[layer("a")], b"other")[0], one[0]);
    }

    #[test]
    fn what_was_not_used_for_longest_goes() {
        let cache = LayerCache::new(2 * EACH);
        for id in 0..3_u8 {
            cache.keep([id; 32], &Merged::default());
            assert!(cache.longest(&[[0; 32]]).is_some(), "used each time");
        }
        assert!(cache.longest(&[[1; 32]]).is_none());
        assert_eq!(cache.longest(&[[0; 32], [2; 32]]).unwrap().0, 2);
        assert!(cache.bytes() <= 2 * EACH);
        LayerCache::new(0).keep([0; 32], &Merged::default());
    }
}
