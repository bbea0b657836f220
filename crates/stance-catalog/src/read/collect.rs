//! How an asset type is collected: the keys of `operations` that the collector carries out.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use stance_model::operation::{
    Api, CallSpec, Collection, Condition, Each, FieldShape, Lookup, ProviderCalls, Style, Tags,
    Take,
};
use stance_model::{AssetType, Provider};

use crate::yaml::{Key, Node};

use super::fields::{Fields, entries, list};
use super::paging::read_page;
use super::scalar::{one_of, parsed, string, truth};
use super::shape::Shape;
use super::sink::Sink;

/// The fields of a call that say how it is made.
pub(crate) const CALL_FIELDS: [&str; 18] = [
    "api",
    "method",
    "path",
    "query",
    "page",
    "items",
    "take",
    "variants",
    "everywhere",
    "each",
    "join",
    "when",
    "otherwise",
    "absent_on",
    "success",
    "wire",
    "at",
    "needs",
];

const STYLES: [(&str, Style); 14] = [
    ("rpc", Style::Rpc),
    ("roa", Style::Roa),
    ("oss", Style::Oss),
    ("sls", Style::Sls),
    ("tc3", Style::Tc3),
    ("huawei", Style::Huawei),
    ("obs", Style::Obs),
    ("arm", Style::Arm),
    ("graph", Style::Graph),
    ("aws-query", Style::AwsQuery),
    ("aws-ec2", Style::AwsEc2),
    ("aws-json", Style::AwsJson),
    ("aws-rest-json", Style::AwsRestJson),
    ("aws-rest-xml", Style::AwsRestXml),
];

const TAKES: [(&str, Take); 2] = [("first", Take::First), ("whole", Take::Whole)];

/// What the type itself says of its API.
pub(crate) struct Home<'h> {
    pub(crate) asset_type: &'h AssetType,
    pub(crate) product: &'h str,
    pub(crate) version: Option<&'h str>,
    pub(crate) global: bool,
}

/// Reads how a type is collected; none where it does not say.
pub(crate) fn read_collection(
    fields: &Fields<'_, '_>,
    home: &Home<'_>,
    calls: &Node<'_>,
    shapes: &BTreeMap<String, Shape>,
    sink: &mut Sink<'_>,
) -> Option<Collection> {
    let node = fields.node("collect")?;
    let own = Fields::open(
        node,
        "`collect`",
        &["id", "name", "region", "zone", "tags", "parents", "only"],
        sink,
    )?;
    let api = read_home(fields, home, sink);
    let id = own.required("id", sink, string);
    let parents = own.list("parents", sink, |node, sink| {
        let name = Key {
            name: "parent".into(),
            span: node.span,
        };
        read_call_spec(&name, node, &FieldShape::Any, api.as_ref(), sink)
    });
    let mut specs = Vec::new();
    for (key, node) in entries(calls, "`calls`", sink)? {
        let shape = shapes.get(key.name.as_ref()).map_or(FieldShape::Any, kept);
        if let Some(spec) = read_call_spec(key, node, &shape, api.as_ref(), sink) {
            check_each(&spec, &specs, node, sink);
            specs.push(spec);
        }
    }
    Some(Collection {
        asset_type: home.asset_type.clone(),
        api: api?,
        global: home.global,
        only: own.list("only", sink, string),
        parents,
        calls: specs,
        id: id?,
        name: own.optional("name", sink, string),
        region: own.optional("region", sink, string),
        zone: own.optional("zone", sink, string),
        tags: own.optional("tags", sink, read_tags),
    })
}

/// A call for each element of a fact comes after that fact.
fn check_each(spec: &CallSpec, earlier: &[CallSpec], node: &Node<'_>, sink: &mut Sink<'_>) {
    let Some(each) = &spec.each else {
        return;
    };
    if !earlier.iter().any(|other| other.name == each.fact) {
        let message = format!(
            "`each` goes through `{}`, which is no earlier call",
            each.fact
        );
        sink.report(node.span, message);
    }
}

