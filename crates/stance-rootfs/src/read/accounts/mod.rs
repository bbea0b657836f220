//! Readers of accounts, file modes and the system's settings.

mod authorized_keys;
mod caches;
mod cron;
mod files;
mod group;
mod gshadow;
mod ld_preload;
mod lines;
mod login_defs;
mod os_release;
mod package_sources;
mod packages;
mod pam;
mod passwd;
mod profile;
mod shadow;
mod ssh_trust;
mod sudoers;
mod sysctl;
mod tools;

use super::FactReader;
use crate::root::Root;

/// The readers of this group.
pub(super) const READERS: &[FactReader] = &[
    passwd::READER,
    shadow::READER,
    group::READER,
    gshadow::READER,
    login_defs::READER,
    pam::READER,
    sudoers::READER,
    authorized_keys::READER,
    ssh_trust::READER,
    cron::READER,
    sysctl::READER,
    profile::READER,
    ld_preload::READER,
    files::READER,
    packages::READER,
    package_sources::READER,
    caches::READER,
    tools::READER,
    os_release::READER,
];

/// The paths whose entries, without content, the readers of this group look at.
pub(super) const SEES: &[&[&str]] = &[
    cron::SEES,
    cron::PROGRAMS,
    files::SEES,
    packages::SEES,
    caches::SEES,
    tools::SEES,
];

/// The paths of which readers of this group need the entry, as they learn only from what they read.
pub(super) fn asks(root: &Root) -> Vec<String> {
    cron::asks(root)
}
