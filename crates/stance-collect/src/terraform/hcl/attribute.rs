//! The body of a resource → its attributes, with those left out filled by what the provider documents.

use hcl_edit::structure::{Block, Body};
use serde_json::{Map, Value};

use super::defaults::{self, Left};
use super::eval;
use super::refer;
use super::scope::{Names, Scope, after_apply, unresolved};
use crate::terraform::hidden::marker;

/// Arguments that are Terraform's own.
const META: [&str; 9] = [
    "count",
    "for_each",
    "provider",
    "providers",
    "depends_on",
    "lifecycle",
    "provisioner",
    "connection",
    "timeouts",
];

/// The attributes and blocks of a resource of a type.
pub(super) fn values(kind: &str, body: &Body, scope: Scope<'_>) -> Map<String, Value> {
    let mut values = read(body, scope);
    fill(&mut values, defaults::of(kind));
    values
}

fn fill(values: &mut Map<String, Value>, left: &[(&str, Left)]) {
    for (names, left) in left {
        match names.split_once('.') {
            Some((block, name)) => {
                let blocks = values.get_mut(block).and_then(Value::as_array_mut);
                let blocks = blocks.into_iter().flatten();
                for map in blocks.filter_map(Value::as_object_mut) {
                    // A marker has no attributes.
                    if marker(map).is_none() {
                        fill_one(map, name, *left);
                    }
                }
            }
            None => fill_one(values, names, *left),
        }
    }
}

fn fill_one(values: &mut Map<String, Value>, names: &str, left: Left) {
    let said = names.split('|').any(|name| values.contains_key(name));
    if let (false, Some(name)) = (said, names.split('|').next()) {
        values.insert(name.to_owned(), left.value());
    }
}

impl Left {
    fn value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => flag.into(),
            Self::Text(text) => text.into(),
            Self::Int(number) => number.into(),
            Self::Computed => after_apply(),
        }
    }
}

/// The attributes as values, the blocks as lists of objects.
fn read(body: &Body, scope: Scope<'_>) -> Map<String, Value> {
    let mut values = Map::new();
    for attribute in body.attributes() {
        let name = attribute.key.as_str();
        if !META.contains(&name) {
            values.insert(name.to_owned(), eval::eval(&attribute.value, scope));
        }
    }
    for block in body.blocks() {
        let name = block.ident.as_str();
        match (name, block.labels.first()) {
            ("dynamic", Some(label)) => dynamic(label.as_str(), block, scope, &mut values),
            (name, _) if META.contains(&name) => {}
            (name, _) => add(&mut values, name, inner(&block.body, scope)),
        }
    }
    values
}

fn inner(body: &Body, scope: Scope<'_>) -> Value {
    match scope.deeper() {
        Some(scope) => Value::Object(read(body, scope)),
        None => unresolved(),
    }
}

/// Adds a block; once a name's blocks are not known, they stay so.
fn add(values: &mut Map<String, Value>, name: &str, block: Value) {
    let blocks = values
        .entry(name)
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(items) = blocks {
        items.push(block);
    }
}

/// `dynamic "name" { for_each … content { … } }`.
fn dynamic(name: &str, block: &Block, scope: Scope<'_>, values: &mut Map<String, Value>) {
    let body = &block.body;
    let over = body.get_attribute("for_each");
    let over = over.and_then(|over| refer::instances(&eval::eval(&over.value, scope)));
    let content = body.get_blocks("content").next();
    let (Some(over), Some(content)) = (over, content) else {
        values.insert(name.to_owned(), unresolved());
        return;
    };
    let iterator = body.get_attribute("iterator").map(|a| a.value.to_string());
    let iterator = iterator.as_deref().map_or(name, str::trim);
    for (key, value) in over {
        let mut both = Map::new();
        both.insert("key".to_owned(), key);
        both.insert("value".to_owned(), value);
        let names = Names {
            name: iterator,
            value: Value::Object(both),
            outer: scope.names,
        };
        let made = inner(&content.body, scope.with(&names));
        add(values, name, made);
    }
    values
        .entry(name)
        .or_insert_with(|| Value::Array(Vec::new()));
}

/// The attributes that have an expression, and to what it refers; those in blocks are named after the block.
pub(super) fn references(body: &Body, scope: Scope<'_>) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let mut attributes = body.attributes();
    all.extend(attributes.by_ref().filter_map(|attribute| {
        let name = attribute.key.as_str();
        let known = !META.contains(&name);
        known.then(|| (name.to_owned(), refer::references(&attribute.value, scope)))
    }));
    for block in body.blocks() {
        let mut targets = Vec::new();
        inside(&block.body, scope, &mut targets, 0);
        let label = block.labels.first().map(|label| label.as_str());
        let name = label.unwrap_or(block.ident.as_str());
        if !META.contains(&name) {
            all.push((name.to_owned(), targets));
        }
    }
    all
}

fn inside(body: &Body, scope: Scope<'_>, targets: &mut Vec<String>, depth: usize) {
    for attribute in body.attributes() {
        targets.extend(refer::references(&attribute.value, scope));
    }
    for block in body.blocks().filter(|_| depth < 16) {
        inside(&block.body, scope, targets, depth + 1);
    }
}
