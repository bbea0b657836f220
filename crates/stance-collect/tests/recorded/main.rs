//! Recorded answers of Tencent Cloud and Huawei Cloud go through the catalogue's collections.
//!
//! The recordings lie beside the repository, or where `STANCE_RECORDED` says; without them there is nothing to do.

#![expect(clippy::disallowed_methods, reason = "tests read what belongs to them")]

#[cfg(test)]
mod play;
#[cfg(test)]
mod recording;
