//! From entries of a format to settings: what most readers share.

use stance_model::Reason;

use super::files::{self, Doc};
use super::format::tree::{self, Leaf};
use super::format::{properties, words};
use super::setting::{Setting, Settings, Written};

/// How a file of `name value` lines is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flat {
    /// What stands between name and value besides white space.
    pub(super) separators: &'static [char],
    /// Names whose values are secrets.
    pub(super) secrets: &'static [&'static str],
    /// Names whose values mean yes or no.
    pub(super) switches: &'static [&'static str],
}

impl Flat {
    /// The settings of a file; a later one wins over an earlier.
    pub(super) fn read(
        self,
        doc: &Doc<'_>,
        context: &str,
        into: &mut Settings,
    ) -> Result<(), Reason> {
        for entry in properties::entries(&doc.text, self.separators) {
            let value = words::unquote(entry.rest).to_owned();
            let written = Written {
                line: entry.line,
                name: entry.name,
                raw: entry.raw,
                secret: self.secrets.contains(&entry.name),
            };
            let setting = Setting::new(doc, written, &[value], context);
            into.replace(switched(setting, self.switches))?;
        }
        Ok(())
    }
}

/// A setting with `yes` or `no` for the many words that mean them, if it is a switch.
pub(super) fn switched(mut setting: Setting, switches: &[&str]) -> Setting {
    if switches.contains(&setting.name.as_str()) {
        setting.value = words::truth(&setting.value);
    }
    setting
}

/// The values of a YAML file.
pub(super) fn yaml(doc: &Doc<'_>) -> Result<Vec<Leaf>, Reason> {
    tree::yaml(&doc.text).map_err(|why| files::malformed(doc, &why))
}

/// The values of a JSON file.
pub(super) fn json(doc: &Doc<'_>) -> Result<Vec<Leaf>, Reason> {
    tree::json(&doc.text).map_err(|why| files::malformed(doc, &why))
}

/// The settings that values of a tree make, each element of a list one of its own.
pub(super) fn leaves(
    doc: &Doc<'_>,
    leaves: Vec<Leaf>,
    secrets: &[&str],
    context: &str,
    into: &mut Settings,
) -> Result<(), Reason> {
    for leaf in leaves {
        let last = leaf.path.rsplit('.').next().unwrap_or_default();
        let written = Written {
            line: leaf.line,
            name: &leaf.path,
            raw: &format!("{}: {}", leaf.path, leaf.value),
            secret: secrets.contains(&leaf.path.as_str()) || secrets.contains(&last),
        };
        into.push(Setting::new(doc, written, &[leaf.value], context))?;
    }
    Ok(())
}

/// Every setting of a name in a context.
pub(super) fn all<'s>(
    settings: &'s Settings,
    name: &'s str,
    context: &'s str,
) -> impl Iterator<Item = &'s Setting> {
    let list = settings.list().iter();
    list.filter(move |s| s.name == name && s.context == context)
}
