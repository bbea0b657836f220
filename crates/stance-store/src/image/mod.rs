//! Images, containers and root file systems: what is kept of them beside their asset and its results.
//!
//! An item that failed once is remembered for good, so that a later scan that no longer finds it makes it *fixed* and
//! not merely absent. A scan that could not read what the item needs changes nothing about that: the item stays what
//! it was. An item that fails and is covered by an exception is neither failing nor fixed.

mod counts;
mod items;
mod list;
mod open;
mod strategy;
mod task;

pub use counts::{GroupCount, ItemCount};
pub use items::{ItemResult, ItemState};
pub use list::ImageFilter;
pub use strategy::ImageStrategy;
pub use task::{ImageTask, ImageTaskKey};

/// What a scan says of an image, beside its asset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageRow {
    /// The asset, as its place in [`AccountBatch::assets`](crate::AccountBatch::assets).
    pub asset: u32,
    /// `image`, `container` or `rootfs`.
    pub kind: String,
    /// The registry's host, or `local`.
    pub registry: String,
    /// The part of the repository's name before its last `/`; empty where it has none.
    pub repo_namespace: String,
    /// The last part of the repository's name.
    pub repo_name: String,
    /// The tag; empty where it has none.
    pub tag: String,
    /// The digest of the manifest, `sha256:…`; empty where it has none.
    pub digest: String,
    /// The digest of the configuration, `sha256:…`; empty where it has none.
    pub image_id: String,
    /// The sum of the sizes of its layers as they are stored, bytes.
    pub size: i64,
    /// When it was built, in milliseconds since 1970.
    pub created_ms: Option<i64>,
    /// The operating system, such as `linux`.
    pub os: String,
    /// The architecture, such as `amd64`.
    pub architecture: String,
    /// The container's id; empty for others.
    pub container_id: String,
    /// The container's name; empty for others.
    pub container_name: String,
    /// How many layers it has.
    pub layers: i64,
}

/// An image as it is stored. The fields that [`ImageRow`] has mean the same here.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[expect(missing_docs, reason = "`ImageRow` says what they are")]
pub struct StoredImage {
    /// The number of its asset.
    pub asset_no: i64,
    /// The id of its asset, `ImageUuid` on the wire.
    pub uuid: String,
    /// The account: the registry's host, or `local`.
    pub account: String,
    /// The reference as people write it.
    pub name: String,
    pub kind: String,
    pub registry: String,
    pub repo_namespace: String,
    pub repo_name: String,
    pub tag: String,
    pub digest: String,
    pub image_id: String,
    pub size: i64,
    pub created_ms: Option<i64>,
    pub os: String,
    pub architecture: String,
    pub container_id: String,
    pub container_name: String,
    pub layers: i64,
    /// When it was first scanned, in milliseconds since 1970.
    pub first_ms: i64,
    /// When it was last scanned, in milliseconds since 1970.
    pub last_ms: i64,
    /// The task that last scanned it.
    pub task_id: i64,
}
