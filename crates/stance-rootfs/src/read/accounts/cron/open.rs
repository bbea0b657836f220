//! Whether somebody else may change what a job runs. What the tree does not keep is not known.

use super::super::passwd::Account;
use super::command::{named, programs};
use crate::root::{Entry, Kind, Lookup, Root};

/// Who runs a job.
#[derive(Clone, Copy)]
pub(super) struct Runner<'a> {
    pub(super) name: &'a str,
    /// The account; none: it is not known.
    pub(super) account: Option<&'a Account>,
}

impl<'a> Runner<'a> {
    pub(super) fn of(name: &'a str, accounts: &'a [Account]) -> Self {
        let account = accounts.iter().find(|account| account.name == name);
        Self { name, account }
    }

    fn is_root(self) -> bool {
        self.name == "root" || self.account.is_some_and(|account| account.uid == 0)
    }

    /// Whether somebody else than this user and root may write to it; none: the user's number is not known.
    pub(super) fn open(self, entry: &Entry) -> Option<bool> {
        let group = entry.mode & 0o020 != 0 && entry.gid != 0;
        if entry.mode & 0o002 != 0 {
            return Some(true);
        }
        if self.is_root() {
            return Some(entry.uid != 0 || group);
        }
        match self.account {
            Some(account) => {
                let owner = entry.uid != 0 && entry.uid != account.uid;
                Some(owner || group && entry.gid != account.gid)
            }
            None => (entry.uid == 0 && !group).then_some(false),
        }
    }
}

/// Whether one is true; none where that is not known.
pub(super) fn any(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
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

/// Whether somebody else may change what a command runs.
pub(super) fn command(root: &Root, command: &str, path: &str, runner: Runner<'_>) -> Option<bool> {
    let absolute = programs(command).into_iter();
    let absolute = absolute.map(|program| foreign(root, program, runner));
    let searched = named(command).map(|name| search(root, name, path, runner));
    any(absolute.chain(searched))
}

/// The same of a command that is searched for in the folders of PATH; what is in none of them is the shell's own.
fn search(root: &Root, name: &str, path: &str, runner: Runner<'_>) -> Option<bool> {
    let folders = path
        .split(':')
        .filter(|folder| folder.starts_with('/'))
        .take(super::FOLDERS);
    for folder in folders {
        let program = format!("{folder}/{name}");
        match root.look(&program) {
            Lookup::Missing => {}
            Lookup::Found(_) => return foreign(root, &program, runner),
            Lookup::Unknown(_) => return open_parent(root, &program).then_some(true),
        }
    }
    Some(false)
}

/// Whether somebody else than its user may change a file, or the folder that holds it.
fn foreign(root: &Root, path: &str, runner: Runner<'_>) -> Option<bool> {
    let file = match root.look(path) {
        Lookup::Found(file) => file,
        Lookup::Missing => return Some(open_parent(root, path)),
        Lookup::Unknown(_) => return open_parent(root, path).then_some(true),
    };
    if file.entry().kind != Kind::File {
        return Some(false);
    }
    any([
        Some(open_parent(root, &file.path())),
        runner.open(file.entry()),
    ])
}

/// Whether anybody may replace a file in its folder: writable for all, without the sticky bit. Such folders are always
/// kept, so one that is not there is none.
pub(super) fn open_parent(root: &Root, path: &str) -> bool {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    match folder.map(|folder| root.look(folder)) {
        Some(Lookup::Found(found)) => found.entry().mode & 0o1002 == 0o002,
        _ => false,
    }
}
