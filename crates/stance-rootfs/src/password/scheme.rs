//! Which scheme made a hash, by its prefix (crypt(5)).

/// What the password field of an account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    /// Nothing: no password is asked for.
    Empty,
    /// A text that no password gives, such as `*` or `!`.
    Locked,
    /// The DES of old: 8 characters count, 25 rounds; also its extended form.
    Des,
    /// md5crypt, `$1$`, and Sun's `$md5`.
    Md5,
    /// `$2a$`, `$2b$`, `$2x$`, `$2y$`.
    Bcrypt,
    /// sha256crypt, `$5$`.
    Sha256,
    /// sha512crypt, `$6$`.
    Sha512,
    /// `$y$`.
    Yescrypt,
    /// yescrypt around a GOST hash, `$gy$`.
    Gost,
    /// A prefix that is not one of these.
    Unknown,
}

/// Prefixes and their schemes.
const PREFIXES: &[(&str, Scheme)] = &[
    ("$1$", Scheme::Md5),
    ("$md5", Scheme::Md5),
    ("$2a$", Scheme::Bcrypt),
    ("$2b$", Scheme::Bcrypt),
    ("$2x$", Scheme::Bcrypt),
    ("$2y$", Scheme::Bcrypt),
    ("$5$", Scheme::Sha256),
    ("$6$", Scheme::Sha512),
    ("$y$", Scheme::Yescrypt),
    ("$gy$", Scheme::Gost),
    ("$", Scheme::Unknown),
];

impl Scheme {
    /// The scheme of a password field. A lock in front (`!`, as `passwd -l` sets it) is looked behind.
    pub(crate) fn of(field: &str) -> Self {
        let hash = field.trim_start_matches('!');
        if field.is_empty() {
            return Self::Empty;
        }
        let known = PREFIXES.iter().find(|(prefix, _)| hash.starts_with(prefix));
        match known {
            Some((_, scheme)) => *scheme,
            None if is_des(hash) => Self::Des,
            None => Self::Locked,
        }
    }

    /// Its name in facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Locked => "locked",
            Self::Des => "des",
            Self::Md5 => "md5",
            Self::Bcrypt => "bcrypt",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Yescrypt => "yescrypt",
            Self::Gost => "gost",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a password could open the account.
    pub(crate) fn is_hash(self) -> bool {
        !matches!(self, Self::Empty | Self::Locked)
    }
}

/// 13 characters of crypt's alphabet, or `_` and 19 of them.
fn is_des(hash: &str) -> bool {
    let (salted, length) = match hash.strip_prefix('_') {
        Some(rest) => (rest, 19),
        None => (hash, 13),
    };
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    salted.len() == length && salted.bytes().all(alphabet)
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn fields_are_told_apart_as_crypt_does() {
        for (field, wanted) in [
            ("", Scheme::Empty),
            ("*", Scheme::Locked),
            ("!", Scheme::Locked),
            ("!!", Scheme::Locked),
            ("!*", Scheme::Locked),
            ("x", Scheme::Locked),
            ("*LK*", Scheme::Locked),
            ("$1$abcdefgh$irWbblnpmw.5z7wgBnprh0", Scheme::Md5),
            ("!$6$salt$hash", Scheme::Sha512),
            ("$5$rounds=1000$s$h", Scheme::Sha256),
            ("$2y$10$aaaa", Scheme::Bcrypt),
            ("$y$j9T$aaaa$bbbb", Scheme::Yescrypt),
            ("$gy$j9T$aaaa$bbbb", Scheme::Gost),
            ("$7$CU..../....abc", Scheme::Unknown),
            ("ab1234567890.", Scheme::Des),
            ("_J9..XXXXXXXXXXXXXXX", Scheme::Des),
            ("abcdefghijklmn", Scheme::Locked),
        ] {
            assert_eq!(Scheme::of(field), wanted, "{field}");
        }
    }
}
