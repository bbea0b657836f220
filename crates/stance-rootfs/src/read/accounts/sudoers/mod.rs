//! `/etc/sudoers` and what it includes (sudoers(5)): who may run what as whom, and the defaults.

mod aliases;
mod files;
mod rule;

use serde_json::{Value, json};
use stance_model::Reason;

use super::lines::{Facts, Rows, at, fact, open};
use crate::read::FactReader;
use crate::root::{FileRef, Root};
use aliases::Aliases;
use files::Statement;
use rule::Rule;

/// The reader.
pub(super) const READER: FactReader = FactReader {
    name: "sudoers",
    wants: &["etc/sudoers", "etc/sudoers.d/*"],
    read: |root, _| fact(facts(root)),
};

fn facts(root: &Root) -> Facts {
    let (Some(file), Some(statements)) = (open(root, "etc/sudoers")?, files::statements(root)?)
    else {
        return Ok(None);
    };
    let aliases = Aliases::of(statements.iter().map(|statement| statement.text.as_str()));
    let (mut rules, mut defaults, mut broken) = (Rows::default(), Rows::default(), Rows::default());
    for statement in &statements {
        let text = statement.text.as_str();
        if Aliases::declares(text) {
            continue;
        }
        if text.starts_with("Defaults") {
            for row in defaults_of(statement) {
                defaults.push(row);
            }
            continue;
        }
        match rule::parse(text, &aliases) {
            Some(parsed) => parsed
                .iter()
                .for_each(|rule| rules.push(row(statement, rule))),
            None => broken.push(at(&statement.file, Some(statement.line), "")),
        }
    }
    finish(&file, rules, defaults, broken)
}

fn finish(
    file: &FileRef<'_>,
    rules: Rows,
    defaults: Rows,
    broken: Rows,
) -> Result<Option<Value>, Reason> {
    Ok(Some(json!({
        "rules": rules.finish("rules")?,
        "defaults": defaults.finish("defaults")?,
        "broken": broken.finish("broken lines")?,
        "at": at(file, None, ""),
    })))
}

fn row(statement: &Statement<'_>, rule: &Rule) -> Value {
    let tag = if rule.nopasswd { "NOPASSWD: " } else { "" };
    let what = format!(
        "{} {}={tag}{}",
        rule.users.join(","),
        rule.runas,
        rule.commands.join(",")
    );
    json!({
        "users": rule.users,
        "runas": rule.runas,
        "commands": rule.commands,
        "all_users": rule.all_users,
        "all_commands": rule.all_commands,
        "root_only": rule.root_only,
        "nopasswd": rule.nopasswd,
        "setenv": rule.setenv,
        "at": at(&statement.file, Some(statement.line), &what),
    })
}

/// `Defaults[@:!>scope] a, !b, c=d`: one row a setting.
fn defaults_of(statement: &Statement<'_>) -> Vec<Value> {
    let rest = statement.text.strip_prefix("Defaults").unwrap_or_default();
    let (scope, settings) = match rest.starts_with(char::is_whitespace) {
        true => ("", rest),
        false => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
    };
    let settings = rule::split(settings, ',').into_iter();
    let rows = settings.map(|setting| {
        let (name, value) = setting.split_once('=').unwrap_or((&setting, ""));
        let written = name.trim().trim_end_matches(['+', '-']).trim();
        let name = written.trim_start_matches('!').trim();
        let value = shown_value(name, value.trim().trim_matches('"'));
        let off = written.starts_with('!');
        json!({
            "name": name,
            "value": value,
            "number": value.parse::<f64>().ok().filter(|number| number.is_finite()),
            "on": !off,
            "scope": scope,
            "at": at(&statement.file, Some(statement.line), &format!("Defaults{scope} {written}")),
        })
    });
    rows.filter(|row| row.get("name").is_some_and(|name| name != ""))
        .collect()
}

/// The value of a setting, if it is a number, a path or a list of variables: nothing else is judged.
fn shown_value<'v>(name: &str, value: &'v str) -> &'v str {
    let plain = value.starts_with('/') || value.parse::<f64>().is_ok() || name.starts_with("env_");
    if plain { value } else { "" }
}
