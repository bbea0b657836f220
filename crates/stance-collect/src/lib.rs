//! Collecting assets: live accounts by their APIs, Terraform source, states and plans,
//! exports of inventories, and the snapshot file format, by
//! which collecting and checking can be apart in place and time.
//!
//! Not here: what an asset or a coverage record means (`stance-model`), judging them (`stance-engine`), keeping
//! them (`stance-store`).

pub mod export;
pub mod live;
pub mod snapshot;
pub mod terraform;
