//! Hiding secrets in what people see, and judging passwords that are written in the clear.

use std::sync::LazyLock;

use regex::Regex;

/// What stands for a secret.
pub(super) const MASK: &str = "******";
/// How many bytes of a line people see.
const MAX_SHOWN: usize = 200;

/// Values that are named as secrets on the line, and passwords in addresses.
static SECRETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i)(?P<head>(?:\b|_|-)(?:password|passwd|pwd|passphrase|secret|token|api[-_]?key|authorization)["']?\s*[:=\s]\s*)(?P<value>["']?[^\s"'][^"'\n]*)"#,
        r"|(?P<url>[a-z][a-z0-9+.-]*://[^\s:/@]*:)(?P<pass>[^\s/@]+)@",
    ))
    .ok()
});

/// A text with the secrets on it masked.
pub(super) fn line(text: &str) -> String {
    let Some(secrets) = &*SECRETS else {
        return MASK.to_owned();
    };
    let replaced = secrets.replace_all(text, |found: &regex::Captures<'_>| {
        match (found.name("head"), found.name("url")) {
            (Some(head), _) => format!("{}{MASK}", head.as_str()),
            (_, Some(url)) => format!("{}{MASK}@", url.as_str()),
            _ => MASK.to_owned(),
        }
    });
    replaced.into_owned()
}

/// A line as people see it: trimmed, masked, then cut, so that no secret loses what gives it away.
pub(super) fn shown(text: &str) -> String {
    let mut text = line(text.trim());
    if text.len() > MAX_SHOWN {
        text.truncate(text.floor_char_boundary(MAX_SHOWN));
        text.push('…');
    }
    text
}

/// Passwords that scanners try first.
const COMMON: &[&str] = &[
    "",
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "12345",
    "1234",
    "123",
    "111111",
    "000000",
    "666666",
    "888888",
    "123123",
    "654321",
    "abc123",
    "admin",
    "admin123",
    "administrator",
    "root",
    "root123",
    "toor",
    "test",
    "guest",
    "user",
    "default",
    "changeme",
    "changeit",
    "password",
    "password1",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwerty",
    "qwerty123",
    "1q2w3e4r",
    "1qaz2wsx",
    "iloveyou",
    "welcome",
    "letmein",
    "secret",
    "s3cret",
    "foobared",
    "redis",
    "mysql",
    "postgres",
    "mongo",
    "tomcat",
    "manager",
    "jenkins",
    "elastic",
    "hadoop",
    "oracle",
    "public",
    "private",
    "must-be-changed",
    "<must-be-changed>",
];

/// How good a password is that is written in the clear: `none`, `weak` (a common one, the account's own name or under
/// eight characters) or `set`.
pub(super) fn quality(password: &str, account: &str) -> &'static str {
    let lower = password.to_lowercase();
    if password.is_empty() {
        return "none";
    }
    let named = !account.is_empty() && lower == account.to_lowercase();
    if named || COMMON.contains(&lower.as_str()) || password.chars().count() < 8 {
        return "weak";
    }
    "set"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_switches_are_not() {
        for (text, wanted) in [
            ("PasswordAuthentication no", "PasswordAuthentication no"),
            ("server_tokens off;", "server_tokens off;"),
            ("password = hunter2", "password = ******"),
            (
                "proxy_set_header Authorization \"Basic QQ==\";",
                "proxy_set_header Authorization ******\";",
            ),
            ("uri mongodb://app:pw@db/x", "uri mongodb://app:******@db/x"),
            (
                "proxy_pass http://127.0.0.1:80;",
                "proxy_pass http://127.0.0.1:80;",
            ),
        ] {
            assert_eq!(line(text), wanted);
        }
    }

    #[test]
    fn common_passwords_are_weak() {
        for (password, wanted) in [
            ("", "none"),
            ("foobared", "weak"),
            ("Tomcat", "weak"),
            ("short", "weak"),
            ("k7#mQ9vTz2pL", "set"),
        ] {
            assert_eq!(quality(password, "deploy"), wanted, "{password}");
        }
        assert_eq!(quality("deployment", "Deployment"), "weak");
    }
}
