//! The functions of the language: one table of signatures, one file a namespace.

mod access;
mod cidr;
mod policy;
mod ports;
mod text;
mod time;

use sonic_rs::{JsonContainerTrait, JsonValueTrait};
use stance_model::AssetType;

use crate::ast::{Const, Node};
use crate::eval::Eval;
use crate::net::ip::Blocks;
use crate::net::ports::PortSet;
use crate::related::Lookup;
use crate::ty::Type;
use crate::value::Val;

pub(crate) use text::show;
pub(crate) use time::duration_millis;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    Size,
    ToString,
    ToInt,
    ToDouble,
    StartsWith,
    EndsWith,
    Contains,
    LowerAscii,
    UpperAscii,
    Trim,
    Split,
    Join,
    Timestamp,
    Millis,
    Seconds,
    Days,
    CidrList,
    CidrCoversAll,
    CidrCovering,
    CidrWithin,
    CidrContains,
    CidrOverlaps,
    CidrIsPublic,
    PortsIntersects,
    PortsWithin,
    AliyunExposedPorts,
    AliyunOriginExposure,
    AwsExposedPorts,
    AzureExposedPorts,
    TencentExposedPorts,
    HuaweiExposedPorts,
    PolicyOpenStatements,
    PolicyForeignGrants,
    PolicyAllows,
}

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Argument {
    Str,
    Int,
    /// A string or a list of strings.
    Texts,
    TextList,
    List,
    /// An int, a string or a list of them.
    Ports,
    /// What has a size.
    Sized,
    Scalar,
    /// A policy document: JSON text or an object.
    Document,
    TimeText,
}

impl Argument {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Str => "string",
            Self::Int => "int",
            Self::Texts => "string or list(string)",
            Self::TextList => "list(string)",
            Self::List => "a list",
            Self::Ports => "ports (int, string or a list of them)",
            Self::Sized => "string, list or object",
            Self::Scalar => "string, int, double or bool",
            Self::Document => "a policy document (string or object)",
            Self::TimeText => "string or timestamp",
        }
    }
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    Bool,
    Int,
    Double,
    Str,
    Texts,
    Time,
    Duration,
}

impl Gives {
    pub(crate) fn ty(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Double => Type::Double,
            Self::Str => Type::Str,
            Self::Texts => Type::list(Type::Str),
            Self::Time => Type::Time,
            Self::Duration => Type::Duration,
        }
    }
}

/// The signature of a function. A receiver is the first argument.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) args: &'static [Argument],
    pub(crate) result: Gives,
    pub(crate) function: Function,
}

const fn sig(
    name: &'static str,
    args: &'static [Argument],
    result: Gives,
    function: Function,
) -> Signature {
    Signature {
        name,
        args,
        result,
        function,
    }
}

use Argument as A;

