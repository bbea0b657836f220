//! Jobs of cron: `/etc/crontab`, `/etc/cron.d`, users' tables, and the folders whose scripts run (crontab(5), cron(8)).

mod command;
mod open;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, MOST, Rows, at, base, fact, open, settings};
use super::passwd::{Account, accounts};
use crate::read::FactReader;
use crate::root::{FileRef, Lookup, Root};

use self::command::{PATH, fetches, job, named, path, programs};
use self::open::{Runner, any, open_parent};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "cron",
    wants: &[
        "etc/crontab",
        "etc/cron.d/*",
        "var/spool/cron/crontabs/*",
        "var/spool/cron/*",
        "etc/crontabs/*",
        "etc/passwd",
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

/// How many folders of a PATH are looked into.
const FOLDERS: usize = 16;

fn facts(root: &Root) -> Facts {
    let accounts = accounts(root).ok().flatten();
    let accounts = accounts.map(|(_, accounts)| accounts).unwrap_or_default();
    let mut jobs = Rows::default();
    let mut tables = 0;
    for (file, system) in all_tables(root)? {
        tables += 1;
        for line in lines_of(&file, system)? {
            if jobs.is_over() {
                break;
            }
            jobs.push(line.row(root, &file, system, &accounts));
        }
    }
    for pattern in SEES {
        for file in root.glob(pattern)? {
            tables += 1;
            jobs.push(script(root, &file));
        }
    }
    if tables == 0 && open(root, "etc/cron.d")?.is_none() {
        return Ok(None);
    }
    Ok(Some(json!({"jobs": jobs.finish("jobs")?})))
}

/// The programs of jobs that the tree does not keep: only the tables say where they are.
pub(super) fn asks(root: &Root) -> Vec<String> {
    let mut asked = Vec::new();
    for (file, system) in all_tables(root).unwrap_or_default() {
        for line in lines_of(&file, system).unwrap_or_default() {
            asked.extend(line.unkept(root));
        }
    }
    asked
}

/// The tables, and whether each names a user in its lines.
fn all_tables(root: &Root) -> Result<Vec<(FileRef<'_>, bool)>, Reason> {
    let mut tables = Vec::new();
    for (patterns, system) in [(&SYSTEM[..], true), (&USERS[..], false)] {
        for pattern in patterns {
            tables.extend(root.glob(pattern)?.into_iter().map(|file| (file, system)));
        }
    }
    Ok(tables)
}

/// A line of a table that is a job.
struct Job {
    number: u64,
    user: String,
    command: String,
    /// Where commands are searched for.
    path: String,
}

/// The jobs of a table; one more than are taken tells that there are too many.
fn lines_of(file: &FileRef<'_>, system: bool) -> Result<Vec<Job>, Reason> {
    let table = file.path();
    let (mut jobs, mut searched) = (Vec::new(), PATH.to_owned());
    for (number, text) in settings(file)? {
        if let Some(value) = path(&text) {
            searched = value.to_owned();
        }
        let Some((user, command)) = job(&text, system) else {
            continue;
        };
        jobs.push(Job {
            number,
            user: user.unwrap_or(base(&table)).to_owned(),
            command: command.to_owned(),
            path: searched.clone(),
        });
        if jobs.len() > MOST {
            break;
        }
    }
    Ok(jobs)
}

impl Job {
    fn row(&self, root: &Root, table: &FileRef<'_>, system: bool, accounts: &[Account]) -> Value {
        let runner = Runner::of(&self.user, accounts);
        // Whoever writes to a table that names users makes jobs of root.
        let of_table = match system {
            true => Runner::of("root", accounts),
            false => runner,
        };
        let open = any([
            of_table.open(table.entry()),
            open::command(root, &self.command, &self.path, runner),
        ]);
        let programs = programs(&self.command);
        let fetches = fetches(&self.command);
        // The command itself may hold a password: only the programs that it names are kept.
        let what = match fetches {
            true => format!("{}: … | sh", self.user),
            false => format!("{}: {}", self.user, programs.join(" ")),
        };
        let program = programs.first().copied().unwrap_or_default();
        let at = at(table, Some(self.number), &what);
        row(&self.user, program, (open, fetches), &at)
    }

    /// What it runs that the tree may lack.
    fn unkept(&self, root: &Root) -> Vec<String> {
        let folders = self.path.split(':').filter(|dir| dir.starts_with('/'));
        let folders: Vec<&str> = folders.take(FOLDERS).collect();
        let searched = named(&self.command)
            .flat_map(|name| folders.iter().map(move |folder| format!("{folder}/{name}")));
        let absolute = programs(&self.command).into_iter().map(str::to_owned);
        let all = absolute.chain(searched);
        all.filter(|path| matches!(root.look(path), Lookup::Unknown(_)))
            .collect()
    }
}

/// A script of a folder of jobs, which root runs.
fn script(root: &Root, file: &FileRef<'_>) -> Value {
    let path = file.path();
    let open = any([
        Runner::of("root", &[]).open(file.entry()),
        Some(open_parent(root, &path)),
    ]);
    let name = base(&path);
    row("root", name, (open, false), &at(file, None, name))
}

/// One job; whether somebody may change it is left out where it is not known.
fn row(user: &str, program: &str, (open, fetches): (Option<bool>, bool), at: &Value) -> Value {
    let mut row = json!({"user": user, "program": program, "fetches": fetches, "at": at});
    if let (Some(open), Some(fields)) = (open, row.as_object_mut()) {
        fields.insert("writable".to_owned(), json!(open));
    }
    row
}