fn read_home(fields: &Fields<'_, '_>, home: &Home<'_>, sink: &mut Sink<'_>) -> Option<Api> {
    let style = fields.optional("style", sink, |node, sink| one_of(node, sink, &STYLES));
    let style = style.or_else(|| usual_style(home.asset_type.provider()));
    if style.is_none() {
        sink.report(
            fields.span(),
            "an asset type that is collected names its `style`",
        );
    }
    Some(Api {
        product: home.product.to_owned(),
        version: home.version.unwrap_or_default().to_owned(),
        style: style?,
        host: fields.required("host", sink, string)?,
        hosts: fields
            .optional("hosts", sink, texts_by_name)
            .unwrap_or_default(),
        signing: fields.optional("signing", sink, string),
    })
}

fn usual_style(provider: Provider) -> Option<Style> {
    match provider {
        Provider::Aliyun => Some(Style::Rpc),
        Provider::Tencent => Some(Style::Tc3),
        Provider::Huawei => Some(Style::Huawei),
        Provider::Azure => Some(Style::Arm),
        Provider::Aws | Provider::Image | Provider::Host => None,
    }
}

/// Reads the API of one call: what it leaves out is as for the type.
fn read_api(node: &Node<'_>, home: Option<&Api>, sink: &mut Sink<'_>) -> Option<Api> {
    let known = ["product", "version", "style", "host", "hosts", "signing"];
    let own = Fields::open(node, "an API", &known, sink)?;
    let style = own.optional("style", sink, |node, sink| one_of(node, sink, &STYLES));
    let text = |name, sink: &mut Sink<'_>| own.optional(name, sink, string);
    let product = text("product", sink).or_else(|| home.map(|api| api.product.clone()));
    let version = text("version", sink).or_else(|| home.map(|api| api.version.clone()));
    Some(Api {
        product: product?,
        version: version?,
        style: style.or_else(|| home.map(|api| api.style))?,
        host: text("host", sink).or_else(|| home.map(|api| api.host.clone()))?,
        hosts: own
            .optional("hosts", sink, texts_by_name)
            .unwrap_or_default(),
        signing: text("signing", sink),
    })
}

