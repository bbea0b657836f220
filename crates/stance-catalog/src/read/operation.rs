//! Files of `operations`.

use std::collections::BTreeMap;

use stance_engine::Schema;
use stance_model::AssetType;

use crate::operation::{AssetTypeInfo, Call, Scope};
use crate::yaml::{Key, Node, Span, Value};

use super::collect::{CALL_FIELDS, Home, read_collection};
use super::fields::{Fields, entries, list};
use super::reader::Reader;
use super::scalar::{int, is_name, one_of, parsed, string, word};
use super::shape::{Shape, read_shape};
use super::sink::Sink;
use super::text::{prose, title};

const FIELDS: [&str; 16] = [
    "type",
    "instance_type",
    "instance_sub_type",
    "asset_type_number",
    "title",
    "console",
    "product",
    "version",
    "scope",
    "calls",
    "readers",
    "style",
    "host",
    "hosts",
    "signing",
    "collect",
];

/// What was read of an asset type: its name and its place, and the rest when nothing is wrong with it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) asset_type: AssetType,
    pub(crate) at: Span,
    pub(crate) whole: Option<(AssetTypeInfo, Schema)>,
}

/// Reads the asset types of a file.
pub(crate) fn read_operations(
    root: &Node<'_>,
    readers: &[Reader],
    sink: &mut Sink<'_>,
) -> Vec<Operation> {
    list(root, sink, |node, sink| read_operation(node, readers, sink)).unwrap_or_default()
}

fn read_operation(node: &Node<'_>, readers: &[Reader], sink: &mut Sink<'_>) -> Option<Operation> {
    let fields = Fields::open(node, "an asset type", &FIELDS, sink)?;
    let named = fields.required("type", sink, |node, sink| {
        Some((parsed::<AssetType>(node, sink)?, node.span))
    });
    if let Some((asset_type, at)) = &named {
        check_folder(asset_type, *at, sink);
    }
    let whole = read_whole(
        &fields,
        named.as_ref().map(|(asset_type, _)| asset_type),
        readers,
        sink,
    );
    let (asset_type, at) = named?;
    Some(Operation {
        asset_type,
        at,
        whole,
    })
}

fn read_whole(
    fields: &Fields<'_, '_>,
    asset_type: Option<&AssetType>,
    readers: &[Reader],
    sink: &mut Sink<'_>,
) -> Option<(AssetTypeInfo, Schema)> {
    let instance_type = fields.required("instance_type", sink, capitals);
    let instance_sub_type = fields.optional("instance_sub_type", sink, capitals);
    let number = fields.optional("asset_type_number", sink, asset_type_number);
    let title = fields.required("title", sink, title);
    let console = fields.optional("console", sink, console);
    let product = fields.required("product", sink, string);
    let version = fields.optional("version", sink, string);
    let scope = fields.required("scope", sink, scope);
    let calls = match fields.node("readers") {
        Some(node) => {
            if let Some(calls) = fields.node("calls") {
                sink.report(calls.span, "the readers are its calls");
            }
            readers_as_calls(node, readers, sink)?
        }
        None => fields.required("calls", sink, read_calls)?,
    };
    let (product, scope) = (product?, scope?);
    let collection = match (asset_type, fields.node("calls")) {
        (Some(asset_type), Some(node)) => {
            let home = Home {
                asset_type,
                product: &product,
                version: version.as_deref(),
                global: scope == Scope::Global,
            };
            read_collection(fields, &home, node, &calls.shapes, sink)
        }
        _ => None,
    };
    let info = AssetTypeInfo {
        asset_type: asset_type?.clone(),
        instance_type: instance_type?,
        instance_sub_type: instance_sub_type.unwrap_or_else(|| "INSTANCE".to_owned()),
        asset_type_number: number.unwrap_or(-1),
        title: title?,
        console,
        product,
        version,
        scope,
        collection,
        calls: calls.calls,
        path: sink.source().path.clone(),
        shapes: calls.shapes,
    };
    Some((info, calls.schema))
}

/// A catalogue's own files lie in the folder of their provider.
fn check_folder(asset_type: &AssetType, span: Span, sink: &mut Sink<'_>) {
    let provider = asset_type.provider().key();
    let folder = sink
        .source()
        .path
        .rsplit(['/', '\\'])
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    if folder != provider {
        let message = format!("`{asset_type}` is declared in the folder `{folder}`");
        sink.report_with(span, message, format!("move it to operations/{provider}/"));
    }
}

