//! What shells begin with: `PATH` and `umask` of profiles, of `/etc/environment`, login.defs and the image's own `Env`.

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, open, settings, shown, writable};
use crate::read::{FactReader, ReadContext};
use crate::root::{FileRef, Kind, Lookup, Place, Root};

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "profile",
    wants: &[
        "etc/profile",
        "etc/profile.d/*.sh",
        "etc/bash.bashrc",
        "etc/bashrc",
        "etc/environment",
        "etc/login.defs",
        "etc/crontab",
        "etc/cron.d/*",
        "etc/zsh/zshenv",
        "etc/zsh/zprofile",
        "root/.profile",
        "root/.bash_profile",
        "root/.bashrc",
        "home/*/.profile",
        "home/*/.bash_profile",
        "home/*/.bashrc",
    ],
    read: |root, context| fact(facts(root, context)),
};

/// Names of the setting in login.defs.
const LOGIN_DEFS: [&str; 2] = ["ENV_PATH", "ENV_SUPATH"];

fn facts(root: &Root, context: &ReadContext<'_>) -> Facts {
    let (mut paths, mut umasks) = (Rows::default(), Rows::default());
    for pattern in READER.wants {
        let files = match pattern.contains('*') {
            true => root.glob(pattern)?,
            false => open(root, pattern)?.into_iter().collect(),
        };
        for file in files {
            read(root, &file, &mut paths, &mut umasks)?;
        }
    }
    if let Some(reason) = context.config_unread {
        return Err(reason.clone());
    }
    if let Some(path) = context.config.and_then(env_path) {
        folders(root, path, &|what| env_place(what), &mut paths);
    }
    Ok(Some(json!({
        "paths": paths.finish("folders of PATH")?,
        "umasks": umasks.finish("umasks")?,
    })))
}

fn read(
    root: &Root,
    file: &FileRef<'_>,
    paths: &mut Rows,
    umasks: &mut Rows,
) -> Result<(), Reason> {
    for (line, text) in settings(file)? {
        if let Some(path) = path(&text) {
            folders(root, path, &|what| at(file, Some(line), what), paths);
        }
        if let Some(mask) = umask(&text) {
            let bits = u32::from_str_radix(mask, 8).unwrap_or_default();
            umasks.push(json!({
                "value": mask,
                "group_writable": bits & 0o020 == 0,
                "other_writable": bits & 0o002 == 0,
                "at": at(file, Some(line), &text),
            }));
        }
    }
    Ok(())
}

/// The value that a line gives to PATH.
fn path(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let value = match first {
        "export" => words.next()?,
        _ if LOGIN_DEFS.contains(&first) => words.next()?,
        _ => first,
    };
    let value = value.strip_prefix("PATH=")?;
    Some(value.trim_matches(['"', '\'', ';']))
}

/// The octal value of a `umask` command, or of `UMASK` in login.defs.
fn umask(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let value = words.next()?.trim_end_matches(';');
    let octal =
        !value.is_empty() && value.len() <= 4 && value.bytes().all(|b| (b'0'..=b'7').contains(&b));
    (matches!(first, "umask" | "UMASK") && octal).then_some(value)
}

/// The PATH of the configuration.
fn env_path(config: &Value) -> Option<&str> {
    let env = config.get("config")?.get("Env")?.as_array()?;
    let mut values = env.iter().filter_map(Value::as_str);
    values.find_map(|value| value.strip_prefix("PATH="))
}

fn env_place(what: &str) -> Value {
    let place = Place {
        path: "config:Env/PATH".to_owned(),
        visible: true,
        what: shown(what),
        ..Place::default()
    };
    serde_json::to_value(place).unwrap_or_default()
}

/// One row a folder of a PATH; parts with a variable of the shell are not known and left out. Whether others may write
/// to a folder is left out where it is not known.
fn folders(root: &Root, path: &str, place: &dyn Fn(&str) -> Value, rows: &mut Rows) {
    for folder in path.split(':').filter(|folder| !folder.contains('$')) {
        if rows.is_over() {
            return;
        }
        let relative = !folder.starts_with(['/', '~']);
        let what = if folder.is_empty() { "(empty)" } else { folder };
        let mut row = json!({"folder": folder, "relative": relative, "at": place(what)});
        let open = if relative {
            Some(false)
        } else {
            open_folder(root, folder)
        };
        if let (Some(open), Some(fields)) = (open, row.as_object_mut()) {
            fields.insert("writable".to_owned(), json!(open));
        }
        rows.push(row);
    }
}

/// Whether somebody else than root may put programs there; none where its owner is not known.
fn open_folder(root: &Root, folder: &str) -> Option<bool> {
    match root.look(folder) {
        Lookup::Found(found) => Some(found.entry().kind == Kind::Dir && writable(&found)),
        Lookup::Missing => Some(false),
        Lookup::Unknown(_) => None,
    }
}
