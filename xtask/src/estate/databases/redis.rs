//! Redis instances.

mod instance;

use stance_model::{CoverageStatus, ReasonKind};

use super::Site;
use crate::estate::{Account, DEV, Estate, PROD, REGIONS, reason};
use instance::Instance;

const TYPE: &str = "aliyun/redis/instance";

/// What sets an instance apart from a healthy one: in the VPC, with a password, reachable from the application subnet,
/// encrypted, audited and backed up daily.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// In the classic network.
    Classic,
    /// No password is asked for within the VPC.
    NoPassword,
    /// The only whitelist group is the default one with 127.0.0.1.
    Untouched,
    /// A whitelist group `temp` with these entries.
    Whitelist(&'static str),
    /// A global whitelist template with these entries.
    Global(&'static str),
    /// An endpoint on the internet.
    Public,
    SslOff,
    SslExpired,
    AuditOff,
    /// The edition has none of these.
    Lacks(&'static [&'static str]),
    /// Backed up on these days.
    Days(&'static str),
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{
    AuditOff, Classic, Days, Denied, Global, Lacks, NoPassword, Public, SslExpired, SslOff,
    Untouched, Whitelist,
};

/// Name, architecture, version, quirks.
type Row = (&'static str, &'static str, &'static str, &'static [Quirk]);
/// Account, region, instances there.
type Group = (Account, &'static str, &'static [Row]);

const GROUPS: [Group; 7] = [
    (
        PROD,
        "cn-hangzhou",
        &[
            ("cart", "cluster", "7.0", &[]),
            ("session-store", "cluster", "6.0", &[]),
            ("rate-limits", "standard", "7.0", &[]),
            ("flash-sale", "cluster", "5.0", &[NoPassword, AuditOff]),
            (
                "old-cache",
                "standard",
                "4.0",
                &[Classic, SslOff, Lacks(&["audit_log"])],
            ),
        ],
    ),
    (
        PROD,
        "cn-shanghai",
        &[
            ("delivery-queue", "standard", "6.0", &[]),
            ("search-cache", "rwsplit", "5.0", &[Lacks(&["ssl"])]),
            (
                "partner-cache",
                "standard",
                "6.0",
                &[Global("0.0.0.0/1,128.0.0.0/1")],
            ),
        ],
    ),
    (
        PROD,
        "cn-beijing",
        &[
            ("feature-store", "cluster", "7.0", &[]),
            ("leaderboard", "standard", "6.0", &[SslExpired]),
            (
                "metrics-buffer",
                "standard",
                "6.0",
                &[Denied("attribute"), Denied("ssl")],
            ),
        ],
    ),
    (
        PROD,
        "ap-southeast-1",
        &[
            ("sea-cart", "standard", "7.0", &[]),
            ("sea-sessions", "standard", "7.0", &[Days("Sunday")]),
        ],
    ),
    (
        DEV,
        "cn-hangzhou",
        &[
            (
                "dev-cache",
                "standard",
                "6.0",
                &[Whitelist("0.0.0.0/0"), Public, SslOff, AuditOff],
            ),
            (
                "dev-idle",
                "standard",
                "6.0",
                &[NoPassword, Untouched, SslOff],
            ),
            ("dev-queue", "standard", "7.0", &[SslOff, AuditOff]),
        ],
    ),
    (
        DEV,
        "cn-shanghai",
        &[("staging-cache", "standard", "7.0", &[])],
    ),
    (
        DEV,
        "ap-southeast-1",
        &[(
            "dev-sea-cache",
            "standard",
            "7.0",
            &[Denied("security_ips"), SslOff],
        )],
    ),
];

/// Adds the instances. In the development account's cn-beijing the listing named the same page twice.
pub(super) fn add(estate: &mut Estate) {
    let repeats = reason(ReasonKind::BadResponse, "PageNumberRepeats");
    estate.cover(
        DEV,
        "cn-beijing",
        TYPE,
        CoverageStatus::Partial,
        Some(repeats),
    );
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, rows) in GROUPS {
        for (name, architecture, version, quirks) in rows {
            let site = Site::new("r", account, region, name, quirks);
            estate.asset(
                Instance {
                    site,
                    architecture,
                    version,
                }
                .draft(),
            );
        }
    }
}
