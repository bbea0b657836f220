//! Aliases of sudoers: `User_Alias A = a, b : B = c`, the same for commands.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::split;

/// The kinds of aliases; hosts and run-as users are not judged.
const KINDS: &[&str] = &[
    "User_Alias",
    "Runas_Alias",
    "Host_Alias",
    "Cmnd_Alias",
    "Cmd_Alias",
];

/// The most members that a name stands for.
const MOST: usize = 200;

/// The most names that are looked at to resolve one, and the most aliases.
const STEPS: usize = 1_000;

/// Names and what they stand for.
type Names = BTreeMap<String, Vec<String>>;

/// What names stand for, down to what is no name; users and commands have names of their own.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    users: Names,
    commands: Names,
}

impl Aliases {
    /// Whether a statement declares aliases.
    pub(super) fn declares(text: &str) -> bool {
        let word = text.split_whitespace().next().unwrap_or_default();
        KINDS.contains(&word)
    }

    /// The aliases of all statements, wherever they stand.
    pub(super) fn of<'t>(statements: impl Iterator<Item = &'t str>) -> Self {
        let (mut users, mut commands) = (Names::new(), Names::new());
        for text in statements {
            match text.split_once(char::is_whitespace) {
                Some(("User_Alias", rest)) => declare(&mut users, rest),
                Some(("Cmnd_Alias" | "Cmd_Alias", rest)) => declare(&mut commands, rest),
                _ => {}
            }
        }
        Self {
            users: resolved(&users),
            commands: resolved(&commands),
        }
    }

    /// The users that a list stands for.
    pub(super) fn users(&self, list: &[String]) -> Vec<String> {
        let each = list.iter().flat_map(|item| stands_for(&self.users, item));
        each.take(MOST).map(str::to_owned).collect()
    }

    /// The commands that one stands for.
    pub(super) fn commands<'a>(&'a self, item: &'a str) -> impl Iterator<Item = &'a str> {
        stands_for(&self.commands, item)
    }
}

fn declare(names: &mut Names, rest: &str) {
    for part in split(rest, ':') {
        if let Some((name, members)) = part.split_once('=')
            && names.len() < STEPS
        {
            names.insert(name.trim().to_owned(), split(members, ','));
        }
    }
}

fn stands_for<'a>(names: &'a Names, item: &'a str) -> impl Iterator<Item = &'a str> {
    let list = names.get(item);
    let itself = list.is_none().then_some(item);
    let members = list.into_iter().flatten().map(String::as_str);
    members.chain(itself)
}

/// All names with what they stand for in the end.
fn resolved(names: &Names) -> Names {
    let keys = names.keys();
    keys.map(|name| (name.clone(), expand(names, name)))
        .collect()
}

/// Names replaced by what they stand for; a name that stands for itself ends there, and so does a list that is longer
/// than anybody's.
fn expand(names: &Names, name: &str) -> Vec<String> {
    let mut todo = vec![name];
    let (mut seen, mut found, mut room) = (BTreeSet::new(), Vec::new(), STEPS);
    while let Some(item) = todo.pop() {
        match names.get(item) {
            Some(members) if seen.insert(item) => {
                todo.extend(members.iter().take(room).rev().map(String::as_str));
                room = room.saturating_sub(members.len());
            }
            Some(_) => {}
            None if found.len() < MOST => found.push(item.to_owned()),
            None => break,
        }
    }
    found
}
