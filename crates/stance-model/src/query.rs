//! Questions that façades, reports and the command line ask of the service.

use crate::ids::CheckId;
use crate::provider::Provider;
use crate::risk::RiskLevel;
use crate::standard::StandardType;
use crate::status::CheckStatus;
use crate::text::Lang;

/// The sides of a page: `number` from 1, `size` from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Which page, from 1.
    pub number: u32,
    /// How many entries a page has.
    pub size: u32,
}

impl PageRequest {
    /// How many entries stand before the page.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::from(self.number.saturating_sub(1)) * u64::from(self.size)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries of the page.
    pub items: Vec<T>,
    /// How many entries the whole list has.
    pub total: u64,
}

/// Which checks, for `ListCheckResult` and its kin. An empty list or `None` filters nothing; several filters
/// hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckQuery {
    /// Only these checks.
    pub check_ids: Vec<i64>,
    /// Only checks that one of these standards names.
    pub standard_ids: Vec<i64>,
    /// Only checks that one of these requirements names.
    pub requirement_ids: Vec<i64>,
    /// Only checks that a standard of one of these types names.
    pub types: Vec<StandardType>,
    /// Only checks whose own status is one of these.
    pub statuses: Vec<CheckStatus>,
    /// Only these risk levels.
    pub risk_levels: Vec<RiskLevel>,
    /// Only these providers.
    pub providers: Vec<Provider>,
    /// Only these instance types of the API, such as `RDS`.
    pub instance_types: Vec<String>,
    /// Only results of these assets (the provider's ids); a check's status is then that over these assets.
    pub instance_ids: Vec<String>,
    /// Only checks whose id, key or title contains this text, in either language, whatever its case.
    pub check_key: Option<String>,
    /// Only checks that have, or have not, parameters.
    pub has_parameters: Option<bool>,
    /// Only checks that support repair, or do not.
    pub repair_supported: Option<bool>,
    /// Only checks of our catalogue (`false`) or of the user's own directory (`true`).
    pub custom: Option<bool>,
    /// Only this account of Alibaba Cloud (a member of the resource directory).
    pub account: Option<String>,
    /// The order, first key first.
    pub sort: Vec<CheckSort>,
}

/// A sort key of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckSort {
    /// High first.
    RiskLevel,
    /// In the order of [`CheckStatus`].
    Status,
}

/// Which results of one check, for `ListCheckInstanceResult`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstanceQuery {
    /// Only results shown with one of these statuses; empty: all.
    pub statuses: Vec<CheckStatus>,
    /// Only assets whose id contains this text.
    pub id_contains: Option<String>,
    /// Only assets whose name contains this text.
    pub name_contains: Option<String>,
    /// Only assets whose region contains this text.
    pub region_contains: Option<String>,
    /// Only these asset ids.
    pub instance_ids: Vec<String>,
    /// Order by status (in the order of [`CheckStatus`]) before the id.
    pub sort_by_status: bool,
}

/// Which results across checks, for reports and `stance results`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultQuery {
    /// Which checks.
    pub checks: CheckQuery,
    /// Only results shown with one of these statuses; empty: all.
    pub statuses: Vec<CheckStatus>,
    /// Only this account.
    pub account: Option<String>,
    /// Only this region.
    pub region: Option<String>,
    /// The language of texts that are looked up.
    pub lang: Lang,
}

/// The id of a check or its key, as a person gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckRef {
    /// By number.
    Id(CheckId),
    /// By key.
    Key(String),
}
