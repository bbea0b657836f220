//! Modes and owners: files with set-id bits, open to all, with capabilities, without an owner; and those of files that
//! have to be guarded.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, base, fact, lines, open};
use super::passwd::accounts;
use crate::read::FactReader;
use crate::root::{Entry, FileRef, Kind, Lookup, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "files",
    wants: &["etc/passwd", "etc/group"],
    read: |root, _| fact(facts(root)),
};

/// The most places of one kind that are kept; the rest is counted.
const KEPT: usize = 500;

/// Files that have to be guarded, by what they are.
const NAMED: &[(&str, &str)] = &[
    ("passwd", "etc/passwd"),
    ("group", "etc/group"),
    ("shadow", "etc/shadow"),
    ("gshadow", "etc/gshadow"),
    ("passwd_backup", "etc/passwd-"),
    ("passwd_backup", "etc/group-"),
    ("shadow_backup", "etc/shadow-"),
    ("shadow_backup", "etc/gshadow-"),
    ("shadow_backup", "etc/security/opasswd"),
    ("shadow_copy", "etc/*shadow*"),
    ("shadow_copy", "etc/passwd.*"),
    ("crontab", "etc/crontab"),
    ("cron_folder", "etc/cron.d"),
    ("cron_folder", "etc/cron.hourly"),
    ("cron_folder", "etc/cron.daily"),
    ("cron_folder", "etc/cron.weekly"),
    ("cron_folder", "etc/cron.monthly"),
    ("cron_file", "etc/cron.d/*"),
    ("cron_file", "etc/cron.hourly/*"),
    ("cron_file", "etc/cron.daily/*"),
    ("cron_file", "etc/cron.weekly/*"),
    ("cron_file", "etc/cron.monthly/*"),
    ("spool", "var/spool/cron/*"),
    ("spool", "var/spool/cron/crontabs/*"),
    ("sudoers", "etc/sudoers"),
    ("sudoers", "etc/sudoers.d/*"),
    ("sshd_config", "etc/ssh/sshd_config"),
    ("sshd_config", "etc/ssh/sshd_config.d/*"),
    ("ssh_host_key", "etc/ssh/ssh_host_*_key"),
    ("root_home", "root"),
    ("root_ssh", "root/.ssh"),
    ("root_ssh", "root/.ssh/*"),
    ("linker", "etc/ld.so.preload"),
    ("linker", "etc/ld.so.conf"),
    ("linker", "etc/ld.so.conf.d/*"),
    ("profile", "etc/profile"),
    ("profile", "etc/profile.d/*"),
    ("profile", "etc/bash.bashrc"),
    ("profile", "etc/environment"),
    ("init", "etc/init.d/*"),
    ("init", "etc/systemd/system/*"),
    ("docker_socket", "var/run/docker.sock"),
    ("docker_socket", "run/docker.sock"),
    ("docker_socket", "run/containerd/containerd.sock"),
];

/// The paths whose entries are looked at.
pub(super) const SEES: &[&str] = &{
    let mut paths = [""; NAMED.len()];
    let mut at = 0;
    while at < NAMED.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop, at compile time"
        )]
        {
            paths[at] = NAMED[at].1;
        }
        at += 1;
    }
    paths
};

/// The places of one kind, and how many more there were.
#[derive(Default)]
struct Kept {
    rows: Vec<Value>,
    more: u64,
}

impl Kept {
    fn push(&mut self, row: impl FnOnce() -> Value) {
        match self.rows.len() < KEPT {
            true => self.rows.push(row()),
            false => self.more += 1,
        }
    }
}

