//! Options of memcached: Debian's file of options, and the variables of other distributions.

use serde_json::{Value, json as object};
use stance_model::Reason;

use super::files::{Doc, Files};
use super::flat::all;
use super::format::words;
use super::net;
use super::setting::{Setting, Settings, Written, json};
use crate::root::Root;

/// The files that it needs.
pub(super) const WANTS: &[&str] = &[
    "etc/memcached*.conf",
    "etc/sysconfig/memcached",
    "etc/conf.d/memcached",
];

/// Options with their long names; whether a value follows.
const OPTIONS: &[(&str, &str, bool)] = &[
    ("-S", "enable-sasl", false),
    ("-U", "udp-port", true),
    ("-Y", "auth-file", true),
    ("-Z", "enable-ssl", false),
    ("-c", "conn-limit", true),
    ("-l", "listen", true),
    ("-m", "memory-limit", true),
    ("-p", "port", true),
    ("-s", "unix-socket", true),
    ("-u", "user", true),
];
/// Variables that hold what an option says.
const VARIABLES: &[(&str, &str)] = &[
    ("LISTENON", "listen"),
    ("PORT", "port"),
    ("UDPPORT", "udp-port"),
    ("USER", "user"),
    ("MEMCACHED_RUNAS", "user"),
];

/// Reads every configuration of the tree.
pub(super) fn read(root: &Root) -> Result<Option<Value>, Reason> {
    let mut files = Files::new(root, WANTS);
    let mut found = files.glob("/etc/memcached*.conf")?;
    found.extend(files.open("/etc/sysconfig/memcached")?);
    found.extend(files.open("/etc/conf.d/memcached")?);
    let (mut settings, mut instances) = (Settings::default(), Vec::new());
    for doc in found {
        let path = doc.path();
        file(&doc, &path, &mut settings)?;
        settings.defaults(&doc, &path, &[("udp-port", "0"), ("enable-sasl", "no")])?;
        instances.push(instance(&doc, &settings, &path));
    }
    if instances.is_empty() {
        return Ok(None);
    }
    let options = json(settings.list())?;
    Ok(Some(
        object!({ "options": options, "instances": instances }),
    ))
}

fn instance(doc: &Doc<'_>, settings: &Settings, path: &str) -> Value {
    let has = |name| settings.last(name, path).is_some_and(|s| s.value != "no");
    let listen = all(settings, "listen", path).flat_map(|s| s.value.split(','));
    let place = |name| settings.last(name, path).map(|s| s.at.clone());
    let at = place("listen").unwrap_or_else(|| doc.at(0, "listen on all addresses (default)"));
    object!({
        "path": path,
        "exposed": !has("unix-socket") && net::exposed(listen, true),
        "auth": has("enable-sasl") || has("auth-file"),
        "udp": settings.value("udp-port", path) != "0",
        "udp_at": place("udp-port").unwrap_or_else(|| at.clone()),
        "at": at,
    })
}

fn file(doc: &Doc<'_>, context: &str, settings: &mut Settings) -> Result<(), Reason> {
    for (index, raw) in doc.text.lines().enumerate() {
        let line = raw.trim();
        let (variable, rest) = match line.split_once('=') {
            Some((name, value)) if !line.starts_with(['-', '#']) => {
                (name.trim(), words::unquote(value.trim()))
            }
            _ => ("", line),
        };
        let named = VARIABLES.iter().find(|(name, _)| *name == variable);
        let found = match named {
            Some((_, option)) => vec![(*option, rest.to_owned())],
            None => options(rest),
        };
        for (name, value) in found {
            let written = Written::plain(index + 1, name, raw);
            settings.push(Setting::new(doc, written, &[value], context))?;
        }
    }
    Ok(())
}

/// The options that a command line gives.
fn options(line: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut words = words::split(line).into_iter();
    while let Some(word) = words.next() {
        let (flag, glued) = parts(&word);
        let known = OPTIONS
            .iter()
            .find(|(short, long, _)| flag == *short || flag.strip_prefix("--") == Some(*long));
        let Some((_, name, valued)) = known else {
            continue;
        };
        let value = match (valued, glued) {
            (false, _) => "yes".to_owned(),
            (true, Some(value)) => value.to_owned(),
            (true, None) => words.next().unwrap_or_default(),
        };
        found.push((*name, value));
    }
    found
}

/// `-l` and the value that may stick to it: `-lADDRESS`, `--listen=ADDRESS`.
fn parts(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (word, None),
        };
    }
    match word.split_at_checked(2) {
        Some((flag, value)) if !value.is_empty() => (flag, Some(value)),
        _ => (word, None),
    }
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn options_in_every_form() {
        let got = options("-d -l 10.0.0.1 -U0 --enable-sasl --listen=::1 -m 64");
        let got: Vec<(&str, &str)> = got.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let wanted = [
            ("listen", "10.0.0.1"),
            ("udp-port", "0"),
            ("enable-sasl", "yes"),
            ("listen", "::1"),
            ("memory-limit", "64"),
        ];
        assert_eq!(got, wanted);
    }
}
