//! The readers of accounts, modes and settings, over files as systems have them and over broken ones.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod bounds;
mod keys;
mod modes;
mod settings;
mod shadow;
mod software;
mod sudoers;

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use stance_model::Reason;
use stance_rootfs::{PasswordOptions, ReadContext, Root, RootBuilder, read_all};

/// Facts and what could not be read.
type Facts = (Map<String, Value>, BTreeMap<String, Reason>);

/// The facts of a tree, passwords guessed with the default budget.
fn facts(root: &Root) -> Facts {
    let passwords = PasswordOptions::default();
    let context = ReadContext {
        passwords: &passwords,
        config: None,
        config_unread: None,
    };
    read_all(root, &context)
}

/// What one reader finds in a few files of root's.
fn read(reader: &str, files: &[(&str, &str)]) -> Value {
    let root = files
        .iter()
        .fold(RootBuilder::default(), |root, (path, text)| {
            root.file(path, *text)
        });
    one(reader, &root.build())
}

/// What one reader finds in a tree.
fn one(reader: &str, root: &Root) -> Value {
    let (mut facts, unknown) = facts(root);
    assert!(!unknown.contains_key(reader), "{:?}", unknown[reader]);
    facts.remove(reader).unwrap()
}

/// The values of a field over the elements of a list.
fn each(list: &Value, field: &str) -> Vec<Value> {
    let list = list.as_array().unwrap().iter();
    list.map(|element| element[field].clone()).collect()
}

/// The lines of places, or of elements that have one.
fn lines(list: &Value) -> Vec<u64> {
    let places = list.as_array().unwrap().iter();
    places
        .map(|place| place.get("at").unwrap_or(place)["line"].as_u64().unwrap())
        .collect()
}