fn read_tags(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Tags> {
    let own = Fields::open(node, "`tags`", &["path", "key", "value"], sink)?;
    Some(Tags {
        path: own.required("path", sink, string)?,
        key: own.optional("key", sink, string).unwrap_or_default(),
        value: own.optional("value", sink, string).unwrap_or_default(),
    })
}

/// Where values are that a look-up is made for.
const VALUES: [&str; 7] = ["account", "name", "id", "project", "key", "secret", "token"];

/// Reads a file of `providers`.
pub(crate) fn read_provider(root: &Node<'_>, sink: &mut Sink<'_>) -> Option<ProviderCalls> {
    let known = ["provider", "identity", "regions", "members", "assume"];
    let own = Fields::open(root, "a provider", &known, sink)?;
    let provider = own.required("provider", sink, parsed::<Provider>)?;
    let identity = own.required("identity", sink, |node, sink| {
        read_lookup(node, provider, sink)
    });
    let mut lookup =
        |name| own.optional(name, sink, |node, sink| read_lookup(node, provider, sink));
    let (regions, members, assume) = (lookup("regions"), lookup("members"), lookup("assume"));
    Some(ProviderCalls {
        provider,
        identity: identity?,
        regions,
        members,
        assume,
    })
}

fn read_lookup(node: &Node<'_>, provider: Provider, sink: &mut Sink<'_>) -> Option<Lookup> {
    let known: Vec<&str> = ["action"]
        .into_iter()
        .chain(CALL_FIELDS)
        .chain(VALUES)
        .collect();
    let own = Fields::open(node, "a look-up", &known, sink)?;
    let api = own.required("api", sink, |node, sink| {
        let usual = usual_style(provider).map(|style| Api {
            product: String::new(),
            version: String::new(),
            style,
            host: String::new(),
            hosts: BTreeMap::new(),
            signing: None,
        });
        read_api(node, usual.as_ref(), sink)
    })?;
    let mut values = BTreeMap::new();
    for name in VALUES {
        values.extend(
            own.optional(name, sink, string)
                .map(|at| (name.to_owned(), at)),
        );
    }
    let name = Key {
        name: "lookup".into(),
        span: node.span,
    };
    let call = read_call_with(&name, node, &FieldShape::Any, Some(&api), &VALUES, sink)?;
    Some(Lookup { call, api, values })
}

fn read_call_spec(
    key: &Key<'_>,
    node: &Node<'_>,
    shape: &FieldShape,
    home: Option<&Api>,
    sink: &mut Sink<'_>,
) -> Option<CallSpec> {
    read_call_with(key, node, shape, home, &[], sink)
}

fn read_call_with(
    key: &Key<'_>,
    node: &Node<'_>,
    shape: &FieldShape,
    home: Option<&Api>,
    others: &[&'static str],
    sink: &mut Sink<'_>,
) -> Option<CallSpec> {
    let mut known = vec!["action", "absent", "fields"];
    known.extend(CALL_FIELDS);
    known.extend(others);
    let own = Fields::open(node, "a call", &known, sink)?;
    let action = own.required("action", sink, string)?;
    let api = own.optional("api", sink, |node, sink| read_api(node, home, sink));
    let style = api.as_ref().or(home).map(|api| api.style);
    Some(CallSpec {
        name: key.name.clone().into_owned(),
        method: own
            .optional("method", sink, string)
            .unwrap_or_else(|| usual_method(style).to_owned()),
        path: own
            .optional("path", sink, string)
            .unwrap_or_else(|| "/".to_owned()),
        query: own.optional("query", sink, parameters).unwrap_or_default(),
        page: own.optional("page", sink, read_page),
        items: own.optional("items", sink, string),
        take: own
            .optional("take", sink, |node, sink| one_of(node, sink, &TAKES))
            .unwrap_or_default(),
        variants: own.optional("variants", sink, read_variants),
        everywhere: own.optional("everywhere", sink, truth).unwrap_or(false),
        each: own.optional("each", sink, read_each),
        join: own.optional("join", sink, read_join),
        when: own.list("when", sink, read_condition),
        otherwise: own.node("otherwise").map(Node::to_json),
        absent_on: own.list("absent_on", sink, string),
        success: own.optional("success", sink, read_success),
        wire: own
            .optional("wire", sink, texts_by_name)
            .unwrap_or_default(),
        at: own.optional("at", sink, string),
        needs: needs(&own, &action, api.as_ref().or(home), sink),
        shape: shape.clone(),
        action,
        api,
    })
}

fn usual_method(style: Option<Style>) -> &'static str {
    match style {
        Some(Style::Rpc | Style::Tc3 | Style::AwsQuery | Style::AwsEc2 | Style::AwsJson) => "POST",
        _ => "GET",
    }
}

/// What must be allowed for a call: as it says, or `product:Action` where actions are that. A call that needs nothing
/// says `needs: []`.
fn needs(
    own: &Fields<'_, '_>,
    action: &str,
    api: Option<&Api>,
    sink: &mut Sink<'_>,
) -> Vec<String> {
    if own.node("needs").is_some() {
        return own.list("needs", sink, string);
    }
    match api {
        Some(api) if !is_named_by_hand(api.style) => vec![format!("{}:{action}", api.product)],
        _ => {
            let why = "a call that is collected says what must be allowed for it: `needs: […]`";
            sink.report(own.span(), why);
            Vec::new()
        }
    }
}

/// Whether permissions have names of their own, which do not follow from those of actions.
fn is_named_by_hand(style: Style) -> bool {
    matches!(
        style,
        Style::Arm | Style::Graph | Style::Huawei | Style::Obs
    )
}

fn parameters(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Vec<(String, Json)>> {
    let pairs = entries(node, "`query`", sink)?.iter();
    let pairs = pairs.map(|(key, node)| (key.name.clone().into_owned(), node.to_json()));
    Some(pairs.collect())
}

fn texts_by_name(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for (key, node) in entries(node, "a list of names", sink)? {
        if let Some(text) = string(node, sink) {
            texts.insert(key.name.clone().into_owned(), text);
        }
    }
    Some(texts)
}

/// `join: {theirs: InstanceId, ours: InstanceId}`.
fn read_join(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(String, String)> {
    let own = Fields::open(node, "`join`", &["theirs", "ours"], sink)?;
    let theirs = own.required("theirs", sink, string);
    let ours = own.required("ours", sink, string);
    Some((theirs?, ours?))
}

/// `variants: {DBInstanceType: [replicate, sharding]}`.
fn read_variants(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(String, Vec<Json>)> {
    match entries(node, "`variants`", sink)? {
        [(key, node)] => {
            let values = list(node, sink, |node, _| Some(node.to_json()))?;
            Some((key.name.clone().into_owned(), values))
        }
        _ => {
            sink.report(node.span, "`variants` is one parameter with its values");
            None
        }
    }
}

/// `each: {of: trails.TrailList, key: Name}`; without `key` the elements of all answers are joined.
fn read_each(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Each> {
    let own = Fields::open(node, "`each`", &["of", "key", "when", "newest"], sink)?;
    let of = own.required("of", sink, string)?;
    let (fact, path) = of.split_once('.').unwrap_or((&of, ""));
    Some(Each {
        fact: fact.to_owned(),
        path: path.to_owned(),
        key: own.optional("key", sink, string),
        when: own.list("when", sink, read_condition),
        newest: own.optional("newest", sink, string),
    })
}

/// `{path: Engine, in: [MySQL]}` or `{path: Engine, not_in: [MariaDB]}`.
fn read_condition(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<Condition> {
    let own = Fields::open(node, "a condition", &["path", "in", "not_in"], sink)?;
    let path = own.required("path", sink, string)?;
    let values = |name, sink: &mut Sink<'_>| {
        own.optional(name, sink, |node, sink| {
            list(node, sink, |node, _| Some(node.to_json()))
        })
    };
    match (values("in", sink), values("not_in", sink)) {
        (Some(one_of), None) => Some(Condition {
            path,
            one_of,
            negated: false,
        }),
        (None, Some(one_of)) => Some(Condition {
            path,
            one_of,
            negated: true,
        }),
        _ => {
            sink.report(node.span, "a condition has `in` or `not_in`");
            None
        }
    }
}

/// `success: {path: Success, is: true}`.
fn read_success(node: &Node<'_>, sink: &mut Sink<'_>) -> Option<(String, Json)> {
    let own = Fields::open(node, "`success`", &["path", "is"], sink)?;
    let path = own.required("path", sink, string);
    let is = own.required("is", sink, |node, _| Some(node.to_json()));
    Some((path?, is?))
}

/// What of an answer is kept.
fn kept(shape: &Shape) -> FieldShape {
    match shape {
        Shape::Str | Shape::Words => FieldShape::Text,
        Shape::Int => FieldShape::Int,
        Shape::Double => FieldShape::Double,
        Shape::Bool => FieldShape::Bool,
        Shape::Any => FieldShape::Any,
        Shape::List(inner) => FieldShape::List(Box::new(kept(inner))),
        Shape::Map(inner) => FieldShape::Map(Box::new(kept(inner))),
        Shape::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, shape)| (name.clone(), kept(shape)));
            FieldShape::Object(fields.collect())
        }
    }
}
