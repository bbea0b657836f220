//! What was tried before in this process: base images repeat, and so do their hashes.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

/// How many accounts are remembered; then all are forgotten.
const MOST: usize = 4_096;

/// How far the guessing of one account has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// How many candidates were tried.
    pub(super) tried: usize,
    /// Whether one of them was it.
    pub(super) weak: bool,
}

/// What an account is remembered by: a digest of its hash, its name and the words, none of which is kept.
pub(super) type Key = [u8; 32];

/// The key of an account.
pub(super) fn key(name: &str, hash: &str, words: &[String]) -> Key {
    let mut digest = Sha256::new();
    let texts = [name, hash].into_iter();
    for text in texts.chain(words.iter().map(String::as_str)) {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    digest.finalize().into()
}

/// How far it has come; nothing yet where it is not remembered.
pub(super) fn recall(key: &Key) -> Progress {
    lock(|known| known.get(key).copied().unwrap_or_default())
}

/// Remembers how far it has come.
pub(super) fn remember(key: Key, progress: Progress) {
    lock(|known| {
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, progress);
    });
}

fn lock<T>(work: impl FnOnce(&mut HashMap<Key, Progress>) -> T) -> T {
    static KNOWN: OnceLock<Mutex<HashMap<Key, Progress>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    work(&mut known.lock().unwrap_or_else(PoisonError::into_inner))
}
