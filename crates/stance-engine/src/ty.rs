//! Types of expressions, as known at load.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Null,
    Bool,
    Int,
    Double,
    Str,
    Time,
    Duration,
    List(Arc<Type>),
    /// An object with known fields.
    Object(Arc<Fields>),
    /// An object with free keys.
    Map(Arc<Type>),
    /// Known only at run time.
    Any,
}

/// The fields of an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fields {
    /// What the object is, in messages.
    pub(crate) name: String,
    pub(crate) of: BTreeMap<String, Field>,
}

/// One field of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) ty: Type,
    /// The documentation allows it to be absent, which reads as null.
    pub(crate) optional: bool,
    /// The texts that the documentation names; none: any text.
    pub(crate) words: Option<Arc<[String]>>,
}

/// What a value read from JSON must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Bool,
    Int,
    Double,
    Str,
    List,
    Object,
}

impl Type {
    pub(crate) fn list(of: Self) -> Self {
        Self::List(Arc::new(of))
    }

    /// What a JSON value of this type must be.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Bool => Kind::Bool,
            Self::Int => Kind::Int,
            Self::Double => Kind::Double,
            Self::Str => Kind::Str,
            Self::List(_) => Kind::List,
            Self::Object(_) | Self::Map(_) => Kind::Object,
            Self::Null | Self::Time | Self::Duration | Self::Any => Kind::Any,
        }
    }

    /// Whether values of the two can ever be equal. Null compares with everything.
    pub(crate) fn comparable(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null | Self::Any, _) | (_, Self::Null | Self::Any) => true,
            (Self::Int | Self::Double, Self::Int | Self::Double) => true,
            (Self::List(a), Self::List(b)) => a.comparable(b),
            (Self::Object(_) | Self::Map(_), _) | (_, Self::Object(_) | Self::Map(_)) => false,
            (a, b) => a == b,
        }
    }

    /// The one type that stands for both, as in the branches of a conditional or the elements of a list.
    pub(crate) fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Self::Null, t) | (t, Self::Null) => t.clone(),
            (Self::List(a), Self::List(b)) => Self::list(a.join(b)),
            // Objects of the same form, whatever they are called: places found by different readers.
            (Self::Object(a), Self::Object(b)) if a.of == b.of => self.clone(),
            _ => Self::Any,
        }
    }

    /// Whether it is a list of places, as [`stance_model::Finding`] has them.
    pub(crate) fn is_places(&self) -> bool {
        let Self::List(of) = self else { return false };
        let Self::Object(fields) = &**of else {
            return false;
        };
        let is = |name, ty| {
            fields
                .of
                .get(name)
                .is_some_and(|f| f.ty == ty && !f.optional)
        };
        is("path", Self::Str) && is("visible", Self::Bool)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Double => f.write_str("double"),
            Self::Str => f.write_str("string"),
            Self::Time => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::List(of) => write!(f, "list({of})"),
            Self::Object(_) | Self::Map(_) => f.write_str("object"),
            Self::Any => f.write_str("any"),
        }
    }
}
