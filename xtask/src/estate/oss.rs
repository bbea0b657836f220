//! OSS: buckets, and the accounts' own settings.
//!
//! A row names a bucket and its quirks, which are what sets it apart from a healthy one. The development account blocks
//! public access for all of its buckets at once.

mod bucket;
mod policy;

use serde_json::json;

use super::{Account, DEV, Draft, Estate, GLOBAL, PROD, REGIONS};
use bucket::Bucket;
use policy::Policy;

const BUCKET: &str = "aliyun/oss/bucket";
const ACCOUNT: &str = "aliyun/oss/account";

/// What sets a bucket apart from a healthy one: private and blocked, logged, replicated to another region, encrypted,
/// with a Referer whitelist, versioned, and refusing plain HTTP by its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// `public-read`.
    Readable,
    /// `public-read-write`.
    Writable,
    /// Public access is not blocked at the bucket.
    Unblocked,
    LogOff,
    /// No replication rule.
    CrrOff,
    /// Replicated within its own region.
    CrrHere,
    /// The replication rule is being closed.
    CrrClosing,
    /// Encrypted with a key of the shop.
    SseKms,
    RefererOff,
    /// Requests without a Referer get through.
    RefererEmpty,
    VersioningOff,
    VersioningSuspended,
    /// Another policy than the healthy one.
    Has(Policy),
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{
    CrrClosing, CrrHere, CrrOff, Denied, Has, LogOff, Readable, RefererEmpty, RefererOff, SseKms,
    Unblocked, VersioningOff, VersioningSuspended, Writable,
};

/// Name, quirks.
type Row = (&'static str, &'static [Quirk]);
/// Account, region, buckets there.
type Group = (Account, &'static str, &'static [Row]);

const GROUPS: [Group; 8] = [
    (
        PROD,
        "cn-hangzhou",
        &[
            ("shop-prod-media", &[]),
            (
                "shop-prod-static",
                &[Readable, Unblocked, Has(Policy::None)],
            ),
            ("shop-prod-invoices", &[SseKms]),
            ("shop-prod-logs", &[LogOff, CrrOff]),
            ("shop-prod-audit", &[SseKms]),
            ("shop-prod-backups", &[SseKms]),
            ("shop-prod-press-kit", &[Readable]),
            (
                "shop-prod-uploads",
                &[Unblocked, Has(Policy::Everybody), RefererOff],
            ),
            (
                "shop-prod-exports",
                &[Unblocked, Has(Policy::Partner), CrrHere],
            ),
        ],
    ),
    (
        PROD,
        "cn-shanghai",
        &[
            ("shop-prod-delivery", &[]),
            ("shop-prod-labels", &[RefererEmpty]),
            (
                "shop-prod-drop-box",
                &[
                    Writable,
                    Unblocked,
                    LogOff,
                    VersioningOff,
                    Has(Policy::None),
                ],
            ),
            ("shop-prod-reviews", &[VersioningSuspended]),
        ],
    ),
    (
        PROD,
        "cn-beijing",
        &[
            ("shop-prod-clickstream", &[]),
            ("shop-prod-models", &[SseKms, CrrClosing]),
            ("shop-prod-office", &[Unblocked, Has(Policy::Office)]),
        ],
    ),
    (
        PROD,
        "ap-southeast-1",
        &[
            ("shop-prod-sea-media", &[]),
            ("shop-prod-sea-logs", &[LogOff, CrrOff, RefererOff]),
            (
                "shop-prod-sea-claims",
                &[Denied("info"), Denied("policy"), Denied("policy_status")],
            ),
        ],
    ),
    (
        DEV,
        "cn-hangzhou",
        &[
            ("shop-dev-media", &[Readable, Unblocked, CrrOff, RefererOff]),
            (
                "shop-dev-artifacts",
                &[Unblocked, LogOff, CrrOff, Has(Policy::None)],
            ),
            ("shop-dev-audit", &[CrrOff, RefererOff]),
            (
                "shop-dev-scratch",
                &[Unblocked, LogOff, VersioningOff, RefererOff, CrrOff],
            ),
            (
                "shop-dev-ci-cache",
                &[CrrOff, VersioningOff, Has(Policy::None)],
            ),
            (
                "shop-dev-fixtures",
                &[CrrOff, Denied("logging"), Denied("encryption")],
            ),
        ],
    ),
    (
        DEV,
        "cn-shanghai",
        &[
            ("shop-dev-staging-media", &[RefererEmpty]),
            ("shop-dev-staging-exports", &[CrrOff]),
        ],
    ),
    (
        DEV,
        "cn-beijing",
        &[("shop-dev-training", &[CrrOff, SseKms])],
    ),
    (
        DEV,
        "ap-southeast-1",
        &[
            (
                "shop-dev-sea",
                &[CrrOff, Denied("versioning"), Denied("referer")],
            ),
            ("shop-dev-sea-demo", &[Unblocked, CrrOff, Has(Policy::Wide)]),
        ],
    ),
];

/// Adds the buckets and both accounts' settings.
pub(crate) fn add(estate: &mut Estate) {
    for (account, blocked) in [(PROD, false), (DEV, true)] {
        estate.covers(account, &REGIONS, &[BUCKET]);
        estate.covers(account, &[GLOBAL], &[ACCOUNT]);
        let settings = Draft::new(account, GLOBAL, ACCOUNT, account.id, account.name);
        estate.asset(settings.fact("public_access_block", json!({"BlockPublicAccess": blocked})));
    }
    for (account, region, rows) in GROUPS {
        for (name, quirks) in rows {
            estate.asset(
                Bucket {
                    account,
                    region,
                    name,
                    quirks,
                }
                .draft(),
            );
        }
    }
}
