//! States and plans made of few words.

use serde_json::{Value, json};
use stance_collect::terraform::{TerraformError, read};
use stance_model::Asset;
use stance_model::record::Record;

/// The assets of a file.
pub(crate) fn assets(document: &Value) -> Vec<Asset> {
    only_assets(records(&document.to_string()).unwrap())
}

pub(crate) fn only_assets(records: Vec<Record>) -> Vec<Asset> {
    let asset = |record| match record {
        Record::Asset(asset) => Some(*asset),
        _ => None,
    };
    records.into_iter().filter_map(asset).collect()
}

pub(crate) fn records(text: &str) -> Result<Vec<Record>, TerraformError> {
    read(text, "main.tfstate")
}

/// The asset of an id.
pub(crate) fn asset(document: &Value, id: &str) -> Asset {
    let found = assets(document);
    let ids: Vec<String> = found.iter().map(|a| a.id.clone()).collect();
    found
        .into_iter()
        .find(|a| a.id == id)
        .unwrap_or_else(|| panic!("no {id} in {ids:?}"))
}

/// A state with these `resources`.
pub(crate) fn state(resources: &[Value]) -> Value {
    json!({"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "outputs": {},
        "resources": resources, "check_results": null})
}

/// A resource of a state.
pub(crate) fn held(kind: &str, attributes: &Value) -> Value {
    json!({"mode": "managed", "type": kind, "name": "x", "provider": "provider[\"registry.terraform.io/a/b\"]",
        "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}]})
}

/// A resource of a plan that creates it: its address, values, what is known after apply, and its expressions.
pub(crate) struct Created {
    pub(crate) address: &'static str,
    pub(crate) values: Value,
    pub(crate) unknown: Value,
    pub(crate) expressions: Value,
}

/// A plan that creates these resources.
pub(crate) fn plan(created: &[Created]) -> Value {
    let resources: Vec<Value> = created
        .iter()
        .map(|r| {
            let (kind, name, index) = parts(r.address);
            json!({"address": r.address, "mode": "managed", "type": kind, "name": name, "index": index,
                "provider_name": "registry.terraform.io/a/b", "values": r.values, "sensitive_values": {}})
        })
        .collect();
    let changes: Vec<Value> = created
        .iter()
        .map(|r| json!({"address": r.address, "change": {"actions": ["create"], "after_unknown": r.unknown}}))
        .collect();
    let declared: Vec<Value> = created
        .iter()
        .map(|r| {
            let (kind, name, _) = parts(r.address);
            json!({"type": kind, "name": name, "provider_config_key": "p", "expressions": r.expressions})
        })
        .collect();
    json!({"format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": declared},
            "provider_config": {"p": {"expressions": {"region": {"constant_value": "cn-hangzhou"}}}}}})
}

fn parts(address: &str) -> (&str, &str, Value) {
    let (base, index) = address.split_once('[').unwrap_or((address, ""));
    let (kind, name) = base.split_once('.').unwrap();
    let index = serde_json::from_str(index.trim_end_matches(']')).unwrap_or(Value::Null);
    (kind, name, index)
}
