//! Sets of addresses and ports, and who reaches what under an ordered list of access rules.

pub(crate) mod access;
pub(crate) mod ip;
pub(crate) mod ports;
pub(crate) mod ranges;
