//! `/etc/passwd` (passwd(5)): accounts, broken lines, lines for NIS.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, MOST, Rows, at, base, fact, lines, open, too_many};
use crate::password::Scheme;
use crate::read::FactReader;
use crate::root::{FileRef, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "passwd",
    wants: &["etc/passwd"],
    read: |root, _| fact(facts(root)),
};

/// Programs that, as a shell, let nobody in.
const CLOSED: &[&str] = &["nologin", "false", "true", "sync", "shutdown", "halt"];

/// One account.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// Its name.
    pub(super) name: String,
    /// The password field as written.
    pub(super) password: String,
    /// Its number.
    pub(super) uid: u64,
    /// Its group's number.
    pub(super) gid: u64,
    /// Its home.
    pub(super) home: String,
    /// Its shell.
    pub(super) shell: String,
    /// Its line.
    pub(super) line: u64,
}

impl Account {
    /// Whether its shell lets somebody in; an empty one is `/bin/sh`.
    pub(super) fn login(&self) -> bool {
        !CLOSED.contains(&base(&self.shell))
    }
}

/// What a line of the file is.
enum Row {
    Account(Account),
    Compat,
    Broken,
}

/// The file and its accounts; none where there is no such file.
pub(super) fn accounts(root: &Root) -> Result<Option<(FileRef<'_>, Vec<Account>)>, Reason> {
    let Some(file) = open(root, "etc/passwd")? else {
        return Ok(None);
    };
    let rows = rows(&file)?;
    let accounts = rows.into_iter().filter_map(|(_, row)| match row {
        Row::Account(account) => Some(account),
        _ => None,
    });
    let accounts = accounts.collect();
    Ok(Some((file, accounts)))
}

fn rows(file: &FileRef<'_>) -> Result<Vec<(u64, Row)>, Reason> {
    let kept = lines(file)?.filter(|line| !line.text.trim().is_empty());
    let kept = kept.filter(|line| !line.text.starts_with('#'));
    let rows: Vec<_> = kept
        .take(MOST + 1)
        .map(|line| (line.number, row(&line.text, line.number)))
        .collect();
    if rows.len() > MOST {
        return Err(too_many("accounts"));
    }
    Ok(rows)
}

fn row(text: &str, line: u64) -> Row {
    if text.starts_with(['+', '-']) {
        return Row::Compat;
    }
    let fields: Vec<&str> = text.split(':').collect();
    let [name, password, uid, gid, _, home, shell] = fields.as_slice() else {
        return Row::Broken;
    };
    match (name.is_empty(), uid.parse(), gid.parse()) {
        (false, Ok(uid), Ok(gid)) => Row::Account(Account {
            name: (*name).to_owned(),
            password: (*password).to_owned(),
            uid,
            gid,
            home: (*home).to_owned(),
            shell: shell.trim().to_owned(),
            line,
        }),
        _ => Row::Broken,
    }
}

fn facts(root: &Root) -> Facts {
    let Some((file, accounts)) = accounts(root)? else {
        return Ok(None);
    };
    let names = count(accounts.iter().map(|account| account.name.as_str()));
    let uids = count(accounts.iter().map(|account| account.uid));
    let mut entries = Rows::default();
    for account in &accounts {
        let again = |times: Option<&usize>| times.is_some_and(|times| *times > 1);
        let name = again(names.get(account.name.as_str()));
        entries.push(entry(&file, account, name, again(uids.get(&account.uid))));
    }
    let (mut broken, mut compat) = (Rows::default(), Rows::default());
    for (line, row) in rows(&file)? {
        match row {
            Row::Account(_) => {}
            Row::Compat => compat.push(at(&file, Some(line), "+")),
            Row::Broken => broken.push(at(&file, Some(line), "")),
        }
    }
    Ok(Some(json!({
        "entries": entries.finish("accounts")?,
        "broken": broken.finish("broken lines")?,
        "compat": compat.finish("NIS lines")?,
    })))
}

fn entry(file: &FileRef<'_>, account: &Account, name: bool, uid: bool) -> Value {
    let what = format!("{} (uid {})", account.name, account.uid);
    json!({
        "name": account.name,
        "uid": account.uid,
        "gid": account.gid,
        "home": account.home,
        "shell": account.shell,
        "password": password(&account.password),
        "login": account.login(),
        "duplicate_name": name,
        "duplicate_uid": uid,
        "at": at(file, Some(account.line), &what),
    })
}

fn password(field: &str) -> &'static str {
    match Scheme::of(field) {
        _ if field == "x" => "shadowed",
        Scheme::Empty => "empty",
        Scheme::Locked => "locked",
        _ => "hash",
    }
}

/// How often each value occurs.
pub(super) fn count<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut times = BTreeMap::new();
    for value in values {
        *times.entry(value).or_insert(0) += 1;
    }
    times
}
