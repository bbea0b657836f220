//! Standards: what obliges us.

use stance_model::{CheckId, Provider, StandardType, Text};

/// A standard with its requirements, a file of the catalogue's `standards`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its number.
    pub id: i64,
    /// Its key, the file name.
    pub key: String,
    /// Its type.
    pub standard_type: StandardType,
    /// The provider it speaks of; none: several.
    pub provider: Option<Provider>,
    /// Its name.
    pub title: Text,
    /// Its requirements, in order.
    pub requirements: Vec<Requirement>,
}

/// A requirement of a standard: a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its number, unique over all standards.
    pub id: i64,
    /// Its name.
    pub title: Text,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// A section of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its number, unique over all standards.
    pub id: i64,
    /// Its name.
    pub title: Text,
    /// Its number in the published standard, such as `2.1`.
    pub number: Option<String>,
    /// The checks that watch over it, in order; none where only people can.
    pub checks: Vec<CheckId>,
}
