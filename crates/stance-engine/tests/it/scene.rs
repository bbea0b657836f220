//! What an expression is evaluated in: an asset, those around it, parameters, the time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use stance_engine::{Context, Diagnostic, Param, RelatedIndex, Rule, RuleSource, Schema, Types};
use stance_model::{AssetType, Coverage, CoverageStatus, Provider, Reason};

/// A scene as it is written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Scene {
    /// The calls of the asset's type, as in `catalog/operations`. Without it every fact is of type any.
    calls: Option<Value>,
    /// Further types: their calls.
    types: BTreeMap<String, Value>,
    /// Fields of the asset other than its facts.
    asset: serde_json::Map<String, Value>,
    facts: serde_json::Map<String, Value>,
    unknown: BTreeMap<String, Reason>,
    params: BTreeMap<String, WrittenParam>,
    related: Vec<serde_json::Map<String, Value>>,
    incomplete: BTreeMap<String, Reason>,
    now: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenParam {
    r#type: String,
    value: Value,
}

/// A scene, ready.
pub(crate) struct Built {
    types: Types,
    asset: sonic_rs::Value,
    params: BTreeMap<String, Param>,
    related: Vec<sonic_rs::Value>,
    coverage: Vec<Coverage>,
    now: Timestamp,
}

/// The type of the asset of every scene.
const TYPE: &str = "aliyun/test/thing";
const ACCOUNT: &str = "1000000000000001";
const REGION: &str = "cn-hangzhou";

impl Scene {
    pub(crate) fn build(&self) -> Built {
        let mut types = Types::default();
        let calls = self.calls.clone().unwrap_or_else(|| self.any_calls());
        let own = [(TYPE.to_owned(), calls)];
        for (name, calls) in own.into_iter().chain(self.types.clone()) {
            types.insert(name.parse().unwrap(), Schema::from_json(&calls).unwrap());
        }
        let params = self.params.iter().map(|(name, param)| {
            let kind = param.r#type.parse().unwrap();
            (name.clone(), Param::new(kind, param.value.clone()).unwrap())
        });
        Built {
            types,
            asset: parsed(&self.asset_document()),
            params: params.collect(),
            related: self.related.iter().map(neighbour).collect(),
            coverage: self.incomplete.iter().map(|(t, r)| gap(t, r)).collect(),
            now: self
                .now
                .as_deref()
                .unwrap_or("2026-06-01T00:00:00Z")
                .parse()
                .unwrap(),
        }
    }

    fn any_calls(&self) -> Value {
        let names = self.facts.keys().chain(self.unknown.keys());
        let call = json!({"fields": "any", "absent": true});
        Value::Object(names.map(|name| (name.clone(), call.clone())).collect())
    }

    fn asset_document(&self) -> Value {
        let mut asset = whole(&self.asset, TYPE);
        asset.insert("facts".to_owned(), Value::Object(self.facts.clone()));
        asset.insert("unknown".to_owned(), json!(self.unknown));
        Value::Object(asset)
    }
}

/// An asset document with the fields that were not written.
fn whole(
    written: &serde_json::Map<String, Value>,
    asset_type: &str,
) -> serde_json::Map<String, Value> {
    let mut asset = json!({
        "provider": "aliyun", "account": ACCOUNT, "region": REGION, "type": asset_type, "id": "thing-1",
        "name": "a thing", "tags": {}, "facts": {},
    });
    let fields = asset.as_object_mut().unwrap();
    fields.extend(written.clone());
    fields.clone()
}

/// A document as a snapshot gives it: parsed from text.
fn parsed(document: &Value) -> sonic_rs::Value {
    sonic_rs::from_str(&document.to_string()).unwrap()
}

fn neighbour(written: &serde_json::Map<String, Value>) -> sonic_rs::Value {
    parsed(&Value::Object(whole(written, "")))
}

fn gap(asset_type: &str, reason: &Reason) -> Coverage {
    Coverage {
        provider: Provider::Aliyun,
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        asset_type: asset_type.parse().unwrap(),
        status: CoverageStatus::Failed,
        reason: Some(reason.clone()),
    }
}

impl Built {
    /// Compiles a check with this predicate and one item of evidence, `Value`.
    pub(crate) fn compile(&self, pass: &str, evidence: &str) -> Result<Rule, Vec<Diagnostic>> {
        let source = RuleSource {
            asset_type: TYPE.parse::<AssetType>().unwrap(),
            not_applicable: Vec::new(),
            pass: pass.to_owned(),
            evidence: vec![("Value".to_owned(), evidence.to_owned())],
            params: self.params.clone(),
        };
        Rule::compile(&source, &self.types)
    }

    pub(crate) fn asset(&self) -> &sonic_rs::Value {
        &self.asset
    }

    pub(crate) fn index(&self, rule: &Rule) -> RelatedIndex {
        let mut index = RelatedIndex::new(rule.lookups());
        index.assume_complete();
        self.related
            .iter()
            .cloned()
            .for_each(|asset| index.insert(asset));
        self.coverage
            .iter()
            .for_each(|coverage| index.cover(coverage));
        index
    }

    pub(crate) fn context<'a>(&self, related: &'a RelatedIndex) -> Context<'a> {
        Context {
            now: self.now,
            related,
        }
    }
}
