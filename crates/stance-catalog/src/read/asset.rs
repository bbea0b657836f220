//! Assets and reasons in examples.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stance_model::{Asset, Reason, ReasonKind};

use crate::example::{GLOBAL, default_place};
use crate::operation::{AssetTypeInfo, Scope};
use crate::suggest::did_you_mean;
use crate::yaml::Node;

use super::fields::{Fields, entries};
use super::scalar::{one_of, string, word};
use super::shape::{Place, check_fit};
use super::sink::Sink;

/// Fields that an asset of an example may have.
pub(crate) const ASSET_FIELDS: [&str; 7] = [
    "id", "region", "account", "zone", "tags", "facts", "unknown",
];

/// Reads an asset of the type `info`. `beside` is the asset whose account and region it has where it names none.
pub(crate) fn read_asset(
    fields: &Fields<'_, '_>,
    name_field: &str,
    info: &AssetTypeInfo,
    beside: Option<&Asset>,
    sink: &mut Sink<'_>,
) -> Option<Asset> {
    let (account, region) = default_place(info.provider());
    let region = if info.scope == Scope::Global {
        GLOBAL
    } else {
        beside.map_or(region, |asset| &asset.region)
    };
    let account = beside.map_or(account, |asset| &asset.account);
    let mut or = |name, default: &str| {
        fields
            .optional(name, sink, string)
            .unwrap_or_else(|| default.to_owned())
    };
    let id = or("id", "example-1");
    let (account, region) = (or("account", account), or("region", region));
    Some(Asset {
        provider: info.provider(),
        account,
        region,
        asset_type: info.asset_type.clone(),
        name: or(name_field, &id),
        id,
        zone: fields.optional("zone", sink, string),
        tags: fields.optional("tags", sink, read_tags).unwrap_or_default(),
        facts: match fields.node("files").or_else(|| fields.node("image")) {
            // They become facts when the example is run.
            Some(_) => serde_json::Map::new(),
            None => fields.required("facts", sink, |node, sink| read_facts(node, info, sink))?,
        },
        unknown: fields
            .optional("unknown", sink, |node, sink| read_unknown(node, info, sink))
            .unwrap_or_default(),
        origin: None,
    })
}

fn read_tags(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<BTreeMap<String, String>> {
    let entries = entries(node, "`tags`", sink)?;
    // A tag may have an empty value.
    let value = |node: &Node<'_>, sink: &mut Sink<'_>| match node.as_str() {
        Some("") => Some(String::new()),
        _ => string(node, sink),
    };
    Some(
        entries
            .iter()
            .filter_map(|(key, node)| Some((key.name.to_string(), value(node, sink)?)))
            .collect(),
    )
}

fn read_facts(
    node: &Node<'_>,
    info: &AssetTypeInfo,
    sink: &mut Sink<'_>,
) -> Option<serde_json::Map<String, Json>> {
    let mut facts = serde_json::Map::new();
    for (key, node) in entries(node, "`facts`", sink)? {
        match info.shapes.get(key.name.as_ref()) {
            Some(shape) => check_fit(node, shape, Place::call(&key.name), sink),
            None => undeclared(&key.name, key.span, info, sink),
        }
        facts.insert(key.name.to_string(), node.to_json());
    }
    Some(facts)
}

fn undeclared(name: &str, span: crate::yaml::Span, info: &AssetTypeInfo, sink: &mut Sink<'_>) {
    let known = info.calls.iter().map(|call| call.name.as_str());
    let help = did_you_mean(name, known.clone())
        .unwrap_or_else(|| format!("its calls are {}", known.collect::<Vec<_>>().join(", ")));
    sink.report_with(
        span,
        format!("`{}` declares no call `{name}`", info.asset_type),
        help,
    );
}

fn read_unknown(
    node: &Node<'_>,
    info: &AssetTypeInfo,
    sink: &mut Sink<'_>,
) -> Option<BTreeMap<String, Reason>> {
    let mut unknown = BTreeMap::new();
    for (key, node) in entries(node, "`unknown`", sink)? {
        if info.call(&key.name).is_none() {
            undeclared(&key.name, key.span, info, sink);
        }
        if let Some(reason) = read_reason(node, sink) {
            unknown.insert(key.name.to_string(), reason);
        }
    }
    Some(unknown)
}

const KINDS: [(&str, ReasonKind); 17] = [
    ("throttled", ReasonKind::Throttled),
    ("unavailable", ReasonKind::Unavailable),
    ("timeout", ReasonKind::Timeout),
    ("network", ReasonKind::Network),
    ("bad_response", ReasonKind::BadResponse),
    ("credential_expired", ReasonKind::CredentialExpired),
    ("credential_invalid", ReasonKind::CredentialInvalid),
    ("no_permission", ReasonKind::NoPermission),
    ("not_found", ReasonKind::NotFound),
    ("not_activated", ReasonKind::NotActivated),
    ("not_offered", ReasonKind::NotOffered),
    ("not_collected", ReasonKind::NotCollected),
    ("truncated", ReasonKind::Truncated),
    ("missing_fact", ReasonKind::MissingFact),
    ("type_mismatch", ReasonKind::TypeMismatch),
    ("budget", ReasonKind::Budget),
    ("out_of_scope", ReasonKind::OutOfScope),
];

/// Reads why something could not be read.
pub(crate) fn read_reason(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Reason> {
    let fields = Fields::open(
        node,
        "a reason",
        &["kind", "code", "request_id", "message"],
        sink,
    )?;
    let kind = fields.required("kind", sink, |node, sink| one_of(node, sink, &KINDS))?;
    Some(Reason {
        kind,
        code: fields.optional("code", sink, string),
        request_id: fields.optional("request_id", sink, string),
        message: fields.optional("message", sink, |node, sink| {
            word(node, sink).map(str::to_owned)
        }),
    })
}
