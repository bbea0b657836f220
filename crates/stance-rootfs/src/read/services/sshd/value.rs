//! Values of `sshd_config`: old names, times, lists of algorithms that add to or take from the default.

use crate::read::services::setting::Setting;

/// The algorithms that OpenSSH 9.2 offers without a word.
pub(super) const ALGORITHMS: &[(&str, &str)] = &[
    (
        "ciphers",
        "chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com",
    ),
    (
        "kexalgorithms",
        "sntrup761x25519-sha512@openssh.com curve25519-sha256 curve25519-sha256@libssh.org ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 diffie-hellman-group-exchange-sha256 diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 diffie-hellman-group14-sha256",
    ),
    (
        "macs",
        "umac-64-etm@openssh.com umac-128-etm@openssh.com hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com hmac-sha1-etm@openssh.com umac-64@openssh.com umac-128@openssh.com hmac-sha2-256 hmac-sha2-512 hmac-sha1",
    ),
];

/// The keyword of today for one in lower case.
pub(super) fn canonical(keyword: &str) -> &str {
    match keyword {
        "challengeresponseauthentication" | "skeyauthentication" => "kbdinteractiveauthentication",
        "dsaauthentication" => "pubkeyauthentication",
        "keepalive" => "tcpkeepalive",
        "pubkeyacceptedkeytypes" => "pubkeyacceptedalgorithms",
        "hostbasedacceptedkeytypes" => "hostbasedacceptedalgorithms",
        "authorizedkeysfile2" => "authorizedkeysfile",
        other => other,
    }
}

/// A setting with its value understood.
pub(super) fn read(mut setting: Setting) -> Setting {
    match setting.name.as_str() {
        "permitrootlogin" if setting.value == "without-password" => {
            "prohibit-password".clone_into(&mut setting.value);
        }
        "logingracetime" | "clientaliveinterval" => setting.number = seconds(&setting.value),
        "maxstartups" => {
            setting.number = setting.value.split(':').next().and_then(|n| n.parse().ok());
        }
        name => {
            if let Some((_, defaults)) = ALGORITHMS.iter().find(|(known, _)| *known == name) {
                setting.args = algorithms(&setting.value, defaults);
            }
        }
    }
    setting
}

/// A time such as `90`, `2m` or `1h30m`, in seconds.
fn seconds(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0_i64, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        let count: i64 = std::mem::take(&mut number).parse().ok()?;
        total = total.checked_add(count.checked_mul(unit)?)?;
    }
    if !number.is_empty() {
        total = total.checked_add(number.parse().ok()?)?;
    }
    Some(total)
}

/// The algorithms that a value leaves: `+` and `^` add to the default, `-` takes from it, anything else replaces it.
fn algorithms(value: &str, defaults: &str) -> Vec<String> {
    let sign = value
        .chars()
        .next()
        .filter(|c| matches!(c, '+' | '-' | '^'));
    let named: Vec<&str> = value
        .trim_start_matches(['+', '-', '^'])
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .take(64)
        .collect();
    let defaults = defaults.split_whitespace();
    let kept: Vec<&str> = match sign {
        Some('-') => defaults
            .filter(|name| !named.iter().any(|pattern| is_like(pattern, name)))
            .collect(),
        Some(_) => defaults.chain(named).collect(),
        None => named,
    };
    kept.into_iter().map(str::to_owned).collect()
}

/// Whether a pattern, with `*` at its beginning or end, names an algorithm.
fn is_like(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(inner), Some(_)) => name.contains(inner.trim_end_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        for (text, wanted) in [
            ("90", Some(90)),
            ("2m", Some(120)),
            ("1h30m", Some(5_400)),
            ("x", None),
            ("m", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
        assert_eq!(seconds(&"9".repeat(40)), None);
    }

    #[test]
    fn signs_change_the_default() {
        assert_eq!(algorithms("a,b", "c d"), ["a", "b"]);
        assert_eq!(algorithms("+a", "c d"), ["c", "d", "a"]);
        assert_eq!(algorithms("-c*", "c1 c2 d"), ["d"]);
    }
}
