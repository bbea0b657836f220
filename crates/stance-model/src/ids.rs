//! Identifiers as types, so that two of them cannot be swapped.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::provider::Provider;

/// Whose data it is. Every stored row and every query has one. Embedded mode uses [`TenantId::DEFAULT`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(String);

impl TenantId {
    /// The one tenant of embedded mode.
    pub const DEFAULT: &'static str = "default";

    /// A tenant name: 1 to 64 characters of `a-z A-Z 0-9 - _ .`.
    ///
    /// # Errors
    /// [`IdError`] when the name is empty, too long or has another character.
    pub fn new(name: impl Into<String>) -> Result<Self, IdError> {
        let name = name.into();
        let fits = !name.is_empty() && name.len() <= 64;
        if fits
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        {
            Ok(Self(name))
        } else {
            Err(IdError {
                what: "tenant",
                given: name,
            })
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TenantId {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The stable number of a check, `CheckId` and `ItemId` on the wire.
///
/// INVARIANT: 1 to [`CheckId::MAX`], so that a result id (asset number × 2²⁰ + check id) stays below 2⁵³.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct CheckId(i64);

impl CheckId {
    /// The largest id: 2²⁰ − 1.
    pub const MAX: i64 = (1 << 20) - 1;

    /// A check id.
    ///
    /// # Errors
    /// [`IdError`] outside 1 to [`CheckId::MAX`].
    pub fn new(id: i64) -> Result<Self, IdError> {
        if (1..=Self::MAX).contains(&id) {
            Ok(Self(id))
        } else {
            Err(IdError {
                what: "check id",
                given: id.to_string(),
            })
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// The stable id of the result of this check for the asset numbered `asset_no`; below 2⁵³ as long as
    /// `asset_no` is below 2³³.
    #[must_use]
    pub fn result_id(self, asset_no: i64) -> i64 {
        (asset_no << 20) | self.0
    }
}

impl TryFrom<i64> for CheckId {
    type Error = IdError;
    fn try_from(id: i64) -> Result<Self, IdError> {
        Self::new(id)
    }
}

impl From<CheckId> for i64 {
    fn from(id: CheckId) -> i64 {
        id.0
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The kind of an asset, `provider/service/kind`, for example `aliyun/ecs/security_group`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AssetType(String);

impl AssetType {
    /// The text, `provider/service/kind`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The provider that the first segment names.
    #[must_use]
    pub fn provider(&self) -> Provider {
        // INVARIANT: checked when the value was made.
        self.0
            .split('/')
            .next()
            .and_then(|p| p.parse().ok())
            .unwrap_or(Provider::Host)
    }
}

impl FromStr for AssetType {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_asset_type(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(no_asset_type(text.to_owned()))
        }
    }
}

impl TryFrom<String> for AssetType {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        if is_asset_type(&text) {
            Ok(Self(text))
        } else {
            Err(no_asset_type(text))
        }
    }
}

/// Whether a text is a provider, a service and a kind. Asked of every asset, so that it must not cost memory.
fn is_asset_type(text: &str) -> bool {
    let spelled = |s: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        !s.is_empty() && s.bytes().all(fits)
    };
    let mut segments = text.split('/');
    let named = segments
        .next()
        .is_some_and(|first| first.parse::<Provider>().is_ok());
    let (service, kind) = (segments.next(), segments.next());
    text.len() <= 128
        && named
        && service.is_some_and(spelled)
        && kind.is_some_and(spelled)
        && segments.next().is_none()
}

fn no_asset_type(given: String) -> IdError {
    IdError {
        what: "asset type",
        given,
    }
}

impl From<AssetType> for String {
    fn from(value: AssetType) -> Self {
        value.0
    }
}

impl fmt::Display for AssetType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text or number that is no identifier of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a valid {what}")]
pub struct IdError {
    /// Which kind of identifier was wanted.
    pub what: &'static str,
    /// What was given instead.
    pub given: String,
}
