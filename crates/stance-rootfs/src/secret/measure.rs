//! Entropy, masking and hashing of values.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// The Shannon entropy of a value, bits per byte.
pub(super) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let bits = |count: &u32| {
        let share = f64::from(*count) / total;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

/// What people may see: of a long value its first four and last two characters, of a name's value (a password) or a
/// shorter one nothing, not even its length.
pub(super) fn mask(value: &[u8], named: bool) -> String {
    let least = if named { 32 } else { 16 };
    if value.len() < least {
        return "******".to_owned();
    }
    let show = |byte: &u8| {
        if byte.is_ascii_graphic() {
            char::from(*byte)
        } else {
            '?'
        }
    };
    let first = value.iter().take(4).map(show);
    let last = value.iter().skip(value.len().saturating_sub(2)).map(show);
    first.chain("******".chars()).chain(last).collect()
}

/// A hash of the value under a key of this process.
pub(super) fn hash(value: &[u8]) -> u64 {
    static KEY: OnceLock<RandomState> = OnceLock::new();
    KEY.get_or_init(RandomState::new).hash_one(value)
}

#[cfg(test)]
mod tests {
    use super::{entropy, mask};

    #[test]
    fn entropy_is_bits_per_byte() {
        assert!(entropy(b"aaaa") < 1e-9);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9);
        assert!(entropy(b"").abs() < 1e-9);
    }

    #[test]
    fn at_most_six_characters_are_shown() {
        assert_eq!(mask(b"hunter2", false), "******");
        assert_eq!(mask(b"LTAI5tQ7RmKx9PzW2vYc", false), "LTAI******Yc");
        assert_eq!(mask(b"correct horse battery", true), "******");
        assert_eq!(mask(b"a\x1b[31m\xffbcdefghijklmno", false), "a?[3******no");
    }
}