fn capitals(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let text = word(node, sink)?;
    if !text
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    {
        sink.report(
            node.span,
            format!("`{text}` is not in capitals, such as RDS or SECURITY_GROUP"),
        );
    }
    Some(text.to_owned())
}

fn asset_type_number(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<i64> {
    let number = int(node, sink)?;
    if !(0..=5).contains(&number) {
        let help = "0 ECS, 1 SLB, 2 NAT gateway, 3 RDS, 4 MongoDB, 5 Redis; leave it out elsewhere"
            .to_owned();
        sink.report_with(
            node.span,
            format!("{number} is no AssetType of the API"),
            help,
        );
    }
    Some(number)
}

fn scope(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Scope> {
    one_of(
        node,
        sink,
        &[("region", Scope::Region), ("global", Scope::Global)],
    )
}

fn console(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<String> {
    let address = word(node, sink)?;
    let known = ["id", "region", "account", "name"];
    for part in address.split('{').skip(1) {
        match part.split_once('}') {
            Some((name, _)) if known.contains(&name) => {}
            Some((name, _)) => {
                let help = "the placeholders are {id}, {region}, {account}, {name}".to_owned();
                sink.report_with(node.span, format!("unknown placeholder `{{{name}}}`"), help);
            }
            None => sink.report(node.span, "a `{` without its `}`"),
        }
    }
    if !address.starts_with("https://") {
        sink.report(
            node.span,
            format!("`{address}` is not an address that starts with https://"),
        );
    }
    Some(address.to_owned())
}

struct Calls {
    calls: Vec<Call>,
    shapes: BTreeMap<String, Shape>,
    schema: Schema,
}

/// `readers: true`: what all readers tell.
fn readers_as_calls(node: &Node<'_>, readers: &[Reader], sink: &mut Sink<'_>) -> Option<Calls> {
    if !matches!(node.value, Value::Bool(true)) {
        sink.report(node.span, "`readers` is `true`, or left out");
        return None;
    }
    let shape = |reader: &Reader| (reader.call.name.clone(), reader.shape.clone());
    Some(Calls {
        calls: readers.iter().map(|reader| reader.call.clone()).collect(),
        shapes: readers.iter().map(shape).collect(),
        schema: Schema::merge(readers.iter().map(|reader| &reader.schema)),
    })
}

fn read_calls(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Calls> {
    let before = sink.count();
    let mut calls = Vec::new();
    let mut shapes = BTreeMap::new();
    for (key, node) in entries(node, "`calls`", sink)? {
        if let Some((call, shape)) = read_call(key, node, sink) {
            shapes.insert(call.name.clone(), shape);
            calls.push(call);
        }
    }
    if calls.is_empty() && sink.count() == before {
        sink.report(node.span, "an asset type has at least one call");
    }
    if sink.count() > before {
        return None;
    }
    let schema = read_schema(node, sink)?;
    Some(Calls {
        calls,
        shapes,
        schema,
    })
}

fn read_call(key: &Key<'_>, node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(Call, Shape)> {
    if !is_name(&key.name) {
        sink.report(
            key.span,
            format!(
                "`{}` is no name of a call: lower-case letters, digits and _",
                key.name
            ),
        );
    }
    let known: Vec<&str> = ["action", "absent", "fields"]
        .into_iter()
        .chain(CALL_FIELDS)
        .collect();
    let fields = Fields::open(node, "a call", &known, sink)?;
    let action = fields.required("action", sink, string);
    let absent = fields.optional("absent", sink, prose);
    let shape = fields.required("fields", sink, read_shape);
    Some((
        Call {
            name: key.name.clone().into_owned(),
            action: action?,
            absent,
        },
        shape?,
    ))
}

/// The engine's own reading of the same; it is stricter nowhere that is known, so that what it says is shown as is.
fn read_schema(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Schema> {
    match Schema::from_json(&node.to_json()) {
        Ok(schema) => Some(schema),
        Err(error) => {
            sink.report(node.span, error.to_string());
            None
        }
    }
}
