//! Parameters of checks: types and values.

use std::str::FromStr;

use serde_json::Value;

use crate::ty::Type;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// `bool`.
    Bool,
    /// `int`, 64 bits.
    Int,
    /// `double`.
    Double,
    /// `string`.
    Str,
    /// `list(string)`.
    ListStr,
    /// `list(int)`.
    ListInt,
}

impl ParamType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Bool,
        Self::Int,
        Self::Double,
        Self::Str,
        Self::ListStr,
        Self::ListInt,
    ];

    /// The word in a check's file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Str => "string",
            Self::ListStr => "list(string)",
            Self::ListInt => "list(int)",
        }
    }

    pub(crate) fn ty(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Double => Type::Double,
            Self::Str => Type::Str,
            Self::ListStr => Type::list(Type::Str),
            Self::ListInt => Type::list(Type::Int),
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Bool => value.is_boolean(),
            Self::Int => value.is_i64(),
            Self::Double => value.is_number(),
            Self::Str => value.is_string(),
            Self::ListStr => value
                .as_array()
                .is_some_and(|l| l.iter().all(Value::is_string)),
            Self::ListInt => value
                .as_array()
                .is_some_and(|l| l.iter().all(Value::is_i64)),
        }
    }
}

impl FromStr for ParamType {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|t| t.key() == text)
            .ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|t| t.key()).collect();
                format!(
                    "`{text}` is no parameter type; use one of {}",
                    known.join(", ")
                )
            })
    }
}

/// A parameter with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its type.
    pub kind: ParamType,
    /// Its value, of that type.
    pub value: Value,
}

impl Param {
    /// A parameter.
    ///
    /// # Errors
    /// A message when the value is not of that type.
    pub fn new(kind: ParamType, value: Value) -> Result<Self, String> {
        if kind.fits(&value) {
            Ok(Self { kind, value })
        } else {
            Err(format!("`{value}` is not of type {}", kind.key()))
        }
    }
}
