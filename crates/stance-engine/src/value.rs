//! Values at run time: small copies that borrow from the asset document, the rule or the arena.

use sonic_rs::{JsonNumberTrait, Value, ValueRef};
use stance_model::{Reason, ReasonKind};

use crate::net::ip::Blocks;
use crate::net::ports::PortSet;
use crate::ty::Kind;

/// A value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(&'a str),
    /// Milliseconds since 1970.
    Time(i64),
    /// Milliseconds.
    Duration(i64),
    /// A list that stands in a document.
    Json(&'a [Value]),
    /// A list that was made.
    Made(&'a Made<'a>),
    /// A JSON object.
    Object(&'a Value),
    /// A whole asset document.
    Asset(&'a Value),
    /// The facts of an asset document.
    Facts(&'a Value),
    /// An argument that was read when the rule was compiled.
    Ports(&'a PortSet),
    /// An argument that was read when the rule was compiled.
    Blocks(&'a Blocks),
    /// It could not be read.
    Unknown(Why<'a>),
}

/// A list that was made, perhaps with elements missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made<'a> {
    pub(crate) items: &'a [Val<'a>],
    /// Why elements may be missing.
    pub(crate) incomplete: Option<Why<'a>>,
}

/// A list of either kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<'a> {
    pub(crate) items: Items<'a>,
    /// Why elements may be missing.
    pub(crate) incomplete: Option<Why<'a>>,
}

/// The elements of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Items<'a> {
    Json(&'a [Value]),
    Vals(&'a [Val<'a>]),
}

/// Why something could not be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Why<'a>(pub(crate) &'a WhyText<'a>);

/// The parts of a reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WhyText<'a> {
    pub(crate) kind: ReasonKind,
    pub(crate) message: &'a str,
    pub(crate) code: Option<&'a str>,
    pub(crate) request_id: Option<&'a str>,
}

impl Why<'_> {
    /// The reason as plain data.
    pub(crate) fn to_reason(self) -> Reason {
        Reason {
            kind: self.0.kind,
            code: self.0.code.map(str::to_owned),
            request_id: self.0.request_id.map(str::to_owned),
            message: (!self.0.message.is_empty()).then(|| self.0.message.to_owned()),
        }
    }
}

impl<'a> Items<'a> {
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Vals(items) => items.len(),
        }
    }

    /// The element at `index`.
    pub(crate) fn get(self, index: usize) -> Option<Val<'a>> {
        match self {
            Self::Json(items) => items.get(index).map(Val::of),
            Self::Vals(items) => items.get(index).copied(),
        }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Val<'a>> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

impl<'a> Val<'a> {
    pub(crate) const EMPTY: Self = Self::Json(&[]);

    /// A value read from JSON.
    pub(crate) fn of(json: &'a Value) -> Self {
        match json.as_ref() {
            ValueRef::String(text) => Self::Str(text),
            ValueRef::Object(_) => Self::Object(json),
            ValueRef::Array(array) => Self::Json(array.as_slice()),
            ValueRef::Bool(flag) => Self::Bool(flag),
            ValueRef::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Self::Int(number),
                (None, Some(number)) => Self::Double(number),
                (None, None) => Self::Null,
            },
            ValueRef::Null => Self::Null,
        }
    }

    /// The list that it is.
    pub(crate) fn as_list(self) -> Option<List<'a>> {
        match self {
            Self::Json(items) => Some(List {
                items: Items::Json(items),
                incomplete: None,
            }),
            Self::Made(made) => Some(List {
                items: Items::Vals(made.items),
                incomplete: made.incomplete,
            }),
            _ => None,
        }
    }

    /// Whether a value read from JSON is what its schema declares. Null is always allowed; it is judged where
    /// it is used.
    pub(crate) fn fits(self, kind: Kind) -> bool {
        matches!(
            (kind, self),
            (Kind::Any, _)
                | (_, Self::Null | Self::Unknown(_))
                | (Kind::Bool, Self::Bool(_))
                | (Kind::Int, Self::Int(_))
                | (Kind::Double, Self::Int(_) | Self::Double(_))
                | (Kind::Str, Self::Str(_))
                | (Kind::List, Self::Json(_) | Self::Made(_))
                | (
                    Kind::Object,
                    Self::Object(_) | Self::Asset(_) | Self::Facts(_)
                )
        )
    }

    /// The name of its type, for messages.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Double(_) => "a double",
            Self::Str(_) => "a string",
            Self::Time(_) => "a timestamp",
            Self::Duration(_) => "a duration",
            Self::Json(_) | Self::Made(_) => "a list",
            Self::Object(_) | Self::Asset(_) | Self::Facts(_) => "an object",
            Self::Ports(_) => "ports",
            Self::Blocks(_) => "addresses",
            Self::Unknown(_) => "unknown",
        }
    }
}
