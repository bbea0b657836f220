//! The compiled form of an expression.

use regex::Regex;
use sonic_rs::Value;

use crate::functions::Function;
use crate::related::Lookup;
use crate::ty::Kind;

/// What a part of an expression does.
#[derive(Debug)]
pub(crate) enum Node {
    Const(Const),
    /// The asset under check.
    Asset,
    /// Its facts.
    Facts,
    Now,
    /// The variable of a comprehension.
    Slot {
        slot: usize,
        name: String,
    },
    Field {
        base: Box<Node>,
        key: String,
        kind: Kind,
        optional: bool,
    },
    Has {
        base: Box<Node>,
        key: String,
    },
    Index {
        base: Box<Node>,
        index: Box<Node>,
        kind: Kind,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Cond(Box<Node>, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Quantifier {
        quantifier: Quantifier,
        range: Box<Node>,
        slot: usize,
        body: Box<Node>,
        kind: Kind,
    },
    Filter {
        range: Box<Node>,
        slot: usize,
        body: Box<Node>,
        kind: Kind,
    },
    Map {
        range: Box<Node>,
        slot: usize,
        condition: Option<Box<Node>>,
        body: Box<Node>,
        kind: Kind,
    },
    Matches(Box<Node>, Regex),
    /// Assets of another type; without a key all of them.
    Related {
        lookup: Lookup,
        key: Option<Box<Node>>,
        whole_account: bool,
    },
    Call(Function, Vec<Node>),
}

/// A constant.
#[derive(Debug, Clone)]
pub(crate) enum Const {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(String),
    Duration(i64),
    /// A list of constants as JSON.
    List(Value),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A quantifier over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Exists,
    ExistsOne,
}

impl Node {
    /// How the text of the expression names it, where it names something: `facts.ssl.SSLEnabled`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Asset => "asset".to_owned(),
            Self::Facts => "facts".to_owned(),
            Self::Slot { name, .. } => name.clone(),
            Self::Field { base, key, .. } | Self::Has { base, key } => {
                format!("{}.{key}", base.describe())
            }
            Self::Index { base, .. } => format!("{}[…]", base.describe()),
            Self::Filter { range, .. } | Self::Map { range, .. } => range.describe(),
            Self::Related { lookup, .. } => format!("related {}", lookup.asset_type),
            Self::Call(function, _) => function.name().to_owned(),
            _ => "the expression".to_owned(),
        }
    }

    /// The parts it is made of.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match self {
            Self::Const(_) | Self::Asset | Self::Facts | Self::Now | Self::Slot { .. } => {
                Vec::new()
            }
            Self::Field { base, .. } | Self::Has { base, .. } => vec![base],
            Self::Not(a) | Self::Negate(a) | Self::Matches(a, _) => vec![a],
            Self::Index {
                base: a, index: b, ..
            }
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::Compare(_, a, b)
            | Self::Arithmetic(_, a, b)
            | Self::In(a, b) => vec![a, b],
            Self::Quantifier { range, body, .. } | Self::Filter { range, body, .. } => {
                vec![range, body]
            }
            Self::Cond(a, b, c) => vec![a, b, c],
            Self::List(nodes) | Self::Call(_, nodes) => nodes.iter().collect(),
            Self::Map {
                range,
                condition,
                body,
                ..
            } => std::iter::once(&**range)
                .chain(condition.as_deref())
                .chain([&**body])
                .collect(),
            Self::Related { key, .. } => key.as_deref().into_iter().collect(),
        }
    }
}
