//! `terraform show -json` of a plan (`planned_values`) and of a state (`values`).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::config::Configuration;
use super::error::TerraformError;
use super::hidden::{self, Hidden};
use super::resource::Resource;
use super::source::{Piece, Source};
use super::{Estate, MAX_DEPTH, MAX_RESOURCES};

/// One resource of a module.
#[derive(Deserialize)]
struct Entry {
    address: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    index: Option<Value>,
    #[serde(default)]
    provider_name: String,
    #[serde(default)]
    values: Option<Map<String, Value>>,
    #[serde(default)]
    sensitive_values: Value,
}

/// One entry of `resource_changes`.
#[derive(Deserialize)]
struct Change {
    address: String,
    change: What,
}

#[derive(Deserialize)]
struct What {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    after_unknown: Value,
    #[serde(default)]
    after_sensitive: Value,
}

/// A module instance that is still to be read.
struct Pending<'a> {
    piece: Piece<'a>,
    address: String,
    depth: usize,
}

/// The managed resources as they will be after apply, or as they are.
pub(super) fn read(source: &Source<'_>) -> Result<Estate, TerraformError> {
    let names = [
        "format_version",
        "planned_values",
        "values",
        "resource_changes",
        "configuration",
        "variables",
    ];
    let [version, planned, current, changes, configuration, variables] =
        source.members(&source.root(), names)?;
    check_version(source, version.as_ref())?;
    let Some(values) = planned.or(current) else {
        return Ok(Estate::new(Vec::new()));
    };
    let whole = |piece: Option<Piece<'_>>| piece.map_or(Ok(Value::Null), |p| source.parse(&p));
    let reader = Reader {
        source,
        changes: self::changes(source, changes.as_ref())?,
        configuration: Configuration::read(&whole(configuration)?, &whole(variables)?),
    };
    let [root] = source.members(&values, ["root_module"])?;
    reader.modules(root).map(Estate::new)
}

fn check_version(source: &Source<'_>, version: Option<&Piece<'_>>) -> Result<(), TerraformError> {
    let given = match version {
        Some(piece) => source.parse::<String>(piece)?,
        None => return Err(source.broken(&source.root(), "a plan names its `format_version`")),
    };
    // Minor versions only add; 0.x was written by Terraform 0.12 to 1.0 in the same shape.
    if given.starts_with("1.") || given.starts_with("0.") {
        return Ok(());
    }
    Err(TerraformError::Version {
        format: "plan format",
        given: given
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .take(16)
            .collect(),
        help: "this version reads formats 0 and 1 of `terraform show -json`",
    })
}

fn changes(
    source: &Source<'_>,
    list: Option<&Piece<'_>>,
) -> Result<HashMap<String, What>, TerraformError> {
    let pieces = list.map_or(Ok(Vec::new()), |list| source.items(list))?;
    let parsed = pieces.iter().map(|piece| source.parse::<Change>(piece));
    parsed
        .map(|change| change.map(|c| (c.address, c.change)))
        .collect()
}

/// What is needed to read a module.
struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    changes: HashMap<String, What>,
    configuration: Configuration,
}

impl<'a> Reader<'_, 'a> {
    /// The resources of the root module and of all below it.
    fn modules(&self, root: Option<Piece<'a>>) -> Result<Vec<Resource>, TerraformError> {
        let mut found = Vec::new();
        let mut pending: Vec<Pending<'a>> = root
            .into_iter()
            .map(|piece| Pending {
                piece,
                address: String::new(),
                depth: 0,
            })
            .collect();
        while let Some(module) = pending.pop() {
            pending.extend(self.module(&module, &mut found)?);
            if found.len() > MAX_RESOURCES {
                return Err(TerraformError::TooMany {
                    limit: MAX_RESOURCES,
                    unit: "resources",
                });
            }
        }
        Ok(found)
    }

    /// Reads one module; the modules within it.
    fn module(
        &self,
        module: &Pending<'a>,
        found: &mut Vec<Resource>,
    ) -> Result<Vec<Pending<'a>>, TerraformError> {
        let [resources, children] = self
            .source
            .members(&module.piece, ["resources", "child_modules"])?;
        let entries = resources.map_or(Ok(Vec::new()), |list| self.source.items(&list))?;
        for piece in &entries {
            let entry: Entry = self.source.parse(piece)?;
            if entry.mode == "managed" {
                let line = self.source.line(piece);
                found.push(self.resource(entry, &module.address, line));
            }
        }
        if module.depth >= MAX_DEPTH && children.is_some() {
            return Err(TerraformError::TooMany {
                limit: MAX_DEPTH,
                unit: "levels of modules",
            });
        }
        let children = children.map_or(Ok(Vec::new()), |list| self.source.items(&list))?;
        children
            .into_iter()
            .map(|piece| self.child(piece, module.depth + 1))
            .collect()
    }

    fn child(&self, piece: Piece<'a>, depth: usize) -> Result<Pending<'a>, TerraformError> {
        let [address] = self.source.members(&piece, ["address"])?;
        Ok(Pending {
            piece,
            address: address.map_or(Ok(String::new()), |address| self.source.parse(&address))?,
            depth,
        })
    }

    fn resource(&self, entry: Entry, module: &str, line: u32) -> Resource {
        let change = self.changes.get(&entry.address);
        let mut values = Value::Object(entry.values.unwrap_or_default());
        if let Some(change) = change {
            hidden::mask(&mut values, &change.after_unknown, Hidden::Unknown);
            hidden::mask(&mut values, &change.after_sensitive, Hidden::Sensitive);
        }
        hidden::mask(&mut values, &entry.sensitive_values, Hidden::Sensitive);
        let declared = self.configuration.find(module, &entry.kind, &entry.name);
        Resource {
            module: module.to_owned(),
            key: entry
                .index
                .filter(|key| !key.is_null())
                .map(|key| key.to_string()),
            provider: declared.map_or(entry.provider_name, |d| d.provider.clone()),
            file: None,
            line,
            fresh: change.is_some_and(|c| c.actions.iter().any(|action| action == "create")),
            values: match values {
                Value::Object(map) => map,
                _ => Map::new(),
            },
            references: declared.map(|d| d.references.clone()),
            region: declared.and_then(|d| self.configuration.region(&d.provider)),
            address: entry.address,
            kind: entry.kind,
            name: entry.name,
        }
    }
}
