//! `/etc/login.defs` (login.defs(5)): the defaults of new accounts.

use serde_json::{Map, Value, json};

use super::lines::{Facts, at, fact, open, settings};
use crate::read::FactReader;
use crate::root::Root;

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "login_defs",
    wants: &["etc/login.defs"],
    read: |root, _| fact(facts(root)),
};

/// The numbers that are read.
const NUMBERS: &[(&str, &str)] = &[
    ("PASS_MAX_DAYS", "pass_max_days"),
    ("PASS_MIN_DAYS", "pass_min_days"),
    ("PASS_WARN_AGE", "pass_warn_age"),
];

/// The texts that are read.
const TEXTS: &[(&str, &str)] = &[("ENCRYPT_METHOD", "encrypt_method"), ("UMASK", "umask")];

fn facts(root: &Root) -> Facts {
    let Some(file) = open(root, "etc/login.defs")? else {
        return Ok(None);
    };
    let mut facts = Map::new();
    for (_, key) in NUMBERS.iter().chain(TEXTS) {
        facts.insert((*key).to_owned(), Value::Null);
    }
    for (line, text) in settings(&file)? {
        let mut words = text.split_whitespace();
        let (Some(name), Some(value)) = (words.next(), words.next()) else {
            continue;
        };
        let value = value.trim_matches('"');
        let place = at(&file, Some(line), &format!("{name} {value}"));
        let of = |list: &[(&str, &'static str)]| {
            let found = list.iter().find(|(written, _)| *written == name);
            found.map(|(_, key)| (*key).to_owned())
        };
        if let (Some(key), Ok(number)) = (of(NUMBERS), value.parse::<i64>()) {
            facts.insert(key, json!({"value": number, "at": place}));
        } else if let Some(key) = of(TEXTS) {
            facts.insert(key, json!({"value": value, "at": place}));
        }
    }
    Ok(Some(Value::Object(facts)))
}
