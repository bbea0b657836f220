//! What an asset type is and which calls give its facts.

use std::collections::BTreeMap;

use stance_model::operation::Collection;
use stance_model::{AssetType, Provider, Text};

use crate::read::Shape;

/// One asset type, an entry of the catalogue's `operations`.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetTypeInfo {
    /// Its name, `provider/service/kind`.
    pub asset_type: AssetType,
    /// `InstanceType` of the API; for other clouds the product in capitals.
    pub instance_type: String,
    /// `InstanceSubType` of the API.
    pub instance_sub_type: String,
    /// `AssetType` of `ListCheckResult`; -1 where the reference gives no number.
    pub asset_type_number: i64,
    /// What people call it.
    pub title: Text,
    /// The console page of an asset, with `{id}`, `{region}`, `{account}`, `{name}`.
    pub console: Option<String>,
    /// The API product that the calls belong to.
    pub product: String,
    /// The version of that API, where it has one.
    pub version: Option<String>,
    /// Where its assets live.
    pub scope: Scope,
    /// How its assets are collected from live accounts; none: they are not.
    pub collection: Option<Collection>,
    /// The calls, in order.
    pub calls: Vec<Call>,
    /// The file that declares it.
    pub path: String,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

/// Where assets live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In a region.
    Region,
    /// In none; their region is written `global`.
    Global,
}

/// A call that gives facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name under `facts`.
    pub name: String,
    /// The API's action, or method and path.
    pub action: String,
    /// What it means that the call answers "there is none"; none: the call must answer.
    pub absent: Option<Text>,
}

impl AssetTypeInfo {
    /// The provider.
    #[must_use]
    pub fn provider(&self) -> Provider {
        self.asset_type.provider()
    }

    /// The call of that name.
    #[must_use]
    pub fn call(&self, name: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.name == name)
    }
}
