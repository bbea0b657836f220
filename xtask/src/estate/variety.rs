//! Variety without chance: ids, numbers and choices that look random and follow from a seed text.

use super::places::region_code;

/// A well-mixed number that follows from `seed` (FNV-1a, then the finisher of SplitMix64).
pub(crate) fn number(seed: &str) -> u64 {
    let fnv = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// `length` characters of `0-9 a-z`.
pub(crate) fn token(seed: &str, length: usize) -> String {
    (0..length)
        .map(|at| digit(number(&format!("{seed}/{at}")) % 36, 36))
        .collect()
}

/// An id of Alibaba Cloud: `i-bp1…` for the prefix `i` in cn-hangzhou.
pub(crate) fn ali_id(prefix: &str, region: &str, seed: &str) -> String {
    format!(
        "{prefix}-{}{}",
        region_code(region),
        token(&format!("{prefix} {region} {seed}"), 17)
    )
}

/// A request id as Alibaba Cloud writes it.
pub(crate) fn request_id(seed: &str) -> String {
    let hex: String = (0..32)
        .map(|at| digit(number(&format!("{seed}#{at}")) % 16, 16))
        .collect();
    let mut id = String::new();
    for (at, letter) in hex.to_ascii_uppercase().chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            id.push('-');
        }
        id.push(letter);
    }
    id
}

/// One of `options`; the empty text when there is none.
pub(crate) fn pick<'a>(seed: &str, options: &[&'a str]) -> &'a str {
    let count = u64::try_from(options.len()).unwrap_or(1).max(1);
    let at = usize::try_from(number(seed) % count).unwrap_or(0);
    options.get(at).copied().unwrap_or_default()
}

/// An address in the shop's private network 10.0.0.0/8.
pub(crate) fn private_ip(seed: &str) -> String {
    let bits = number(seed);
    format!(
        "10.{}.{}.{}",
        bits % 4,
        (bits >> 8) % 250,
        (bits >> 16) % 250 + 2
    )
}

fn digit(value: u64, radix: u32) -> char {
    u32::try_from(value)
        .ok()
        .and_then(|value| char::from_digit(value, radix))
        .unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed_alone() {
        assert_eq!(
            ali_id("i", "cn-hangzhou", "web-1"),
            ali_id("i", "cn-hangzhou", "web-1")
        );
        assert_ne!(
            ali_id("i", "cn-hangzhou", "web-1"),
            ali_id("i", "cn-hangzhou", "web-2")
        );
        assert!(ali_id("i", "cn-hangzhou", "web-1").starts_with("i-bp1"));
        assert_eq!(request_id("x").len(), 36);
    }
}
