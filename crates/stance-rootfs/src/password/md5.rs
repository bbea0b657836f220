//! md5crypt, `$1$`: 1,000 rounds of MD5 over password and salt.

use md5::{Digest, Md5};

/// The alphabet of crypt(3).
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Which bytes of the digest stand together, the highest first.
const GROUPS: [[usize; 3]; 5] = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]];

/// The text after the salt of the hash of a password.
pub(super) fn md5crypt(password: &[u8], salt: &[u8]) -> String {
    let mut digest = first(password, salt);
    for round in 0..1_000u32 {
        digest = next(round, &digest, password, salt);
    }
    let byte = |at: usize| u32::from(digest.get(at).copied().unwrap_or_default());
    let mut text = String::with_capacity(22);
    for [high, middle, low] in GROUPS {
        encode(
            &mut text,
            byte(high) << 16 | byte(middle) << 8 | byte(low),
            4,
        );
    }
    encode(&mut text, byte(11), 2);
    text
}

/// The digest that the rounds begin with.
fn first(password: &[u8], salt: &[u8]) -> [u8; 16] {
    let inner: [u8; 16] = Md5::new()
        .chain_update(password)
        .chain_update(salt)
        .chain_update(password)
        .finalize()
        .into();
    let mut hash = Md5::new()
        .chain_update(password)
        .chain_update(b"$1$")
        .chain_update(salt);
    for (_, byte) in password.iter().zip(inner.iter().cycle()) {
        hash.update([*byte]);
    }
    let mut length = password.len();
    while length > 0 {
        let byte = if length & 1 == 1 {
            0
        } else {
            password.first().copied().unwrap_or_default()
        };
        hash.update([byte]);
        length >>= 1;
    }
    hash.finalize().into()
}

fn next(round: u32, digest: &[u8; 16], password: &[u8], salt: &[u8]) -> [u8; 16] {
    let odd = round & 1 == 1;
    let mut hash = Md5::new();
    hash.update(if odd { password } else { digest });
    if !round.is_multiple_of(3) {
        hash.update(salt);
    }
    if !round.is_multiple_of(7) {
        hash.update(password);
    }
    hash.update(if odd { digest } else { password });
    hash.finalize().into()
}

/// Six bits a character, the lowest first.
fn encode(text: &mut String, mut value: u32, characters: usize) {
    for _ in 0..characters {
        let character = ALPHABET.get((value & 63) as usize).copied();
        text.push(char::from(character.unwrap_or(b'.')));
        value >>= 6;
    }
}
