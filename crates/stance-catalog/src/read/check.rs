//! Files of checks.

use std::collections::BTreeMap;

use stance_engine::Types;
use stance_model::{AssetType, CheckId, Provider, ResultStatus};

use crate::check::Check;
use crate::operation::AssetTypeInfo;
use crate::suggest::did_you_mean;
use crate::yaml::{Node, Span};

use crate::baseline::Classes;

use super::body::Body;
use super::fields::Fields;
use super::item::ITEM_FIELDS;
use super::scalar::{int, is_name, word};
use super::sink::Sink;

const FIELDS: [&str; 19] = [
    "id",
    "key",
    "asset_type",
    "risk_level",
    "legacy",
    "title",
    "description",
    "risk",
    "solution",
    "help",
    "remediation",
    "repair",
    "sale",
    "parameters",
    "not_applicable",
    "pass",
    "message",
    "evidence",
    "examples",
];

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Of the catalogue.
    Builtin,
    /// Of a user's own directory.
    Custom,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A check of assets that a provider lists.
    Check,
    /// An item of a baseline.
    Item,
}

/// The asset types by name; nothing where the declaration is broken, so that its fault is not reported again at every
/// check that judges it.
pub(crate) type Infos = BTreeMap<AssetType, Option<AssetTypeInfo>>;

/// What checks are read against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World<'w> {
    /// The schemas of facts.
    pub(crate) types: &'w Types,
    /// The asset types.
    pub(crate) infos: &'w Infos,
    /// The classes of baselines.
    pub(crate) classes: &'w Classes,
}

impl<'w> World<'w> {
    /// What an asset type is; reports one that is not declared.
    pub(crate) fn info(
        self,
        asset_type: &AssetType,
        at: Span,
        sink: &mut Sink<'_>,
    ) -> Option<&'w AssetTypeInfo> {
        let found = self.infos.get(asset_type);
        if found.is_none() {
            let help = did_you_mean(
                asset_type.as_str(),
                self.infos.keys().map(AssetType::as_str),
            )
            .unwrap_or_else(|| "asset types are declared in the catalogue's operations".to_owned());
            sink.report_with(at, format!("unknown asset type `{asset_type}`"), help);
        }
        found.and_then(Option::as_ref)
    }
}

/// The ids of the catalogue's own items.
const ITEM_IDS: std::ops::RangeInclusive<i64> = 6_000..=6_999;

/// What was read of a file: the check when nothing is wrong, and in any case what other files and the lint need.
#[derive(Debug, Default)]
pub(crate) struct CheckFile {
    /// The number and its place.
    pub(crate) id: Option<(CheckId, Span)>,
    /// The key and its place.
    pub(crate) key: Option<(String, Span)>,
    /// The check.
    pub(crate) check: Option<Check>,
    /// The outcomes that the examples want, and their places.
    pub(crate) outcomes: Vec<(ResultStatus, Span)>,
    /// Where the examples stand.
    pub(crate) examples_at: Span,
    /// Whether it says when it does not apply.
    pub(crate) has_not_applicable: bool,
    /// Whether it is an item of a baseline.
    pub(crate) is_item: bool,
}

/// Reads a check and compiles it.
pub(crate) fn read_check(
    root: &Node<'_>,
    (origin, kind): (Origin, Kind),
    world: World<'_>,
    strict: bool,
    sink: &mut Sink<'_>,
) -> CheckFile {
    let before = sink.count();
    let (what, known) = match kind {
        Kind::Check => ("a check", FIELDS.as_slice()),
        Kind::Item => ("an item", ITEM_FIELDS.as_slice()),
    };
    let Some(fields) = Fields::open(root, what, known, sink) else {
        return CheckFile::default();
    };
    let id = fields.required("id", sink, |node, sink| {
        Some((read_id(node, origin, kind, sink)?, node.span))
    });
    let key = fields.required("key", sink, |node, sink| {
        Some((read_key(node, origin, kind, sink)?, node.span))
    });
    let name = id
        .as_ref()
        .zip(key.as_ref())
        .map(|((id, _), (key, _))| (*id, key.as_str()));
    let body = Body {
        fields,
        origin,
        kind,
        world,
        strict,
    };
    let examples = body.examples(sink);
    let outcomes = examples.iter().filter_map(|entry| entry.outcome).collect();
    let examples = examples
        .into_iter()
        .filter_map(|entry| entry.example)
        .collect();
    let check = body.read(name, examples, sink);
    CheckFile {
        check: check.filter(|_| sink.count() == before),
        id,
        key,
        outcomes,
        examples_at: fields.node("examples").map_or(root.span, |node| node.span),
        has_not_applicable: fields.node("not_applicable").is_some(),
        is_item: kind == Kind::Item,
    }
}

fn read_id(node: &Node<'_>, origin: Origin, kind: Kind, sink: &mut Sink<'_>) -> Option<CheckId> {
    let id = int(node, sink)?;
    let (range, whose) = match (origin, kind) {
        (Origin::Builtin, Kind::Check) => (1..=899_999, "the catalogue's own checks"),
        (Origin::Builtin, Kind::Item) => (ITEM_IDS, "the catalogue's own items"),
        (Origin::Custom, Kind::Check) => (900_000..=999_999, "your own checks"),
        (Origin::Custom, Kind::Item) => (900_000..=999_999, "your own items"),
    };
    if origin == Origin::Builtin && kind == Kind::Check && ITEM_IDS.contains(&id) {
        sink.report(
            node.span,
            format!("id {id} is one of the items of baselines"),
        );
    }
    if !range.contains(&id) {
        let message = format!(
            "id {id} is out of range: {whose} have {} to {}",
            range.start(),
            range.end()
        );
        sink.report(node.span, message);
    }
    CheckId::new(id).ok()
}

fn read_key(node: &Node<'_>, origin: Origin, kind: Kind, sink: &mut Sink<'_>) -> Option<String> {
    let key = word(node, sink)?;
    match kind {
        Kind::Check => check_key(key, node, origin, sink),
        Kind::Item if !is_name(key) => {
            let help = "such as weak_password: lower-case letters, digits and _".to_owned();
            sink.report_with(node.span, format!("`{key}` is no key of an item"), help);
        }
        Kind::Item => {}
    }
    if sink.source().stem() != key {
        let help = format!("name the file {key}.yaml, or change the key");
        sink.report_with(
            node.span,
            format!("the key is not the file name `{}`", sink.source().stem()),
            help,
        );
    }
    Some(key.to_owned())
}

fn check_key(key: &str, node: &Node<'_>, origin: Origin, sink: &mut Sink<'_>) {
    let parts: Vec<&str> = key.split('.').collect();
    let least = if origin == Origin::Builtin { 3 } else { 2 };
    if key.len() > 128 || parts.len() < least || !parts.iter().all(|part| is_name(part)) {
        let help =
            "such as ali.rds.whitelist_open: lower-case words with _, joined by dots".to_owned();
        sink.report_with(node.span, format!("`{key}` is no key of a check"), help);
    }
}

/// The first word of a key, by provider.
pub(crate) fn key_prefix(provider: Provider) -> &'static str {
    match provider {
        Provider::Aliyun => "ali",
        Provider::Aws => "aws",
        Provider::Azure => "az",
        Provider::Tencent => "tc",
        Provider::Huawei => "hw",
        Provider::Image => "image",
        Provider::Host => "host",
    }
}
