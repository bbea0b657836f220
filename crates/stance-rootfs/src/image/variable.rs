//! Values of environment variables: which of them may be shown.

use super::mask::{MASK, mask_text};

/// Variables whose values are settings of the system or of a build, never secrets.
const PLAIN_NAMES: &[&str] = &[
    "PATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LD_AUDIT",
    "PYTHONPATH",
    "PERL5LIB",
    "NODE_PATH",
    "CLASSPATH",
    "GOPATH",
    "GOROOT",
    "JAVA_HOME",
    "HOME",
    "SHELL",
    "USER",
    "TERM",
    "TZ",
    "LANG",
    "LANGUAGE",
    "PWD",
    "HOSTNAME",
    "DEBIAN_FRONTEND",
];

/// Values that say yes or no, or how, and are no secrets whatever the name: `MYSQL_ALLOW_EMPTY_PASSWORD=yes`.
const PLAIN_VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "yes",
    "no",
    "true",
    "false",
    "on",
    "off",
    "none",
    "null",
    "trust",
    "enabled",
    "disabled",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "test",
    "info",
    "debug",
];

/// Top folders: a value that begins with one is a path.
const FOLDERS: &[&str] = &[
    "/app/",
    "/data/",
    "/etc/",
    "/home/",
    "/mnt/",
    "/opt/",
    "/root/",
    "/run/",
    "/secrets/",
    "/srv/",
    "/tmp/",
    "/usr/",
    "/var/",
];

/// The value of an environment variable as it may be shown: checks tell a setting from a secret by it.
pub(super) fn mask_value(name: &str, value: &str) -> String {
    let plain = PLAIN_NAMES.contains(&name)
        || name.starts_with("LC_")
        || name.ends_with("VERSION") && value.len() <= 32
        || is_plain(value)
        || is_reference(value)
        || value.len() <= 3 && value.bytes().all(|byte| byte.is_ascii_digit());
    if plain {
        return value.to_owned();
    }
    if FOLDERS.iter().any(|folder| value.starts_with(folder)) {
        return mask_text(value);
    }
    let lower = value.to_ascii_lowercase();
    let scheme = ["http://", "https://", "file:"]
        .into_iter()
        .find(|scheme| lower.starts_with(*scheme));
    match scheme {
        Some(scheme) if !value.contains('@') => format!("{scheme}{MASK}"),
        _ => MASK.to_owned(),
    }
}

/// Whether a value is no secret whatever its name.
pub(super) fn is_plain(value: &str) -> bool {
    PLAIN_VALUES
        .iter()
        .any(|plain| value.eq_ignore_ascii_case(plain))
}

/// Whether a value stands for another variable: `$NAME` or `${NAME}`.
fn is_reference(value: &str) -> bool {
    let name = value.strip_prefix('$').unwrap_or_default();
    let bare = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'))
        .unwrap_or(name);
    !bare.is_empty()
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_variables_are_hidden_unless_they_cannot_be_secrets() {
        for (name, value, wanted) in [
            ("PATH", "/bin:.", "/bin:."),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes", "yes"),
            ("POSTGRES_HOST_AUTH_METHOD", "trust", "trust"),
            ("NGINX_VERSION", "1.25.3", "1.25.3"),
            ("APP", "hunter2", MASK),
            ("DB_PASSWORD_FILE", "/run/secrets/db", "/run/secrets/db"),
            ("DB_PASSWORD", "/kJ8s7d/x", MASK),
            ("DB_PASSWORD", "${OTHER}", "${OTHER}"),
            ("DB_PASSWORD", "$2y$10$abcdef", MASK),
            ("HOOK", "https://hooks.example/T0/B0/x", "https://***"),
            ("DSN", "https://user:hunter2@h/1", MASK),
            ("TIMEOUT", "300", "300"),
            ("DB_PASSWORD", "", ""),
        ] {
            assert_eq!(mask_value(name, value), wanted, "{name}");
        }
    }
}
