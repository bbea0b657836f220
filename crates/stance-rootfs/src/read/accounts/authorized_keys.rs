//! `~/.ssh/authorized_keys` (sshd(8)) of every account: whose keys open it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, lines, open, too_many, writable};
use super::passwd::{Account, accounts};
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "authorized_keys",
    wants: &[
        "**/.ssh/authorized_keys",
        "**/.ssh/authorized_keys2",
        "etc/passwd",
    ],
    read: |root, _| fact(facts(root)),
};

/// The names that sshd looks for.
const NAMES: [&str; 2] = ["authorized_keys", "authorized_keys2"];

/// The types of keys.
const TYPES: &[&str] = &["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

/// The most bytes of all files; several accounts may share a home.
const BYTES: usize = 16 << 20;

/// One key of a file.
struct Key {
    kind: String,
    bits: Option<u64>,
    options: Vec<String>,
    comment: String,
}

fn facts(root: &Root) -> Facts {
    let (mut keys, mut broken, mut files) = (Rows::default(), Rows::default(), Rows::default());
    let known = accounts(root)?.map_or_else(Vec::new, |(_, accounts)| accounts);
    let (mut seen, mut left) = (BTreeSet::new(), BYTES);
    for (user, uid, home) in homes(&known) {
        for name in NAMES {
            let Some(file) = open(root, &format!("{home}/.ssh/{name}"))? else {
                continue;
            };
            left = left
                .checked_sub(file.bytes()?.len())
                .filter(|_| !keys.is_over())
                .ok_or_else(|| too_many("keys"))?;
            if seen.insert((file.path(), user.clone())) {
                files.push(of_file(&file, &user, uid));
                read(&file, &user, uid, &mut keys, &mut broken)?;
            }
        }
    }
    Ok(Some(json!({
        "keys": keys.finish("keys")?,
        "files": files.finish("files")?,
        "broken": broken.finish("broken lines")?,
    })))
}

/// The accounts and their homes; root's also where no account file names it.
fn homes(accounts: &[Account]) -> Vec<(String, u64, String)> {
    let mut homes: Vec<_> = accounts
        .iter()
        .filter(|account| account.home.starts_with('/'))
        .map(|account| (account.name.clone(), account.uid, account.home.clone()))
        .collect();
    if !accounts.iter().any(|account| account.uid == 0) {
        homes.push(("root".to_owned(), 0, "/root".to_owned()));
    }
    homes
}

/// The file itself: whether somebody else than its owner and root may write to it.
fn of_file(file: &FileRef<'_>, user: &str, uid: u64) -> Value {
    let entry = file.entry();
    let foreign = entry.uid != uid && entry.uid != 0;
    let open = match uid {
        0 => writable(file),
        _ => foreign || entry.mode & 0o022 != 0,
    };
    let what = format!("{user} {:04o} {}:{}", entry.mode, entry.uid, entry.gid);
    json!({"user": user, "uid": uid, "writable": open, "at": at(file, None, &what)})
}

fn read(
    file: &FileRef<'_>,
    user: &str,
    uid: u64,
    keys: &mut Rows,
    broken: &mut Rows,
) -> Result<(), Reason> {
    for line in lines(file)? {
        let text = line.text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let Some(key) = key(text) else {
            broken.push(at(file, Some(line.number), user));
            continue;
        };
        let bits = key.bits.map_or_else(String::new, |bits| format!(" {bits}"));
        let what = format!("{user}: {}{bits} {}", key.kind, key.comment);
        let weak = key.kind == "ssh-dss" || key.bits.is_some_and(|bits| bits < 2_048);
        let forced = |option: &String| option == "command" || option == "restrict";
        keys.push(json!({
            "user": user,
            "uid": uid,
            "type": key.kind,
            "bits": key.bits,
            "weak": weak,
            "restricted": key.options.iter().any(forced),
            "from": key.options.iter().any(|option| option == "from"),
            "certificates": key.options.iter().any(|option| option == "cert-authority"),
            "at": at(file, Some(line.number), what.trim_end()),
        }));
    }
    Ok(())
}

/// A key: options (names only, their values may be anything), type, the key itself, a comment.
fn key(text: &str) -> Option<Key> {
    let mut words = words(text).into_iter();
    let first = words.next()?;
    let typed = |word: &str| TYPES.iter().any(|prefix| word.starts_with(prefix));
    let (options, kind) = match typed(&first) {
        true => (Vec::new(), first),
        false => (options(&first), words.next().filter(|word| typed(word))?),
    };
    let blob = STANDARD.decode(words.next()?).ok();
    Some(Key {
        bits: blob
            .filter(|_| kind == "ssh-rsa")
            .and_then(|blob| rsa_bits(&blob)),
        kind,
        options,
        comment: words.collect::<Vec<_>>().join(" "),
    })
}

/// Words at blanks outside of quotes.
fn words(text: &str) -> Vec<String> {
    let (mut quoted, mut before) = (false, ' ');
    let split = text.split(|c: char| {
        if c == '"' && before != '\\' {
            quoted = !quoted;
        }
        before = c;
        c.is_whitespace() && !quoted
    });
    let kept = split.filter(|word| !word.is_empty());
    kept.map(str::to_owned).collect()
}

/// The names of options, in small letters.
fn options(text: &str) -> Vec<String> {
    let mut quoted = false;
    let split = text.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    split
        .map(|option| {
            option
                .split('=')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        })
        .collect()
}

/// The size of an RSA key: the third of its length-prefixed fields, without a leading zero byte.
fn rsa_bits(blob: &[u8]) -> Option<u64> {
    let (_, rest) = field(blob)?;
    let (_, rest) = field(rest)?;
    let (modulus, _) = field(rest)?;
    let digits = modulus.iter().skip_while(|byte| **byte == 0);
    let mut digits = digits.peekable();
    let top = digits
        .peek()
        .map_or(0, |byte| u64::from(byte.leading_zeros()));
    Some((digits.count() as u64 * 8).saturating_sub(top))
}

fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
