//! Taking out of bodies what is secret: the values of members and elements whose names say so.

use serde_json::Value;

/// What stands for a secret. Keys that an answer hands out are all replaced by it, and a replay knows it as a key.
pub(super) const REDACTED: &str = "REDACTED";

/// Parts of names of secrets, in lower case without `_` and `-`.
const SECRETS: [&str; 15] = [
    "password",
    "passwd",
    "secret",
    "privatekey",
    "securitytoken",
    "sessiontoken",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "userdata",
    "kubeconfig",
    "connectionstring",
    "sastoken",
    "accountkey",
];

/// Objects of keys: all texts in them are secret.
const KEYS: [&str; 2] = ["credentials", "credential"];

/// A body without secrets: JSON as a value, anything else as a text.
pub(super) fn body(bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(mut value) = serde_json::from_str::<Value>(&text)
        && (value.is_object() || value.is_array())
    {
        json(&mut value, false);
        return value;
    }
    match text.trim_start().starts_with('<') {
        true => Value::String(xml(&text)),
        false => Value::String(text.into_owned()),
    }
}

fn json(value: &mut Value, secret: bool) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let own = secret || is_secret(name) || is_key(name);
                json(value, own);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json(item, secret)),
        Value::String(text) if secret && !is_setting(text) => *text = REDACTED.to_owned(),
        _ => {}
    }
}

/// Element by element: what follows the start of a secret one, up to the next tag.
fn xml(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut secret, mut within) = (false, false);
    for (number, piece) in text.split('<').enumerate() {
        if number > 0 {
            kept.push('<');
        }
        let Some((tag, rest)) = piece.split_once('>') else {
            kept.push_str(piece);
            continue;
        };
        let name = tag.split([' ', '/', '\t', '\n']).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or(name);
        if !name.is_empty() {
            within |= is_key(name);
            secret = is_secret(name) || within;
        } else if tag
            .trim_start_matches('/')
            .rsplit(':')
            .next()
            .is_some_and(is_key)
        {
            within = false;
        }
        match secret && !rest.trim().is_empty() && !is_setting(rest.trim()) {
            true => kept.push_str(&format!("{tag}>{REDACTED}")),
            false => kept.push_str(&format!("{tag}>{rest}")),
        }
        secret &= !tag.starts_with('/');
    }
    kept
}

fn is_secret(name: &str) -> bool {
    let plain = plain(name);
    SECRETS.iter().any(|secret| plain.contains(secret))
}

fn is_key(name: &str) -> bool {
    KEYS.contains(&plain(name).as_str())
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
    letters.collect::<String>().to_ascii_lowercase()
}

/// Switches and numbers are no secrets although their names speak of one: `PasswordReuse: "true"`.
fn is_setting(text: &str) -> bool {
    let words = [
        "true", "false", "yes", "no", "on", "off", "enabled", "disabled",
    ];
    words.contains(&text.to_ascii_lowercase().as_str())
        || text.is_empty()
        || text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_go_and_the_rest_stays() {
        let text = json!({"Credentials": {"AccessKeyId": "a", "AccessKeySecret": "b", "Expiration": "c"},
            "NextToken": "t", "MasterPassword": "p", "PasswordPolicy": {"MinLength": 8, "Require": "true"}});
        assert_eq!(
            body(text.to_string().as_bytes()),
            json!({"Credentials": {"AccessKeyId": REDACTED, "AccessKeySecret": REDACTED, "Expiration": REDACTED},
                "NextToken": "t", "MasterPassword": REDACTED, "PasswordPolicy": {"MinLength": 8, "Require": "true"}})
        );
    }

    #[test]
    fn secrets_in_xml_go_too() {
        let text = "<R><Credentials><AccessKeyId>a</AccessKeyId><X>b</X></Credentials><Marker>m</Marker><DbPassword>p</DbPassword><Name>n</Name></R>";
        let wanted = "<R><Credentials><AccessKeyId>REDACTED</AccessKeyId><X>REDACTED</X></Credentials><Marker>m</Marker><DbPassword>REDACTED</DbPassword><Name>n</Name></R>";
        assert_eq!(body(text.as_bytes()), json!(wanted));
    }
}
