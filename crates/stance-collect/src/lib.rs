//! Collecting assets: the snapshot file format, by which collecting and checking can be apart in place and time, and
//! Terraform states and plans; live accounts come here.
//!
//! Not here: what an asset or a coverage record means (`stance-model`), judging them (`stance-engine`), keeping
//! them (`stance-store`).

pub mod snapshot;
pub mod terraform;
