//! Stacks of PAM (pam.conf(5)) for logins and passwords, and `pwquality.conf`, `faillock.conf`.

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, base, fact, open, settings};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "pam",
    wants: &[
        "etc/pam.d/*",
        "etc/security/pwquality.conf",
        "etc/security/pwquality.conf.d/*",
        "etc/security/faillock.conf",
    ],
    read: |root, _| fact(facts(root)),
};

/// Modules that judge new passwords.
const QUALITY: &[&str] = &["pam_pwquality.so", "pam_cracklib.so", "pam_passwdqc.so"];

/// Modules that lock an account after failures.
const LOCKOUT: &[&str] = &["pam_faillock.so", "pam_tally2.so", "pam_tally.so"];

/// Schemes that pam_unix hashes new passwords with.
const HASHES: &[&str] = &[
    "yescrypt",
    "gost_yescrypt",
    "blowfish",
    "sha512",
    "sha256",
    "md5",
    "bigcrypt",
];

fn facts(root: &Root) -> Facts {
    let stacks = root.glob("etc/pam.d/*")?;
    if stacks.is_empty() {
        return Ok(None);
    }
    let mut modules = Rows::default();
    for file in &stacks {
        for (line, text) in settings(file)? {
            if let Some(module) = module(file, line, &text) {
                modules.push(module);
            }
        }
    }
    let mut values = Rows::default();
    for file in configuration(root)? {
        for (line, text) in settings(&file)? {
            let (name, value) = text.split_once('=').unwrap_or((&text, ""));
            let (name, number) = (name.trim(), value.trim().parse::<i64>().ok());
            values
                .push(json!({"name": name, "number": number, "at": at(&file, Some(line), &text)}));
        }
    }
    Ok(Some(json!({
        "modules": modules.finish("modules")?,
        "settings": values.finish("settings")?,
    })))
}

fn configuration(root: &Root) -> Result<Vec<FileRef<'_>>, Reason> {
    let mut files = root.glob("etc/security/pwquality.conf.d/*.conf")?;
    files.extend(open(root, "etc/security/pwquality.conf")?);
    files.extend(open(root, "etc/security/faillock.conf")?);
    Ok(files)
}

/// One line: type, control (in brackets it may hold blanks), module, arguments. Of the arguments only what is judged is
/// kept: they may hold passwords of databases.
fn module(file: &FileRef<'_>, line: u64, text: &str) -> Option<Value> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (kind, rest) = text.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (control, rest) = match rest.strip_prefix('[') {
        Some(inside) => inside.split_once(']')?,
        None => rest.split_once(char::is_whitespace)?,
    };
    let mut words = rest.split_whitespace();
    let name = base(words.next()?);
    let arguments: Vec<&str> = words.collect();
    let number = |key: &str| {
        let found = arguments.iter().find_map(|a| a.strip_prefix(key));
        found.and_then(|value| value.parse::<i64>().ok())
    };
    let path = file.path();
    Some(json!({
        "file": base(&path),
        "type": kind,
        "control": control,
        "module": name,
        "nullok": arguments.iter().any(|a| matches!(*a, "nullok" | "nullok_secure")),
        "hash": arguments.iter().find(|argument| HASHES.contains(argument)),
        "remember": number("remember="),
        "minlen": number("minlen="),
        "quality": QUALITY.contains(&name),
        "lockout": LOCKOUT.contains(&name),
        "at": at(file, Some(line), &format!("{kind} {name}")),
    }))
}
