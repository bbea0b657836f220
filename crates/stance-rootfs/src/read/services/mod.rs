//! Readers of services' configuration. Each gives the settings that hold, with what holds without a word, and the place
//! of each; what nobody wrote is marked as a default.

mod apache;
mod docker;
mod elasticsearch;
mod files;
mod flat;
mod format;
mod inetd;
mod jenkins;
mod kubelet;
mod mask;
mod memcached;
mod mongodb;
mod mysql;
mod net;
mod nfs;
mod nginx;
mod php;
mod postgresql;
mod redis;
mod rsync;
mod samba;
mod setting;
mod snmp;
mod sshd;
mod tomcat;
mod vsftpd;
mod wants;
mod zookeeper;

use serde_json::Value;
use stance_model::Reason;

use super::{Fact, FactReader};
use crate::root::Root;

/// The reader of a service's module.
macro_rules! reader {
    ($name:ident) => {
        FactReader {
            name: stringify!($name),
            wants: $name::WANTS,
            read: |root, _| fact(root, $name::read),
        }
    };
}

/// The readers of this group.
pub(super) const READERS: &[FactReader] = &[
    reader!(apache),
    reader!(docker),
    reader!(elasticsearch),
    reader!(inetd),
    reader!(jenkins),
    reader!(kubelet),
    reader!(memcached),
    reader!(mongodb),
    reader!(mysql),
    reader!(nfs),
    reader!(nginx),
    reader!(php),
    reader!(postgresql),
    reader!(redis),
    reader!(rsync),
    reader!(samba),
    reader!(snmp),
    reader!(sshd),
    reader!(tomcat),
    reader!(vsftpd),
    reader!(zookeeper),
];

/// What a reader says, as a fact. Of a tree that was not read completely nothing is said: what was not read may replace
/// or delete any file.
fn fact(root: &Root, read: fn(&Root) -> Result<Option<Value>, Reason>) -> Fact {
    if let Some(reason) = root.incomplete() {
        return Fact::Unknown(reason.clone());
    }
    match read(root) {
        Ok(Some(value)) => Fact::Present(value),
        Ok(None) => Fact::Absent,
        Err(reason) => Fact::Unknown(reason),
    }
}
