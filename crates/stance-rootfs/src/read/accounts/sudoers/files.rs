//! The files of sudoers, in the order in which sudo reads them.

use stance_model::{Reason, ReasonKind};

use crate::read::accounts::lines::{base, lines, open};
use crate::root::{FileRef, Lookup, Root};

/// How deep files include each other, as in sudo.
const DEPTH: usize = 16;

/// The folder whose files the tree keeps.
const KEPT: &str = "etc/sudoers.d";

/// The most files that are read, one that is included twice counting twice.
const FILES: usize = 200;

/// The most statements that are read.
const MOST: usize = 2_000;

/// The most bytes of a statement that goes over several lines.
const LONG: usize = 16 << 10;

/// One statement, its continuation lines joined.
#[derive(Debug, Clone)]
pub(super) struct Statement<'r> {
    /// Its file.
    pub(super) file: FileRef<'r>,
    /// Its first line.
    pub(super) line: u64,
    /// Its text without comments.
    pub(super) text: String,
}

/// What was read so far.
#[derive(Default)]
struct Walk<'r> {
    statements: Vec<Statement<'r>>,
    files: usize,
}

/// All statements; none where there is no sudoers file.
pub(super) fn statements(root: &Root) -> Result<Option<Vec<Statement<'_>>>, Reason> {
    let Some(file) = open(root, "etc/sudoers")? else {
        return Ok(None);
    };
    let mut walk = Walk::default();
    read(root, &file, 0, &mut walk)?;
    Ok(Some(walk.statements))
}

fn read<'r>(
    root: &'r Root,
    file: &FileRef<'r>,
    depth: usize,
    walk: &mut Walk<'r>,
) -> Result<(), Reason> {
    walk.files += 1;
    for statement in joined(file)? {
        if walk.statements.len() >= MOST || walk.files > FILES {
            let message = format!("more than {MOST} statements or {FILES} files in sudoers");
            return Err(Reason::new(ReasonKind::Budget, message));
        }
        match include(&statement.text) {
            Some((one, path)) if depth < DEPTH => {
                for file in named(root, file, one, path)? {
                    read(root, &file, depth + 1, walk)?;
                }
            }
            Some(_) => {}
            None => walk.statements.push(statement),
        }
    }
    Ok(())
}

/// The statements of one file.
fn joined<'r>(file: &FileRef<'r>) -> Result<Vec<Statement<'r>>, Reason> {
    let mut statements = Vec::new();
    let mut open: Option<(u64, String)> = None;
    for line in lines(file)? {
        let (number, mut text) = open.take().unwrap_or((line.number, String::new()));
        match line.text.strip_suffix('\\') {
            Some(part) if text.len() < LONG => {
                text.push_str(part);
                open = Some((number, text));
                continue;
            }
            _ => text.push_str(&line.text),
        }
        let text = uncommented(&text).trim().to_owned();
        if !text.is_empty() && statements.len() <= MOST {
            statements.push(Statement {
                file: file.clone(),
                line: number,
                text,
            });
        }
    }
    Ok(statements)
}

/// The text before a comment: a `#` that begins neither `#include` nor a number of a user, outside of quotes.
fn uncommented(text: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            '"' if before != '\\' => quoted = !quoted,
            '#' if !quoted && before != '\\' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                let include = at == 0 && rest.starts_with("include");
                if !number && !include {
                    return text.get(..at).unwrap_or_default();
                }
            }
            _ => {}
        }
        before = character;
    }
    text
}

/// Whether it includes one file (true) or a folder, and its path.
fn include(text: &str) -> Option<(bool, &str)> {
    let rest = text.strip_prefix(['@', '#'])?.strip_prefix("include")?;
    let (one, rest) = match rest.strip_prefix("dir") {
        Some(rest) => (false, rest),
        None => (true, rest),
    };
    let path = rest.strip_prefix(char::is_whitespace)?;
    Some((one, path.trim().trim_matches('"')))
}

/// The files that an include names; of a folder those without a dot and without `~` at the end.
fn named<'r>(
    root: &'r Root,
    from: &FileRef<'_>,
    one: bool,
    path: &str,
) -> Result<Vec<FileRef<'r>>, Reason> {
    let path = match path.starts_with('/') {
        true => path.to_owned(),
        false => {
            let folder = from.path();
            let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{path}")
        }
    };
    if one {
        return Ok(open(root, &path)?.into_iter().collect());
    }
    if path.trim_matches('/') != KEPT && !matches!(root.look(&path), Lookup::Missing) {
        let message = format!("the files that sudoers includes from {path} were not kept");
        return Err(Reason::new(ReasonKind::NotCollected, message));
    }
    let mut files = root.glob(&format!("{path}/*"))?;
    files.retain(|file| {
        let file = file.path();
        let name = base(&file);
        !name.contains('.') && !name.ends_with('~')
    });
    Ok(files)
}
