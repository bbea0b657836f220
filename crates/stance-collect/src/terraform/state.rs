//! State files, version 4: `resources[].instances[].attributes`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::TerraformError;
use super::hidden;
use super::resource::Resource;
use super::source::{Piece, Source};
use super::{Estate, MAX_RESOURCES};

/// One entry of `resources`.
#[derive(Deserialize)]
struct Entry {
    mode: String,
    #[serde(default)]
    module: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    index_key: Option<Value>,
    /// Set for what a replacement left behind and the next apply deletes.
    deposed: Option<String>,
    #[serde(default)]
    attributes: Option<Map<String, Value>>,
    #[serde(default)]
    sensitive_attributes: Value,
}

/// The managed resources of a state.
pub(super) fn read(source: &Source<'_>) -> Result<Estate, TerraformError> {
    let [version, resources] = source.members(&source.root(), ["version", "resources"])?;
    check_version(source, version.as_ref())?;
    let entries = match &resources {
        Some(list) => source.items(list)?,
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for piece in &entries {
        let entry: Entry = source.parse(piece)?;
        if entry.mode == "managed" {
            found.extend(instances(entry, source.line(piece)));
        }
        if found.len() > MAX_RESOURCES {
            return Err(TerraformError::TooMany {
                limit: MAX_RESOURCES,
                unit: "resources",
            });
        }
    }
    Ok(Estate::new(found))
}

fn check_version(source: &Source<'_>, version: Option<&Piece<'_>>) -> Result<(), TerraformError> {
    let given = match version {
        Some(piece) => source.parse::<i64>(piece)?,
        None => return Err(source.broken(&source.root(), "a state names its `version`")),
    };
    if given == 4 {
        return Ok(());
    }
    Err(TerraformError::Version {
        format: "state format",
        given: given.to_string(),
        help: "this version reads format 4, which Terraform 0.12 and later write",
    })
}

fn instances(entry: Entry, line: u32) -> Vec<Resource> {
    let base = match entry.module.as_str() {
        "" => format!("{}.{}", entry.kind, entry.name),
        module => format!("{module}.{}.{}", entry.kind, entry.name),
    };
    let current = entry.instances.into_iter().filter(|i| i.deposed.is_none());
    current
        .map(|instance| {
            let mut values = Value::Object(instance.attributes.unwrap_or_default());
            hidden::mask_paths(&mut values, &instance.sensitive_attributes);
            let key = instance
                .index_key
                .filter(|key| !key.is_null())
                .map(|key| key.to_string());
            Resource {
                address: key
                    .as_ref()
                    .map_or_else(|| base.clone(), |key| format!("{base}[{key}]")),
                module: entry.module.clone(),
                kind: entry.kind.clone(),
                name: entry.name.clone(),
                key,
                provider: entry.provider.clone(),
                file: None,
                line,
                fresh: false,
                values: match values {
                    Value::Object(map) => map,
                    _ => Map::new(),
                },
                references: None,
                region: None,
            }
        })
        .collect()
}
