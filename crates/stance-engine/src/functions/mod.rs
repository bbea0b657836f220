//! The functions of the language: a table of signatures, and one file a namespace.

mod access;
mod cidr;
mod policy;
mod ports;
mod signature;
mod text;
mod time;

use sonic_rs::{JsonContainerTrait, JsonValueTrait};
use stance_model::AssetType;

use crate::ast::{Const, Node};
use crate::eval::Eval;
use crate::net::ip::Blocks;
use crate::net::ports::PortSet;
use crate::related::{Lookup, Route};
use crate::value::Val;

pub(crate) use signature::{Argument, Signature, close_to, is_namespace, signature};
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
    FromBase64,
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
    PolicyPermits,
    PolicyWideServices,
    PolicyPrincipals,
    PolicyForeignTrust,
    PolicyRefusesPlainHttp,
}

impl Function {
    /// The name in the language.
    pub(crate) fn name(self) -> &'static str {
        signature::SIGNATURES
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
        route: Route::default(),
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
        (Function::FromBase64, [a]) => text::from_base64(*a, eval),
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
        (Function::PolicyPermits, [a, b, c]) => policy::permits(*a, *b, *c, eval),
        (Function::PolicyWideServices, [a]) => policy::wide_services(*a, eval),
        (Function::PolicyPrincipals, [a]) => policy::principals(*a, eval),
        (Function::PolicyForeignTrust, [a, b, c]) => policy::foreign_trust(*a, *b, *c, eval),
        (Function::PolicyRefusesPlainHttp, [a, b]) => policy::refuses_plain_http(*a, *b, eval),
        _ => eval.mismatch(function.name(), "the wrong number of arguments"),
    }
}
