//! `examples` of a check.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stance_model::{Asset, AssetType, Provider, Reason, ResultStatus};

use crate::example::Example;
use crate::operation::AssetTypeInfo;
use crate::yaml::{Key, Node, Span};

use super::asset::{ASSET_FIELDS, read_asset, read_reason};
use super::check::World;
use super::fields::{Fields, entries, list};
use super::files::read_files;
use super::scalar::{one_of, parsed, string};
use super::sink::Sink;

const FIELDS: [&str; 15] = [
    "name",
    "outcome",
    "facts",
    "files",
    "image",
    "unknown",
    "related",
    "incomplete",
    "params",
    "region",
    "account",
    "id",
    "asset_name",
    "zone",
    "tags",
];

const OUTCOMES: [(&str, ResultStatus); 4] = [
    ("pass", ResultStatus::Pass),
    ("fail", ResultStatus::Fail),
    ("not_applicable", ResultStatus::NotApplicable),
    ("unknown", ResultStatus::Unknown),
];

/// The word for an outcome in files.
pub(crate) fn outcome_name(status: ResultStatus) -> &'static str {
    OUTCOMES
        .iter()
        .find(|(_, known)| *known == status)
        .map_or("unknown", |(word, _)| word)
}

/// What examples are read against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'s> {
    /// The type of the asset that the check judges; none where the file does not say it well.
    pub(crate) own: Option<&'s AssetType>,
    pub(crate) world: World<'s>,
}

/// What was read of an example.
#[derive(Debug)]
pub(crate) struct ExampleEntry {
    /// The outcome it wants and where that stands.
    pub(crate) outcome: Option<(ResultStatus, Span)>,
    /// The example, when nothing is wrong with it.
    pub(crate) example: Option<Example>,
}

/// Reads all examples, in order.
pub(crate) fn read_examples(
    node: &Node<'_>,
    setting: &Setting<'_>,
    sink: &mut Sink<'_>,
) -> Option<Vec<ExampleEntry>> {
    let mut names: Vec<String> = Vec::new();
    list(node, sink, |node, sink| {
        let fields = Fields::open(node, "an example", &FIELDS, sink)?;
        let name = fields.required("name", sink, string);
        if let Some(name) = &name {
            if names.contains(name) {
                sink.report(node.span, format!("a second example `{name}`"));
            }
            names.push(name.clone());
        }
        let outcome = fields.required("outcome", sink, |node, sink| {
            Some((one_of(node, sink, &OUTCOMES)?, node.span))
        });
        let example = read_example(
            &fields,
            name,
            outcome.map(|(wanted, _)| wanted),
            setting,
            sink,
        );
        Some(ExampleEntry { outcome, example })
    })
}

fn read_example(
    fields: &Fields<'_, '_>,
    name: Option<String>,
    wanted: Option<ResultStatus>,
    setting: &Setting<'_>,
    sink: &mut Sink<'_>,
) -> Option<Example> {
    let params = fields
        .optional("params", sink, read_params)
        .unwrap_or_default();
    let incomplete = fields.optional("incomplete", sink, |node, sink| {
        read_incomplete(node, setting, sink)
    });
    let info = setting.world.infos.get(setting.own?)?.as_ref()?;
    let files = read_files(fields, sink);
    if files.is_some() && info.provider() != Provider::Image {
        sink.report(
            fields.span(),
            "only items of baselines have examples with files",
        );
    }
    let asset = read_asset(fields, "asset_name", info, None, sink)?;
    let related = fields.list("related", sink, |node, sink| {
        read_related(node, setting, &asset, sink)
    });
    let incomplete = incomplete.unwrap_or_default();
    Some(Example {
        name: name?,
        wanted: wanted?,
        asset,
        files,
        related,
        incomplete,
        params,
    })
}

fn read_params(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<BTreeMap<String, Json>> {
    let entries = entries(node, "`params`", sink)?;
    Some(
        entries
            .iter()
            .map(|(key, node)| (key.name.to_string(), node.to_json()))
            .collect(),
    )
}

fn read_incomplete(
    node: &Node<'_>,
    setting: &Setting<'_>,
    sink: &mut Sink<'_>,
) -> Option<BTreeMap<AssetType, Reason>> {
    let mut incomplete = BTreeMap::new();
    for (key, node) in entries(node, "`incomplete`", sink)? {
        let info = known_type(key, setting, sink);
        if let (Some(info), Some(reason)) = (info, read_reason(node, sink)) {
            incomplete.insert(info.asset_type.clone(), reason);
        }
    }
    Some(incomplete)
}

fn read_related(
    node: &Node<'_>,
    setting: &Setting<'_>,
    own: &Asset,
    sink: &mut Sink<'_>,
) -> Option<Asset> {
    let known: Vec<&str> = ["type", "name"].into_iter().chain(ASSET_FIELDS).collect();
    let fields = Fields::open(node, "a related asset", &known, sink)?;
    let info = fields.required("type", sink, |node, sink| {
        let asset_type = parsed::<AssetType>(node, sink)?;
        setting.world.info(&asset_type, node.span, sink)
    })?;
    read_asset(&fields, "name", info, Some(own), sink)
}

fn known_type<'s>(
    key: &Key<'_>,
    setting: &Setting<'s>,
    sink: &mut Sink<'_>,
) -> Option<&'s AssetTypeInfo> {
    match key.name.parse::<AssetType>() {
        Ok(asset_type) => setting.world.info(&asset_type, key.span, sink),
        Err(error) => {
            sink.report(key.span, error.to_string());
            None
        }
    }
}
