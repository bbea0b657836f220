//! What functions take and give.

use super::Function;
use crate::ty::Type;

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
    /// A policy document, or a list of them, or of such lists.
    Documents,
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
            Self::Documents => "a policy document (string or object) or lists of them",
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

pub(super) static SIGNATURES: &[Signature] = &[
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
    sig(
        "text.fromBase64",
        &[A::Str],
        Gives::Str,
        Function::FromBase64,
    ),
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
    sig(
        "policy.permits",
        &[A::Documents, A::Str, A::TextList],
        Gives::Bool,
        Function::PolicyPermits,
    ),
    sig(
        "policy.wideServices",
        &[A::Document],
        Gives::Texts,
        Function::PolicyWideServices,
    ),
    sig(
        "policy.principals",
        &[A::Document],
        Gives::Texts,
        Function::PolicyPrincipals,
    ),
    sig(
        "policy.foreignTrust",
        &[A::Document, A::Str, A::TextList],
        Gives::Texts,
        Function::PolicyForeignTrust,
    ),
    sig(
        "policy.refusesPlainHttp",
        &[A::Document, A::Str],
        Gives::Bool,
        Function::PolicyRefusesPlainHttp,
    ),
];

/// The names before the dot of a function.
const NAMESPACES: [&str; 10] = [
    "text", "cidr", "ports", "time", "policy", "aliyun", "aws", "azure", "tencent", "huawei",
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