fn facts(root: &Root) -> Facts {
    let owners = Owners::of(root)?;
    let (mut setid, mut open, mut capable, mut unowned) = (
        Kept::default(),
        Kept::default(),
        Kept::default(),
        Kept::default(),
    );
    for file in root.entries() {
        let entry = file.entry();
        if matches!(entry.kind, Kind::Link(_)) {
            continue;
        }
        let regular = entry.kind == Kind::File;
        if regular && entry.mode & 0o6000 != 0 {
            setid.push(|| row(&file));
        }
        if is_open(entry, &file) {
            open.push(|| row(&file));
        }
        if regular && entry.capabilities {
            capable.push(|| row(&file));
        }
        if !owners.know(entry) {
            unowned.push(|| row(&file));
        }
    }
    let more = setid.more + open.more + capable.more + unowned.more;
    Ok(Some(json!({
        "setid": setid.rows,
        "world_writable": open.rows,
        "capabilities": capable.rows,
        "unowned": unowned.rows,
        "accounts": owners.known(),
        "named": named(root)?,
        "more": more,
    })))
}

/// Whether anybody may write to a file, or put and replace files in a folder. Devices belong to the run time.
fn is_open(entry: &Entry, file: &FileRef<'_>) -> bool {
    let for_all = entry.mode & 0o002 != 0;
    match entry.kind {
        Kind::File => for_all,
        Kind::Dir => for_all && entry.mode & 0o1000 == 0,
        _ => for_all && file.path().ends_with(".sock"),
    }
}

fn row(file: &FileRef<'_>) -> Value {
    let entry = file.entry();
    let path = file.path();
    let bit = |bit: u32| entry.mode & bit != 0;
    let what = format!("{:04o} {}:{}", entry.mode, entry.uid, entry.gid);
    json!({
        "path": path,
        "name": base(&path),
        "dir": entry.kind == Kind::Dir,
        "mode": format!("{:04o}", entry.mode),
        "uid": entry.uid,
        "gid": entry.gid,
        "setuid": bit(0o4000),
        "setgid": bit(0o2000),
        "sticky": bit(0o1000),
        "group_readable": bit(0o040),
        "group_writable": bit(0o020),
        "other_readable": bit(0o004),
        "other_writable": bit(0o002),
        "other_executable": bit(0o001),
        "at": at(file, None, &what),
    })
}

/// The guarded files that are there. Links are followed, so one file may come under two names.
fn named(root: &Root) -> Result<Value, Reason> {
    let mut rows = Rows::default();
    let mut seen = BTreeSet::new();
    for (role, pattern) in NAMED {
        let found = match pattern.contains('*') {
            true => root.glob(pattern)?,
            false => open(root, pattern)?.into_iter().collect(),
        };
        for file in found {
            let path = file.path();
            // What has a role of its own is no copy.
            let own = *role == "shadow_copy" && seen.iter().any(|(_, known)| *known == path);
            if own || !seen.insert((*role, path)) {
                continue;
            }
            let mut row = row(&file);
            if let Some(fields) = row.as_object_mut() {
                fields.insert("role".to_owned(), json!(role));
            }
            rows.push(row);
        }
    }
    rows.finish("guarded files")
}

/// The numbers that belong to an account or a group; none where the image has no such file.
struct Owners {
    uids: Option<BTreeSet<u64>>,
    gids: Option<BTreeSet<u64>>,
}

impl Owners {
    fn of(root: &Root) -> Result<Self, Reason> {
        let accounts = accounts(root)?;
        let uids = accounts.map(|(_, accounts)| accounts.iter().map(|a| a.uid).collect());
        let gids = match root.look("etc/group") {
            Lookup::Found(file) => Some(gids(&file)?),
            Lookup::Missing => None,
            Lookup::Unknown(reason) => return Err(reason),
        };
        Ok(Self { uids, gids })
    }

    fn known(&self) -> bool {
        self.uids.is_some()
    }

    fn know(&self, entry: &Entry) -> bool {
        let has = |set: &Option<BTreeSet<u64>>, id: u64| {
            id == 0 || set.as_ref().is_none_or(|set| set.contains(&id))
        };
        has(&self.uids, entry.uid) && has(&self.gids, entry.gid)
    }
}

fn gids(file: &FileRef<'_>) -> Result<BTreeSet<u64>, Reason> {
    let numbers = lines(file)?.filter_map(|line| line.text.split(':').nth(2)?.parse().ok());
    Ok(numbers.collect())
}
