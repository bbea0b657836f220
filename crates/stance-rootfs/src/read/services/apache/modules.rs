//! Which modules are loaded and names defined: what `<IfModule>` and `<IfDefine>` ask for.

use std::collections::BTreeSet;

/// Modules that are built into the server, as distributions build it.
const BUILT_IN: &[&str] = &[
    "core",
    "http",
    "log_config",
    "logio",
    "so",
    "unixd",
    "version",
    "watchdog",
];

/// What was loaded and defined so far.
#[derive(Default)]
pub(super) struct Modules {
    loaded: BTreeSet<String>,
    defined: BTreeSet<String>,
}

impl Modules {
    /// `LoadModule name …`.
    pub(super) fn load(&mut self, name: &str) {
        self.loaded.insert(bare(name).to_owned());
    }

    /// `Define name …`.
    pub(super) fn define(&mut self, name: &str) {
        self.defined.insert(name.to_owned());
    }

    /// Whether the condition of a section holds; none: the section is no condition.
    pub(super) fn condition(&self, section: &str, argument: Option<&str>) -> Option<bool> {
        let argument = argument.unwrap_or_default();
        let (wanted, name) = match argument.strip_prefix('!') {
            Some(name) => (false, name),
            None => (true, argument),
        };
        match section {
            "ifmodule" => {
                let name = bare(name);
                Some((self.loaded.contains(name) || BUILT_IN.contains(&name)) == wanted)
            }
            "ifdefine" => Some(self.defined.contains(name) == wanted),
            "ifversion" | "iffile" | "ifdirective" | "ifsection" => Some(true),
            _ => None,
        }
    }
}

/// `ssl` for `ssl_module` and `mod_ssl.c`.
fn bare(name: &str) -> &str {
    let name = name
        .strip_suffix("_module")
        .or_else(|| name.strip_suffix(".c"))
        .unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_follow_what_was_loaded() {
        let mut modules = Modules::default();
        modules.load("ssl_module");
        modules.define("X");
        for (section, argument, wanted) in [
            ("ifmodule", "mod_ssl.c", Some(true)),
            ("ifmodule", "!ssl_module", Some(false)),
            ("ifmodule", "alias_module", Some(false)),
            ("ifmodule", "log_config_module", Some(true)),
            ("ifdefine", "X", Some(true)),
            ("ifdefine", "!X", Some(false)),
            ("directory", "/", None),
        ] {
            assert_eq!(
                modules.condition(section, Some(argument)),
                wanted,
                "{section} {argument}"
            );
        }
    }
}
