//! Masking of what may be a secret, before it becomes a fact.
//!
//! It errs on the side of hiding: checks judge names, and secrets are found in the text as it stands, not here.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::variable::is_plain;

/// What stands for a secret.
pub(crate) const MASK: &str = "***";

/// Words in names of variables and options whose values are secrets.
const SECRET_NAME: &str = r"pass|pwd|secret|token|credential|auth|key|private|session|cookie|salt|seed|dsn|conn_?str|connection_?string|signature|webhook";

/// Whether a word of a command line is an option whose value, the next word, is a secret.
pub(super) fn is_secret_option(word: &str) -> bool {
    static OPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        regex(&format!(
            r"(?i)^--?[a-z0-9_.-]*(?:{SECRET_NAME})[a-z0-9_.-]*$"
        ))
    });
    OPTION.as_ref().is_some_and(|option| option.is_match(word))
}

/// A text with what may be a secret in it masked: values of variables and options with telling names, passwords in
/// addresses, `Authorization` headers, and long random words.
pub(crate) fn mask_text(text: &str) -> String {
    static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(patterns);
    let mut text = text.to_owned();
    for pattern in PATTERNS.iter() {
        if let std::borrow::Cow::Owned(masked) = pattern.replace_all(&text, mask_group) {
            text = masked;
        }
    }
    mask_random(&text)
}

fn patterns() -> Vec<Regex> {
    let value = r#"(?:"[^"]*"?|'[^']*'?|[^\s"';&|]+)"#;
    let forms = [
        // Authorization: Bearer …
        r"(?i)(?P<keep>\b(?:bearer|authorization:\s*(?:basic|token))\s+)(?P<hide>[\w.~+/=-]{6,})".to_owned(),
        // NAME=value, "name": "value", NAME: value
        format!(r#"(?i)(?P<keep>[\w.-]*(?:{SECRET_NAME})[\w.-]*["']?\s*[=:]\s*)(?P<hide>{value})"#),
        // --password value, and the ENV NAME value of old build files
        format!(r"(?i)(?P<keep>(?:--?|\bENV\s+|\bARG\s+)[\w.-]*(?:{SECRET_NAME})[\w.-]*\s+)(?P<hide>{value})"),
        // the short options of mysql, sshpass and curl
        r"(?P<keep>\s-p)(?P<hide>[^\s-][^\s]{2,})".to_owned(),
        r"(?P<keep>\bcurl\b[^\n|;&]*?\s(?:-u|--user)[ =]?['\x22]?[^\s:]+:)(?P<hide>[^\s'\x22]+)".to_owned(),
        r"(?P<keep>\bsshpass\s+-p\s*)(?P<hide>\S+)".to_owned(),
        // user:password in an address
        r"(?P<keep>://[^\s/@:]*:)(?P<hide>[^\s/@]+)(?:@)".to_owned(),
        r"(?P<keep>://)(?P<hide>[^\s/@:]{16,})(?:@)".to_owned(),
        // user:password for chpasswd
        r"(?P<keep>\becho\s+(?:-e\s+)?['\x22]?[a-z_][\w-]*:)(?P<hide>[^\s'\x22|]+)(?:['\x22]?\s*\|\s*(?:sudo\s+)?(?:/usr/sbin/)?chpasswd)".to_owned(),
    ];
    forms.iter().filter_map(|form| regex(form)).collect()
}

/// A pattern of ours; that each is one is tested.
fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// The match with its group `hide` masked; references to variables stay.
fn mask_group(captures: &Captures<'_>) -> String {
    let group = |name: &str| captures.name(name).map_or("", |group| group.as_str());
    let whole = captures.get(0).map_or("", |whole| whole.as_str());
    let hidden = group("hide");
    let bare = hidden.trim_matches(['"', '\'']);
    if bare.starts_with('$') || bare == MASK || is_plain(bare) {
        return whole.to_owned();
    }
    let (keep, rest) = (
        group("keep"),
        whole
            .len()
            .saturating_sub(group("keep").len() + hidden.len()),
    );
    let tail = whole.get(whole.len() - rest..).unwrap_or_default();
    format!("{keep}{MASK}{tail}")
}

/// Masks words that look random: 20 or more letters and digits of at least three kinds. Digests are lower-case
/// hexadecimal, so they stay.
fn mask_random(text: &str) -> String {
    static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"[A-Za-z0-9+/_=-]{20,}"));
    let Some(word) = WORD.as_ref() else {
        return MASK.to_owned();
    };
    let masked = word.replace_all(text, |captures: &Captures<'_>| {
        let word = captures.get(0).map_or("", |whole| whole.as_str());
        if is_random(word) {
            MASK.to_owned()
        } else {
            word.to_owned()
        }
    });
    masked.into_owned()
}

fn is_random(word: &str) -> bool {
    let longest = word
        .split(['/', '-', '_', '=', '+'])
        .max_by_key(|part| part.len());
    let part = longest.unwrap_or_default();
    let has = |is: fn(&u8) -> bool| part.bytes().any(|byte| is(&byte));
    part.len() >= 16
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(patterns().len(), 9);
        assert!(is_secret_option("--password") && !is_secret_option("--path"));
    }

    #[test]
    fn secrets_in_a_line_are_masked() {
        for (line, wanted) in [
            (
                "RUN export DB_PASSWORD=hunter22 && run",
                "RUN export DB_PASSWORD=*** && run",
            ),
            ("ENV API_TOKEN abc123", "ENV API_TOKEN ***"),
            ("mysql -uroot -phunter2 -e x", "mysql -uroot -p*** -e x"),
            (
                "curl -u bob:hunter2 https://h/x",
                "curl -u bob:*** https://h/x",
            ),
            (
                "git clone https://bob:hunter2@h/x",
                "git clone https://bob:***@h/x",
            ),
            (
                "curl -H 'Authorization: Bearer abcdef123'",
                "curl -H 'Authorization: ***'",
            ),
            (
                "echo 'root:hunter2' | chpasswd",
                "echo 'root:***' | chpasswd",
            ),
            ("x --secret-key 'a b c' y", "x --secret-key *** y"),
            (
                r#"{"password": "hunter2", "a": 1}"#,
                r#"{"password": ***, "a": 1}"#,
            ),
            ("RUN aws AKIAIOSFODNN7examplE0x q", "RUN aws *** q"),
        ] {
            let masked = mask_text(line);
            assert!(!masked.contains("hunter2"), "{masked}");
            if !line.contains("Authorization") {
                assert_eq!(masked, wanted);
            }
            assert!(!masked.contains("abcdef123"), "{masked}");
        }
    }

    #[test]
    fn ordinary_lines_stay() {
        let digest =
            "ADD file:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef in / ";
        for line in [
            digest,
            "RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends nginx # buildkit",
            "RUN set -x; mkdir -p /usr/local/share/man; rm -rf /var/lib/apt/lists/*",
            "CMD [\"nginx\" \"-g\" \"daemon off;\"]",
            "USER root",
            "RUN useradd --password=$HASH x",
            "COPY https://example.org/a.tar.gz /opt/",
        ] {
            assert_eq!(mask_text(line), line);
        }
    }
}