static SIGNATURES: &[Signature] = &[
    sig("size", &[A::Sized], Gives::Int, Function::Size),
    sig("string", &[A::Scalar], Gives::Str, Function::ToString),
    sig("int", &[A::Scalar], Gives::Int, Function::ToInt),
    sig("double", &[A::Scalar], Gives::Double, Function::ToDouble),
    sig(
        "startsWith",
        &[A::Str, A::Str],
        Gives::Bool,
        Function::StartsWith,
    ),
    sig(
        "endsWith",
        &[A::Str, A::Str],
        Gives::Bool,
        Function::EndsWith,
    ),
    sig(
        "contains",
        &[A::Str, A::Str],
        Gives::Bool,
        Function::Contains,
    ),
    sig("lowerAscii", &[A::Str], Gives::Str, Function::LowerAscii),
    sig("upperAscii", &[A::Str], Gives::Str, Function::UpperAscii),
    sig("trim", &[A::Str], Gives::Str, Function::Trim),
    sig("split", &[A::Str, A::Str], Gives::Texts, Function::Split),
    sig("join", &[A::TextList, A::Str], Gives::Str, Function::Join),
    sig(
        "timestamp",
        &[A::TimeText],
        Gives::Time,
        Function::Timestamp,
    ),
    sig("time.millis", &[A::Int], Gives::Time, Function::Millis),
    sig("time.seconds", &[A::Int], Gives::Time, Function::Seconds),
    sig("time.days", &[A::Int], Gives::Duration, Function::Days),
    sig("cidr.list", &[A::Str], Gives::Texts, Function::CidrList),
    sig(
        "cidr.coversAll",
        &[A::Texts],
        Gives::Bool,
        Function::CidrCoversAll,
    ),
    sig(
        "cidr.covering",
        &[A::Texts],
        Gives::Texts,
        Function::CidrCovering,
    ),
    sig(
        "cidr.within",
        &[A::Texts, A::Texts],
        Gives::Bool,
        Function::CidrWithin,
    ),
    sig(
        "cidr.contains",
        &[A::Texts, A::Str],
        Gives::Bool,
        Function::CidrContains,
    ),
    sig(
        "cidr.overlaps",
        &[A::Texts, A::Texts],
        Gives::Bool,
        Function::CidrOverlaps,
    ),
    sig(
        "cidr.isPublic",
        &[A::Str],
        Gives::Bool,
        Function::CidrIsPublic,
    ),
    sig(
        "ports.intersects",
        &[A::Ports, A::Ports],
        Gives::Bool,
        Function::PortsIntersects,
    ),
    sig(
        "ports.within",
        &[A::Ports, A::Ports],
        Gives::Bool,
        Function::PortsWithin,
    ),
    sig(
        "aliyun.exposedPorts",
        &[A::List, A::Ports],
        Gives::Texts,
        Function::AliyunExposedPorts,
    ),
    sig(
        "aliyun.originExposure",
        &[A::Str, A::Ports, A::Texts],
        Gives::Texts,
        Function::AliyunOriginExposure,
    ),
    sig(
        "aws.exposedPorts",
        &[A::List, A::Ports],
        Gives::Texts,
        Function::AwsExposedPorts,
    ),
    sig(
        "azure.exposedPorts",
        &[A::List, A::Ports],
        Gives::Texts,
        Function::AzureExposedPorts,
    ),
    sig(
        "tencent.exposedPorts",
        &[A::List, A::Ports],
        Gives::Texts,
        Function::TencentExposedPorts,
    ),
    sig(
        "huawei.exposedPorts",
        &[A::List, A::Ports],
        Gives::Texts,
        Function::HuaweiExposedPorts,
    ),
    sig(
        "policy.openStatements",
        &[A::Document],
        Gives::Texts,
        Function::PolicyOpenStatements,
    ),
    sig(
        "policy.foreignGrants",
        &[A::Document, A::Str, A::Str],
        Gives::Texts,
        Function::PolicyForeignGrants,
    ),
    sig(
        "policy.allows",
        &[A::Document, A::Str, A::Str],
        Gives::Bool,
        Function::PolicyAllows,
    ),
];

/// The names before the dot of a function.
const NAMESPACES: [&str; 9] = [
    "cidr", "ports", "time", "policy", "aliyun", "aws", "azure", "tencent", "huawei",
];

pub(crate) fn is_namespace(name: &str) -> bool {
    NAMESPACES.contains(&name)
}

/// The signature of a function by name and number of arguments.
pub(crate) fn signature(name: &str, args: usize) -> Option<&'static Signature> {
    SIGNATURES
        .iter()
        .find(|s| s.name == name && s.args.len() == args)
}

/// A hint at the functions that were perhaps meant.
pub(crate) fn close_to(name: &str) -> Option<String> {
    let space = name.split('.').next().unwrap_or(name);
    let close: Vec<String> = SIGNATURES
        .iter()
        .filter(|s| s.name == name || s.name.split('.').next() == Some(space))
        .map(|s| format!("{} ({} arguments)", s.name, s.args.len()))
        .collect();
    (!close.is_empty()).then(|| format!("there is {}", close.join(", ")))
}

impl Function {
    /// The name in the language.
    pub(crate) fn name(self) -> &'static str {
        SIGNATURES
            .iter()
            .find(|s| s.function == self)
            .map_or("function", |s| s.name)
    }

    /// The related assets that it looks up by itself.
    pub(crate) fn lookups(self) -> Vec<Lookup> {
        match self {
            Self::AliyunExposedPorts => access::aliyun::lookups(),
            Self::AliyunOriginExposure => access::origin::lookups(),
            _ => Vec::new(),
        }
    }
}

fn lookup(asset_type: &str, path: &str) -> Option<Lookup> {
    let asset_type: AssetType = asset_type.parse().ok()?;
    Some(Lookup {
        asset_type,
        path: Some(path.to_owned()),
        required: false,
    })
}

/// An argument that is a constant, read once where the function would read it each time.
pub(crate) fn prepared(wanted: Argument, node: Node) -> Node {
    let Node::Const(constant) = &node else {
        return node;
    };
    let read = match wanted {
        Argument::Ports => ports_of(constant).map(Const::Ports),
        Argument::Texts => blocks_of(constant).map(Const::Blocks),
        _ => None,
    };
    read.map_or(node, Node::Const)
}

