//! Trees of a few files, and what a reader says of them.

use serde_json::Value;
use stance_rootfs::{Fact, PasswordOptions, READERS, ReadContext, Root, RootBuilder};

/// A tree of files with their texts.
pub(crate) fn tree(files: &[(&str, &str)]) -> Root {
    let empty = RootBuilder::default();
    let full = files
        .iter()
        .fold(empty, |tree, (path, text)| tree.file(path, *text));
    full.build()
}

/// What one reader says of a tree.
pub(crate) fn fact(reader: &str, root: &Root) -> Fact {
    let all = READERS.iter().copied().flatten();
    let reader = all
        .into_iter()
        .find(|r| r.name == reader)
        .expect("a reader of that name");
    let passwords = PasswordOptions::default();
    let context = ReadContext {
        passwords: &passwords,
        config: None,
        config_unread: None,
    };
    (reader.read)(root, &context)
}

/// What it says when it finds something.
pub(crate) fn facts(reader: &str, files: &[(&str, &str)]) -> Value {
    match fact(reader, &tree(files)) {
        Fact::Present(value) => value,
        other => panic!("{reader}: {other:?}"),
    }
}

/// The elements of a list.
pub(crate) fn list<'v>(facts: &'v Value, name: &str) -> &'v [Value] {
    facts[name].as_array().expect("a list")
}

/// The last setting of a name in a list of settings.
pub(crate) fn setting<'v>(facts: &'v Value, of: &str, name: &str) -> &'v Value {
    let mut all = list(facts, of).iter().rev();
    all.find(|s| s["name"] == name).unwrap_or(&Value::Null)
}

/// The values of every setting of a name, with `!` for a default.
pub(crate) fn values(facts: &Value, of: &str, name: &str) -> Vec<String> {
    let named = list(facts, of).iter().filter(|s| s["name"] == name);
    let shown = named.map(|s| {
        let mark = if s["default"] == true { "!" } else { "" };
        format!("{}{mark}", s["value"].as_str().unwrap_or_default())
    });
    shown.collect()
}
