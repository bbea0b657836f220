//! Values that stand for a secret and are none: placeholders, variables, test vectors.

use memchr::memmem;

/// Parts of placeholders, in lower case.
const PARTS: &[&[u8]] = &[
    b"example",
    b"xxxx",
    b"****",
    b"....",
    b"----",
    b"____",
    b"placeholder",
    b"changeme",
    b"change_me",
    b"change-me",
    b"changeit",
    b"replaceme",
    b"replace_",
    b"replace-",
    b"replace with",
    b"your_",
    b"your-",
    b"yourpass",
    b"yoursecret",
    b"yourtoken",
    b"yourkey",
    b"youraccess",
    b"your own",
    b"dummy",
    b"redacted",
    b"sample",
    b"insert_",
    b"insert-",
    b"fake",
    b"foobar",
    b"notreal",
    b"not-a-real",
    b"todo",
    b"deadbeef",
    b"${",
    b"{{",
    b"}}",
    b"$(",
    b"%(",
    b"%{",
    b"#{",
    b"<%",
    b"@@",
    b"\xe4\xbd\xa0\xe7\x9a\x84",
];

/// Whole values that are words about secrets, in lower case.
const WORDS: &[&[u8]] = &[
    b"password",
    b"passwd",
    b"passphrase",
    b"secret",
    b"secretkey",
    b"secret_key",
    b"token",
    b"api_key",
    b"apikey",
    b"none",
    b"null",
    b"nil",
    b"true",
    b"false",
    b"undefined",
    b"unset",
    b"default",
    b"required",
    b"optional",
    b"string",
    b"mypassword",
    b"mysecret",
    b"my_password",
    b"my-password",
    b"my_secret",
    b"mytoken",
    b"thepassword",
    b"userpassword",
    b"user_password",
    b"newpassword",
    b"credentials",
    b"credential",
    b"encrypted",
    b"hidden",
    b"masked",
    b"empty",
    b"hunter2",
    b"prompt",
    b"keyring",
    b"username",
];

/// Whether a value is an example. `named`: it was found by the name it is assigned to, so it may be anything, even a
/// poor password.
pub(super) fn is_example(value: &[u8], named: bool) -> bool {
    let lower = value.to_ascii_lowercase();
    let variable = matches!(
        lower.first(),
        Some(b'$' | b'<' | b'%' | b'{' | b'&' | b'*' | b'[')
    ) || lower.last() == Some(&b'>');
    variable
        || PARTS
            .iter()
            .any(|part| memmem::find(&lower, part).is_some())
        || named && WORDS.contains(&lower.as_slice())
        || monotonous(&lower)
        || !named && has_sequence(&lower)
}

/// Whether hardly any different bytes are in it.
fn monotonous(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in value {
        if let Some(slot) = seen.get_mut(usize::from(*byte)) {
            *slot = true;
        }
    }
    let distinct = seen.iter().filter(|seen| **seen).count();
    distinct <= 2 || value.len() >= 16 && distinct <= 4
}

/// Whether it counts up or down over eight bytes, or one byte is repeated six times: no generator makes such keys.
fn has_sequence(value: &[u8]) -> bool {
    let (mut up, mut down, mut same) = (1_u32, 1_u32, 1_u32);
    for pair in value.windows(2) {
        let &[a, b] = pair else { continue };
        up = if next(a) == b { up + 1 } else { 1 };
        down = if next(b) == a { down + 1 } else { 1 };
        same = if a == b { same + 1 } else { 1 };
        if up >= 8 || down >= 8 || same >= 6 {
            return true;
        }
    }
    false
}

/// The byte after this one as people count: `9` goes on with `0` or `a`, here with `0`.
fn next(byte: u8) -> u8 {
    if byte == b'9' {
        b'0'
    } else {
        byte.wrapping_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::is_example;

    #[test]
    fn placeholders_are_examples() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "<password>",
            "{{ .Values.password }}",
            "$(cat /run/secrets/x)",
            "xxxxxxxxxxxx",
            "changeme",
            "your-token-here",
            "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
            "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(is_example(value.as_bytes(), false), "{value}");
        }
        assert!(is_example(b"Password", true));
        assert!(is_example(b"null", true));
    }

    #[test]
    fn poor_passwords_are_no_examples_after_a_name() {
        for value in ["123456789", "Passw0rd!", "letmein2024", "root123"] {
            assert!(!is_example(value.as_bytes(), true), "{value}");
        }
    }
}
