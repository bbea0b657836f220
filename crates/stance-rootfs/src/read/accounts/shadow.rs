//! `/etc/shadow` (shadow(5)) and the passwords that stand in `/etc/passwd` itself: how they are hashed, which are empty,
//! equal or weak, and how long they last. A hash never leaves this file.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, lines, open};
use super::passwd::{self, accounts};
use crate::password::{self, Guess, Scheme, guess};
use crate::read::{FactReader, ReadContext};
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "shadow",
    wants: &["etc/shadow", "etc/passwd"],
    read: |root, context| fact(facts(root, context)),
};

/// The names of the fields after the password, in their order.
const AGES: [&str; 6] = [
    "last_change_days",
    "min_days",
    "max_days",
    "warn_days",
    "inactive_days",
    "expire_days",
];

/// One account's password.
struct Secret<'r> {
    file: FileRef<'r>,
    line: u64,
    user: String,
    field: String,
    ages: Vec<Option<i64>>,
    source: &'static str,
}

impl Secret<'_> {
    fn scheme(&self) -> Scheme {
        Scheme::of(&self.field)
    }

    fn locked(&self) -> bool {
        self.field.starts_with('!') || self.scheme() == Scheme::Locked
    }

    /// The hash, if there is one, locked or not.
    fn hash(&self) -> Option<&str> {
        let hash = self.field.trim_start_matches('!');
        self.scheme().is_hash().then_some(hash)
    }

    /// Whether the account opens to somebody who knows the password.
    fn usable(&self) -> bool {
        self.scheme().is_hash() && !self.locked()
    }
}

fn facts(root: &Root, context: &ReadContext<'_>) -> Facts {
    let (mut broken, mut compat) = (Rows::default(), Rows::default());
    let shadow = open(root, "etc/shadow")?;
    let accounts = accounts(root)?;
    if shadow.is_none() && accounts.is_none() {
        return Ok(None);
    }
    let mut secrets = Vec::new();
    if let Some(file) = shadow {
        secrets = in_shadow(&file, &mut broken, &mut compat)?;
    }
    let accounts = accounts.map_or_else(Vec::new, |(file, accounts)| {
        secrets.extend(in_passwd(&file, &accounts));
        accounts
    });
    let guesses = guesses(&secrets, context);
    let groups = groups(&secrets);
    let by_name: BTreeMap<&str, _> = accounts.iter().map(|a| (a.name.as_str(), a)).collect();
    let mut entries = Rows::default();
    for (secret, guess) in secrets.iter().zip(&guesses) {
        let account = by_name.get(secret.user.as_str()).copied();
        entries.push(entry(secret, *guess, &groups, account));
    }
    Ok(Some(json!({
        "entries": entries.finish("passwords")?,
        "broken": broken.finish("broken lines")?,
        "compat": compat.finish("NIS lines")?,
    })))
}

fn in_shadow<'r>(
    file: &FileRef<'r>,
    broken: &mut Rows,
    compat: &mut Rows,
) -> Result<Vec<Secret<'r>>, Reason> {
    let mut secrets = Vec::new();
    for line in lines(file)? {
        let text = line.text.trim_end();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.starts_with(['+', '-']) {
            compat.push(at(file, Some(line.number), "+"));
            continue;
        }
        match in_line(text) {
            Some((user, field, ages)) if secrets.len() <= super::lines::MOST => {
                secrets.push(Secret {
                    file: file.clone(),
                    line: line.number,
                    user,
                    field,
                    ages,
                    source: "shadow",
                });
            }
            Some(_) => {}
            None => broken.push(at(file, Some(line.number), "")),
        }
    }
    Ok(secrets)
}

/// The user, the password field and the ages of a line: at least two fields, and numbers or nothing after them.
fn in_line(text: &str) -> Option<(String, String, Vec<Option<i64>>)> {
    let mut fields = text.split(':');
    let user = fields.next().filter(|user| !user.is_empty())?;
    let field = fields.next()?;
    let ages = fields.take(AGES.len()).map(|age| age.trim().parse().ok());
    Some((user.to_owned(), field.to_owned(), ages.collect()))
}

/// Accounts whose password field of `/etc/passwd` is something else than `x`.
fn in_passwd<'r>(file: &FileRef<'r>, accounts: &[passwd::Account]) -> Vec<Secret<'r>> {
    let own = accounts.iter().filter(|account| account.password != "x");
    own.take(super::lines::MOST)
        .map(|account| Secret {
            file: file.clone(),
            line: account.line,
            user: account.name.clone(),
            field: account.password.clone(),
            ages: Vec::new(),
            source: "passwd",
        })
        .collect()
}

/// What guessing found, for those that a password opens.
fn guesses(secrets: &[Secret<'_>], context: &ReadContext<'_>) -> Vec<Option<Guess>> {
    let usable = secrets.iter().filter(|secret| secret.usable());
    let tried: Vec<_> = usable
        .filter_map(|secret| {
            let name = secret.user.as_str();
            secret.hash().map(|hash| password::Account { name, hash })
        })
        .collect();
    let mut found = guess(&tried, context.passwords).into_iter();
    let each = secrets
        .iter()
        .map(|secret| secret.usable().then(|| found.next()).flatten());
    each.collect()
}

/// The users of every hash that is there.
fn groups<'s>(secrets: &'s [Secret<'_>]) -> BTreeMap<&'s str, (usize, Vec<&'s str>)> {
    let mut groups = BTreeMap::new();
    for secret in secrets {
        if let Some(hash) = secret.hash() {
            let next = groups.len() + 1;
            let group = groups.entry(hash).or_insert((next, Vec::new()));
            group.1.push(secret.user.as_str());
        }
    }
    groups
}

fn entry(
    secret: &Secret<'_>,
    guess: Option<Guess>,
    groups: &BTreeMap<&str, (usize, Vec<&str>)>,
    account: Option<&passwd::Account>,
) -> Value {
    let group = secret.hash().and_then(|hash| groups.get(hash));
    let mut entry = json!({
        "user": secret.user,
        "uid": account.map(|account| account.uid),
        "login": account.map(passwd::Account::login),
        "scheme": secret.scheme().name(),
        "empty": secret.scheme() == Scheme::Empty,
        "locked": secret.locked(),
        "usable": secret.usable(),
        "hash_group": group.map(|group| group.0),
        "duplicate_hash": group.is_some_and(|group| group.1.len() > 1),
        "guess": guess.map(Guess::name),
        "source": secret.source,
        "at": at(&secret.file, Some(secret.line), &secret.user),
    });
    if let Some(fields) = entry.as_object_mut() {
        for (at, name) in AGES.iter().enumerate() {
            let age = secret.ages.get(at).copied().flatten();
            fields.insert((*name).to_owned(), json!(age));
        }
        // Left out where it is not known, so that whoever asks does not take it for strong.
        if guess != Some(Guess::NotTried) {
            fields.insert("weak".to_owned(), json!(guess == Some(Guess::Weak)));
        }
    }
    entry
}