fn ports_of(constant: &Const) -> Option<PortSet> {
    match constant {
        Const::Int(port) => PortSet::span(*port, *port),
        Const::Str(text) => PortSet::parse(text),
        Const::List(list) => {
            PortSet::all(
                list.as_array()?
                    .iter()
                    .map(|item| match (item.as_i64(), item.as_str()) {
                        (Some(port), _) => PortSet::span(port, port),
                        (_, Some(text)) => PortSet::parse(text),
                        (None, None) => None,
                    }),
            )
        }
        _ => None,
    }
}

fn blocks_of(constant: &Const) -> Option<Blocks> {
    match constant {
        Const::Str(text) => Blocks::read([text.as_str()]),
        Const::List(list) => {
            let texts: Option<Vec<&str>> =
                list.as_array()?.iter().map(|item| item.as_str()).collect();
            Blocks::read(texts?)
        }
        _ => None,
    }
}

/// Applies a function. An argument that is unknown makes the result so; what is unknown or missing within a list each
/// function judges itself.
pub(crate) fn apply<'a>(function: Function, args: &[Val<'a>], eval: &Eval<'a>) -> Val<'a> {
    let first_unknown = args.iter().find(|arg| matches!(arg, Val::Unknown(_)));
    if let Some(unknown) = first_unknown {
        return *unknown;
    }
    match (function, args) {
        (Function::Size, [a]) => text::size(*a, eval),
        (Function::ToString, [a]) => text::to_string(*a, eval),
        (Function::ToInt, [a]) => text::to_int(*a, eval),
        (Function::ToDouble, [a]) => text::to_double(*a, eval),
        (Function::StartsWith, [a, b]) => text::test(*a, *b, eval, |a, b| a.starts_with(b)),
        (Function::EndsWith, [a, b]) => text::test(*a, *b, eval, |a, b| a.ends_with(b)),
        (Function::Contains, [a, b]) => text::test(*a, *b, eval, |a, b| a.contains(b)),
        (Function::LowerAscii, [a]) => text::change(*a, eval, str::to_ascii_lowercase),
        (Function::UpperAscii, [a]) => text::change(*a, eval, str::to_ascii_uppercase),
        (Function::Trim, [a]) => text::trim(*a, eval),
        (Function::Split, [a, b]) => text::split(*a, *b, eval),
        (Function::Join, [a, b]) => text::join(*a, *b, eval),
        (Function::Timestamp, [a]) => time::timestamp(*a, eval),
        (Function::Millis, [a]) => time::scaled(*a, 1, eval),
        (Function::Seconds, [a]) => time::scaled(*a, 1_000, eval),
        (Function::Days, [a]) => time::days(*a, eval),
        (Function::CidrList, [a]) => cidr::list(*a, eval),
        (Function::CidrCoversAll, [a]) => cidr::covers_all(*a, eval),
        (Function::CidrCovering, [a]) => cidr::covering(*a, eval),
        (Function::CidrWithin, [a, b]) => cidr::within(*a, *b, eval),
        (Function::CidrContains, [a, b]) => cidr::within(*b, *a, eval),
        (Function::CidrOverlaps, [a, b]) => cidr::overlaps(*a, *b, eval),
        (Function::CidrIsPublic, [a]) => cidr::is_public(*a, eval),
        (Function::PortsIntersects, [a, b]) => ports::compare(*a, *b, eval, |a, b| a.intersects(b)),
        (Function::PortsWithin, [a, b]) => ports::compare(*a, *b, eval, |a, b| a.within(b)),
        (Function::AliyunExposedPorts, [a, b]) => access::aliyun::exposed(*a, *b, eval),
        (Function::AliyunOriginExposure, [a, b, c]) => access::origin::exposure(*a, *b, *c, eval),
        (Function::AwsExposedPorts, [a, b]) => access::aws::exposed(*a, *b, eval),
        (Function::AzureExposedPorts, [a, b]) => access::azure::exposed(*a, *b, eval),
        (Function::TencentExposedPorts, [a, b]) => access::tencent::exposed(*a, *b, eval),
        (Function::HuaweiExposedPorts, [a, b]) => access::huawei::exposed(*a, *b, eval),
        (Function::PolicyOpenStatements, [a]) => policy::open_statements(*a, eval),
        (Function::PolicyForeignGrants, [a, b, c]) => policy::foreign_grants(*a, *b, *c, eval),
        (Function::PolicyAllows, [a, b, c]) => policy::allows(*a, *b, *c, eval),
        _ => eval.mismatch(function.name(), "the wrong number of arguments"),
    }
}
