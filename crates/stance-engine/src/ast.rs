//! The compiled form of an expression.

use std::sync::Arc;

use regex::Regex;
use sonic_rs::Value;

use crate::functions::Function;
use crate::net::ip::Blocks;
use crate::net::ports::PortSet;
use crate::related::Lookup;
use crate::ty::Kind;

/// What a part of an expression does.
#[derive(Debug, PartialEq)]
pub(crate) enum Node {
    Const(Const),
    /// The asset under check.
    Asset,
    /// Its facts.
    Facts,
    /// What a call answered for it.
    Fact(Fact),
    Now,
    /// The variable of a comprehension.
    Slot {
        slot: usize,
        name: String,
    },
    Field {
        base: Box<Node>,
        key: String,
        shape: Shape,
    },
    Has {
        base: Box<Node>,
        key: String,
        optional: bool,
    },
    Index {
        base: Box<Node>,
        index: Box<Node>,
        kind: Kind,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Cond(Box<Node>, Box<Node>, Box<Node>),
    /// The kind is that of the elements, where lists are compared.
    Compare(Comparison, Box<Node>, Box<Node>, Kind),
    /// Whether something is (or is not) one of these texts.
    OneOf {
        of: Box<Node>,
        texts: Vec<String>,
        wanted: bool,
    },
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    /// The kind is that of the list's elements.
    In(Box<Node>, Box<Node>, Kind),
    List(Vec<Node>),
    Each(Box<Each>),
    Matches(Box<Node>, Pattern),
    Related(Related),
    Call(Function, Vec<Node>),
    /// A part that is evaluated once and then kept, under that number.
    Once(usize, Box<Node>),
}

/// A call of the asset under check.
#[derive(Debug, PartialEq)]
pub(crate) struct Fact {
    pub(crate) call: String,
    pub(crate) shape: Shape,
}

/// What a field must hold, as its schema has it.
#[derive(Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    /// It may be absent or null, which means that there is none.
    pub(crate) optional: bool,
    /// The texts that the documentation names; none: any text.
    pub(crate) words: Option<Arc<[String]>>,
}

/// A comprehension over a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Each {
    pub(crate) what: Comprehension,
    pub(crate) range: Node,
    pub(crate) slot: usize,
    /// What the elements are.
    pub(crate) kind: Kind,
    /// Which elements `Map` takes.
    pub(crate) condition: Option<Node>,
    pub(crate) body: Node,
}

/// Assets of another type; without a key all of them.
#[derive(Debug, PartialEq)]
pub(crate) struct Related {
    pub(crate) lookup: Lookup,
    pub(crate) key: Option<Box<Node>>,
    pub(crate) whole_account: bool,
}

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern(pub(crate) Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Const {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(String),
    Duration(i64),
    /// A list of constants as JSON.
    List(Value),
    /// An argument that names ports, read.
    Ports(PortSet),
    /// An argument that names addresses, read.
    Blocks(Blocks),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// What a comprehension makes of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comprehension {
    Quantifier(Quantifier),
    Filter,
    Map,
}

/// A quantifier over a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
            Self::Fact(fact) => format!("facts.{}", fact.call),
            Self::Slot { name, .. } => name.clone(),
            Self::Field { base, key, .. } | Self::Has { base, key, .. } => {
                format!("{}.{key}", base.describe())
            }
            Self::Index { base, .. } => format!("{}[…]", base.describe()),
            Self::Each(each) => each.range.describe(),
            Self::Once(_, node) => node.describe(),
            Self::Related(related) => format!("related {}", related.lookup.asset_type),
            Self::Call(function, _) => function.name().to_owned(),
            _ => "the expression".to_owned(),
        }
    }

    /// The parts it is made of.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match self {
            Self::Const(_)
            | Self::Asset
            | Self::Facts
            | Self::Fact(_)
            | Self::Now
            | Self::Slot { .. } => Vec::new(),
            Self::Field { base, .. } | Self::Has { base, .. } => vec![base],
            Self::OneOf { of, .. } => vec![of],
            Self::Not(a) | Self::Negate(a) | Self::Matches(a, _) | Self::Once(_, a) => vec![a],
            Self::Index {
                base: a, index: b, ..
            }
            | Self::Compare(_, a, b, _)
            | Self::Arithmetic(_, a, b)
            | Self::In(a, b, _) => vec![a, b],
            Self::Cond(a, b, c) => vec![a, b, c],
            Self::And(nodes) | Self::Or(nodes) | Self::List(nodes) | Self::Call(_, nodes) => {
                nodes.iter().collect()
            }
            Self::Each(each) => [&each.range, &each.body]
                .into_iter()
                .chain(each.condition.as_ref())
                .collect(),
            Self::Related(related) => related.key.as_deref().into_iter().collect(),
        }
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Const(_)
            | Self::Asset
            | Self::Facts
            | Self::Fact(_)
            | Self::Now
            | Self::Slot { .. } => Vec::new(),
            Self::Field { base, .. } | Self::Has { base, .. } => vec![base],
            Self::OneOf { of, .. } => vec![of],
            Self::Not(a) | Self::Negate(a) | Self::Matches(a, _) | Self::Once(_, a) => vec![a],
            Self::Index {
                base: a, index: b, ..
            }
            | Self::Compare(_, a, b, _)
            | Self::Arithmetic(_, a, b)
            | Self::In(a, b, _) => vec![a, b],
            Self::Cond(a, b, c) => vec![a, b, c],
            Self::And(nodes) | Self::Or(nodes) | Self::List(nodes) | Self::Call(_, nodes) => {
                nodes.iter_mut().collect()
            }
            Self::Each(each) => [&mut each.range, &mut each.body]
                .into_iter()
                .chain(each.condition.as_mut())
                .collect(),
            Self::Related(related) => related.key.as_deref_mut().into_iter().collect(),
        }
    }
}
