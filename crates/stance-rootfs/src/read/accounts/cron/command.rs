//! Lines of tables: the user, the command, and what the command runs.

use super::super::lines::base;

/// Programs that run what they are given.
const SHELLS: &[&str] = &[
    "sh", "bash", "dash", "ash", "zsh", "python", "python3", "perl",
];

/// What a line without another PATH is searched for in.
pub(super) const PATH: &str = "/usr/bin:/bin";

/// The value that a line of a table gives to PATH.
pub(super) fn path(text: &str) -> Option<&str> {
    let value = text.strip_prefix("PATH")?.trim_start().strip_prefix('=')?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The commands that a line names without a folder: the first word of each part.
pub(super) fn named(command: &str) -> impl Iterator<Item = &str> {
    let parts = command.split([';', '&', '|', '(', ')', '\n']);
    let first = parts.filter_map(|part| part.split_whitespace().next());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    first.filter(move |word| word.chars().all(plain)).take(20)
}

/// The user, where the table has one, and the command of a line; none for variables and what is no job.
pub(super) fn job(text: &str, system: bool) -> Option<(Option<&str>, &str)> {
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
pub(super) fn programs(command: &str) -> Vec<&str> {
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
pub(super) fn fetches(command: &str) -> bool {
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
