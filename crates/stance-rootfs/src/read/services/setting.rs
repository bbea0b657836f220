//! One setting of a configuration, in the form that facts carry.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use stance_model::{Reason, ReasonKind};

use super::files::{Doc, over};
use super::mask;
use crate::root::Place;

/// How many settings one reader keeps.
const MAX_SETTINGS: usize = 5_000;
/// How long a value may be, bytes.
const MAX_VALUE: usize = 16 << 10;
/// How long a name or a context may be, bytes.
const MAX_NAME: usize = 4_096;
/// How many parts a value may have.
const MAX_ARGS: usize = 1_024;

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Setting {
    /// Its name as the manual writes it, in lower case where case does not count.
    pub(super) name: String,
    /// Its value; masked where it is a secret.
    pub(super) value: String,
    /// The parts of the value, where it has some.
    pub(super) args: Vec<String>,
    /// The value as a number: an integer, seconds, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<i64>,
    /// The section, block or file that it holds for; empty: everywhere.
    pub(super) context: String,
    /// Not written anywhere: what the program does without it.
    pub(super) default: bool,
    /// Where it is written.
    pub(super) at: Place,
}

/// A setting as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'t> {
    /// The line, from 1.
    pub(super) line: usize,
    /// The name.
    pub(super) name: &'t str,
    /// The line's text.
    pub(super) raw: &'t str,
    /// Whether the value is a secret.
    pub(super) secret: bool,
}

impl<'t> Written<'t> {
    /// A setting that is no secret.
    pub(super) fn plain(line: usize, name: &'t str, raw: &'t str) -> Self {
        Self {
            line,
            name,
            raw,
            secret: false,
        }
    }
}

impl Setting {
    /// A setting that is written in a file.
    pub(super) fn new(doc: &Doc<'_>, from: Written<'_>, args: &[String], context: &str) -> Self {
        let joined = args.join(" ");
        let hidden = from.secret && !joined.is_empty();
        let (value, what) = if hidden {
            (
                mask::MASK.to_owned(),
                format!("{} {}", from.name, mask::MASK),
            )
        } else {
            (mask::line(&joined), mask::shown(from.raw))
        };
        // A secret may be a word of its own, whose neighbour says what it is.
        let args = if value == joined {
            args.iter().take(MAX_ARGS + 1).cloned().collect()
        } else {
            let words = value.split_whitespace().take(MAX_ARGS + 1);
            words.map(str::to_owned).collect()
        };
        Self {
            name: from.name.to_owned(),
            number: value.parse().ok(),
            value,
            args,
            context: context.to_owned(),
            default: false,
            at: doc.at(from.line, what),
        }
    }

    /// What holds without a word in the file.
    pub(super) fn by_default(doc: &Doc<'_>, name: &str, value: &str, context: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            args: value.split_whitespace().map(str::to_owned).collect(),
            number: value.parse().ok(),
            context: context.to_owned(),
            default: true,
            at: doc.at(0, format!("{name} {value} (default)")),
        }
    }
}

/// The settings of a reader.
#[derive(Debug, Default)]
pub(super) struct Settings {
    list: Vec<Setting>,
    /// The last place of each context and name.
    last: BTreeMap<String, usize>,
}

impl Settings {
    /// All of them, in the order of reading.
    pub(super) fn list(&self) -> &[Setting] {
        &self.list
    }

    /// One more.
    pub(super) fn push(&mut self, setting: Setting) -> Result<(), Reason> {
        check(&setting)?;
        if self.list.len() >= MAX_SETTINGS {
            return Err(over(format!("more than {MAX_SETTINGS} settings")));
        }
        let key = key(&setting.name, &setting.context);
        self.last.insert(key, self.list.len());
        self.list.push(setting);
        Ok(())
    }

    /// One more, in place of an earlier one of the same name and context: the later wins.
    pub(super) fn replace(&mut self, setting: Setting) -> Result<(), Reason> {
        let at = self
            .last
            .get(&key(&setting.name, &setting.context))
            .copied();
        match at.and_then(|at| self.list.get_mut(at)) {
            Some(place) => {
                check(&setting)?;
                *place = setting;
            }
            None => self.push(setting)?,
        }
        Ok(())
    }

    /// One more, unless there is one of the same name and context: the first wins.
    pub(super) fn keep(&mut self, setting: Setting) -> Result<(), Reason> {
        if self.last(&setting.name, &setting.context).is_some() {
            return Ok(());
        }
        self.push(setting)
    }

    /// Adds what holds by default in a context, for the names that are not set there.
    pub(super) fn defaults(
        &mut self,
        doc: &Doc<'_>,
        context: &str,
        defaults: &[(&str, &str)],
    ) -> Result<(), Reason> {
        for (name, value) in defaults {
            self.keep(Setting::by_default(doc, name, value, context))?;
        }
        Ok(())
    }

    /// The last setting of that name in that context.
    pub(super) fn last(&self, name: &str, context: &str) -> Option<&Setting> {
        self.list.get(*self.last.get(&key(name, context))?)
    }

    /// The value of the last setting of that name in that context; empty where there is none.
    pub(super) fn value(&self, name: &str, context: &str) -> &str {
        self.last(name, context).map_or("", |s| &s.value)
    }
}

/// Holds a setting to its size: cut short, it might hide what is looked for.
fn check(setting: &Setting) -> Result<(), Reason> {
    let names = setting.name.len().max(setting.context.len());
    let long = names > MAX_NAME || setting.value.len() > MAX_VALUE;
    if long || setting.args.len() > MAX_ARGS {
        let name: String = setting.name.chars().take(64).collect();
        return Err(over(format!("the setting {name} is too long")));
    }
    Ok(())
}

fn key(name: &str, context: &str) -> String {
    format!("{context}\0{name}")
}

/// Anything as JSON.
pub(super) fn json(value: impl Serialize) -> Result<Value, Reason> {
    serde_json::to_value(value)
        .map_err(|error| Reason::new(ReasonKind::TypeMismatch, error.to_string()))
}
