//! Jobs of cron: `/etc/crontab`, `/etc/cron.d`, users' tables, and the folders whose scripts run (crontab(5), cron(8)).

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, base, fact, open, settings, writable};
use crate::read::FactReader;
use crate::root::{FileRef, Kind, Lookup, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "cron",
    wants: &[
        "etc/crontab",
        "etc/cron.d/*",
        "var/spool/cron/crontabs/*",
        "var/spool/cron/*",
        "etc/crontabs/*",
    ],
    read: |root, _| fact(facts(root)),
};

/// The paths whose entries are looked at.
pub(super) const SEES: &[&str] = &[
    "etc/cron.hourly/*",
    "etc/cron.daily/*",
    "etc/cron.weekly/*",
    "etc/cron.monthly/*",
    "etc/periodic/*/*",
];

/// Where programs of jobs lie, besides the folders of [`tools`](super::tools): their owners matter.
pub(super) const PROGRAMS: &[&str] = &[
    "usr/lib/*/*",
    "usr/lib/*/*/*",
    "usr/libexec/*",
    "usr/libexec/*/*",
    "opt/*",
    "opt/*/*",
    "opt/*/bin/*",
    "srv/*",
    "srv/*/*",
    "root/*",
    "home/*/*",
    "etc/*/*",
];

/// Tables with a user in each line.
const SYSTEM: [&str; 2] = ["etc/crontab", "etc/cron.d/*"];

/// Tables that are named after their user.
const USERS: [&str; 3] = [
    "var/spool/cron/crontabs/*",
    "var/spool/cron/*",
    "etc/crontabs/*",
];

/// Programs that run what they are given.
const SHELLS: &[&str] = &[
    "sh", "bash", "dash", "ash", "zsh", "python", "python3", "perl",
];

fn facts(root: &Root) -> Facts {
    let mut jobs = Rows::default();
    let mut tables = 0;
    for (patterns, system) in [(&SYSTEM[..], true), (&USERS[..], false)] {
        for pattern in patterns {
            for file in root.glob(pattern)? {
                tables += 1;
                table(root, &file, system, &mut jobs)?;
            }
        }
    }
    for pattern in SEES {
        for file in root.glob(pattern)? {
            tables += 1;
            let path = file.path();
            let writable = writable(&file) || open_parent(root, &path);
            jobs.push(row(
                "root",
                base(&path),
                Some(writable),
                &at(&file, None, base(&path)),
            ));
        }
    }
    if tables == 0 && open(root, "etc/cron.d")?.is_none() {
        return Ok(None);
    }
    Ok(Some(json!({"jobs": jobs.finish("jobs")?})))
}

fn table(root: &Root, file: &FileRef<'_>, system: bool, jobs: &mut Rows) -> Result<(), Reason> {
    let path = file.path();
    for (line, text) in settings(file)? {
        if jobs.is_over() {
            break;
        }
        let Some((user, command)) = job(&text, system) else {
            continue;
        };
        let user = user.unwrap_or(base(&path));
        let programs = programs(command);
        let each = programs.iter().map(|program| foreign(root, program, user));
        let open = any(std::iter::once(Some(writable_table(file, user))).chain(each));
        // The command itself may hold a password: only the programs that it names are kept.
        let what = format!("{user}: {}", programs.join(" "));
        let program = programs.first().copied().unwrap_or_default();
        let fetches = fetches(command);
        let what = if fetches {
            format!("{user}: … | sh")
        } else {
            what
        };
        let mut row = row(user, program, open, &at(file, Some(line), &what));
        if let Some(fields) = row.as_object_mut() {
            fields.insert("fetches".to_owned(), json!(fetches));
        }
        jobs.push(row);
    }
    Ok(())
}

/// One job; whether somebody may change it is left out where it is not known.
fn row(user: &str, program: &str, writable: Option<bool>, at: &Value) -> Value {
    let mut row = json!({"user": user, "program": program, "fetches": false, "at": at});
    if let (Some(writable), Some(fields)) = (writable, row.as_object_mut()) {
        fields.insert("writable".to_owned(), json!(writable));
    }
    row
}

/// Whether one is true; none where that is not known.
fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}

/// The user, where the table has one, and the command of a line; none for variables and what is no job.
fn job(text: &str, system: bool) -> Option<(Option<&str>, &str)> {
    let times = match text.starts_with('@') {
        true => 1,
        false => 5,
    };
    if times == 5 && !text.starts_with(|c: char| c.is_ascii_digit() || c == '*') {
        return None;
    }
    let rest = skip(text, times)?;
    match system {
        true => {
            let (user, command) = rest.split_once(char::is_whitespace)?;
            Some((Some(user), command.trim_start()))
        }
        false => Some((None, rest)),
    }
}

/// What follows so many words.
fn skip(text: &str, words: usize) -> Option<&str> {
    let mut rest = text;
    for _ in 0..words {
        rest = rest.split_once(char::is_whitespace)?.1.trim_start();
    }
    Some(rest).filter(|rest| !rest.is_empty())
}

/// The absolute paths that a command names.
fn programs(command: &str) -> Vec<&str> {
    let edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ';' | '&' | '|' | '(' | ')' | '"' | '\'' | '<' | '>' | '`'
            )
    };
    let paths = command.split(edge).filter(|word| word.starts_with('/'));
    paths
        .filter(|path| !matches!(*path, "/" | "/dev/null"))
        .take(20)
        .collect()
}

/// Whether a command gives what it fetches from the network to a shell.
fn fetches(command: &str) -> bool {
    let mut parts = command.split('|').map(|part| {
        let words = part.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '('));
        words
            .map(base)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
    });
    let fetch = |words: &Vec<&str>| words.iter().any(|word| matches!(*word, "curl" | "wget"));
    let shell = |words: &Vec<&str>| {
        let mut words = words.iter().filter(|word| **word != "sudo");
        words.next().is_some_and(|word| SHELLS.contains(word))
    };
    parts.any(|part| fetch(&part)) && parts.any(|part| shell(&part))
}

/// Whether somebody else than its user and root may change the table.
fn writable_table(file: &FileRef<'_>, user: &str) -> bool {
    match user {
        "root" => writable(file),
        _ => file.entry().mode & 0o002 != 0,
    }
}

/// Whether somebody else than its user may change what a job runs: the file, or the folder that holds it. None: the
/// owner of the file is not known.
fn foreign(root: &Root, path: &str, user: &str) -> Option<bool> {
    let file = match root.look(path) {
        Lookup::Found(file) => file,
        Lookup::Missing => return Some(open_parent(root, path)),
        // Files that anybody may write to are always kept: this one is not open, whoever owns it.
        Lookup::Unknown(_) if user != "root" => return Some(open_parent(root, path)),
        Lookup::Unknown(_) => return open_parent(root, path).then_some(true),
    };
    if file.entry().kind != Kind::File {
        return Some(false);
    }
    let open = match user {
        "root" => writable(&file),
        _ => file.entry().mode & 0o002 != 0,
    };
    Some(open || open_parent(root, &file.path()))
}

/// Whether anybody may replace a file in its folder: writable for all, without the sticky bit. Such folders are always
/// kept, so one that is not there is none.
fn open_parent(root: &Root, path: &str) -> bool {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    match folder.map(|folder| root.look(folder)) {
        Some(Lookup::Found(found)) => found.entry().mode & 0o1002 == 0o002,
        _ => false,
    }
}
