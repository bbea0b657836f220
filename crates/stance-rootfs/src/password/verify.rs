//! Whether a password gives a hash.

use sha_crypt::{PasswordVerifier, ShaCrypt};
use yescrypt::Yescrypt;

use super::{Scheme, des::descrypt, md5::md5crypt};

/// Whether the password gives the hash; a hash that is not well formed is given by none. Ask
/// [`cost`](super::cost::cost) first.
pub(super) fn verify(scheme: Scheme, password: &str, hash: &str) -> bool {
    let bytes = password.as_bytes();
    match scheme {
        Scheme::Des => {
            let salt = hash.as_bytes().get(..2).unwrap_or_default();
            descrypt(bytes, salt).is_some_and(|made| made == hash)
        }
        Scheme::Md5 => md5(bytes, hash).unwrap_or(false),
        Scheme::Sha256 | Scheme::Sha512 => ShaCrypt::default().verify_password(bytes, hash).is_ok(),
        Scheme::Bcrypt => {
            hash.len() == 60 && hash.is_ascii() && bcrypt::verify(bytes, hash).unwrap_or(false)
        }
        Scheme::Yescrypt => Yescrypt::default().verify_password(bytes, hash).is_ok(),
        _ => false,
    }
}

fn md5(password: &[u8], hash: &str) -> Option<bool> {
    let (salt, digest) = hash.strip_prefix("$1$")?.split_once('$')?;
    let salt = salt.as_bytes();
    let salt = salt.get(..8).unwrap_or(salt);
    Some(md5crypt(password, salt) == digest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made with `openssl passwd`, libxcrypt and htpasswd.
    const KNOWN: &[(&str, &str)] = &[
        ("password", "abJnggxhB/yWI"),
        ("qwerty", "z/4jXpMPOE7As"),
        ("k3Rw-Ulm", ".9SVZ5vtZ0LkI"),
        ("a", "Mx0uLWPiE2i3I"),
        ("password", "$1$abcdefgh$G//4keteveJp0qb8z2DxG/"),
        ("a", "$1$x$P8VObTrxaqT4VBmnH06P8."),
        (
            "password",
            "$5$saltsalt$gOjOtoMpVhru2uyjeJSEc/JaLQWOXMNmlOnj6T4AtC.",
        ),
        (
            "password",
            "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
        ),
        (
            "password",
            "$6$rounds=1400$anotherlongsalt$jjf9poG5TFCiZFUupSV7K/QnQ3sxpgHHRdZo25EkyC25PB1jHaS503E6Zv5U6cuB8nWcPIQa1ftVKKxLtS/Kb/",
        ),
        (
            "password",
            "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        ),
        (
            "password",
            "$y$j75$abcdefghijklmnopqrst$EfYiDIa6lYIegZ9PrHU9A/tg7wNt3AqIaDrSqySLY7B",
        ),
        (
            "toor",
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$9TcQcNa7q56Wx8/uAoukbXzeSMClWYMKJrVuroz1XW4",
        ),
    ];

    #[test]
    fn known_hashes_verify_and_others_do_not() {
        for (password, hash) in KNOWN {
            let scheme = Scheme::of(hash);
            assert!(verify(scheme, password, hash), "{hash}");
            assert!(!verify(scheme, "Password", hash), "{hash}");
            assert!(!verify(scheme, "", hash), "{hash}");
        }
    }

    proptest! {
        #[test]
        fn no_hash_makes_it_panic(rest in "[$./0-9A-Za-z=é]{0,40}", prefix in 0usize..6) {
            let prefix = ["$1$", "$5$", "$6$", "$2b$04$", "$y$j75$", "$5$rounds=1000$"][prefix];
            let hash = format!("{prefix}{rest}");
            let scheme = Scheme::of(&hash);
            if super::super::cost::cost(scheme, &hash).is_some_and(|cost| cost < 5_000) {
                verify(scheme, "password", &hash);
            }
        }
    }
}
