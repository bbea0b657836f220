//! RDS instances.

mod instance;

use stance_model::{CoverageStatus, ReasonKind};

use super::Site;
use crate::estate::{Account, DEV, Estate, PROD, REGIONS, reason};
use instance::Instance;

const TYPE: &str = "aliyun/rds/instance";

/// What sets an instance apart from a healthy one: pay-as-you-go and protected, reachable from the application subnet
/// in the VPC, encrypted, audited, backed up daily and in another region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quirk {
    /// A read-only instance.
    Readonly,
    /// Paid in advance.
    Prepaid,
    /// Serverless and of the basic edition.
    Serverless,
    /// No release protection.
    Unprotected,
    /// A whitelist group `temp` with these entries.
    Whitelist(&'static str),
    /// Two whitelist groups that admit half of all addresses each.
    Halves,
    /// An endpoint on the internet.
    Public,
    SslOff,
    SslExpired,
    /// The answer lacks the status.
    TdeShapeless,
    AuditOff,
    /// The engine or edition has none of these.
    Lacks(&'static [&'static str]),
    /// Backed up on these days.
    Days(&'static str),
    /// Backups are kept for so many days.
    Keeps(u32),
    CrossOff,
    /// Backups "in another region" that lie in the instance's own.
    CrossHere,
    /// The call was denied.
    Denied(&'static str),
}

use Quirk::{
    AuditOff, CrossHere, CrossOff, Days, Denied, Halves, Keeps, Lacks, Prepaid, Public, Readonly,
    Serverless, SslExpired, SslOff, TdeShapeless, Unprotected, Whitelist,
};

/// Engine and version.
type Kind = (&'static str, &'static str);

const MYSQL_57: Kind = ("MySQL", "5.7");
const MYSQL_80: Kind = ("MySQL", "8.0");
const PG_14: Kind = ("PostgreSQL", "14.0");
const PG_15: Kind = ("PostgreSQL", "15.0");
const PG_16: Kind = ("PostgreSQL", "16.0");
const SQL_SERVER_2017: Kind = ("SQLServer", "2017_ent");
const SQL_SERVER_2019: Kind = ("SQLServer", "2019_std_ha");
const MARIADB: Kind = ("MariaDB", "10.3");

/// Name, engine and version, quirks.
type Row = (&'static str, Kind, &'static [Quirk]);
/// Account, region, instances there.
type Group = (Account, &'static str, &'static [Row]);

const GROUPS: [Group; 7] = [
    (
        PROD,
        "cn-hangzhou",
        &[
            ("orders-main", MYSQL_80, &[Prepaid]),
            ("orders-replica-1", MYSQL_80, &[Readonly]),
            ("orders-replica-2", MYSQL_80, &[Readonly, AuditOff]),
            ("users-main", MYSQL_80, &[]),
            ("payments-main", PG_16, &[Prepaid]),
            ("catalog-main", MYSQL_57, &[]),
            ("reports", PG_14, &[SslOff, CrossOff]),
            ("legacy-erp", SQL_SERVER_2019, &[Prepaid]),
            (
                "campaign-2023",
                MYSQL_57,
                &[Whitelist("198.51.100.20,0.0.0.0/0"), Public, Unprotected],
            ),
        ],
    ),
    (
        PROD,
        "cn-shanghai",
        &[
            ("orders-standby", MYSQL_80, &[]),
            ("search-meta", PG_15, &[]),
            ("logistics", MYSQL_80, &[AuditOff]),
            (
                "crm",
                SQL_SERVER_2017,
                &[Whitelist("0.0.0.0/1,128.0.0.0/1")],
            ),
            (
                "cms",
                MARIADB,
                &[Lacks(&["ssl", "tde", "sql_collector", "cross_backup"])],
            ),
            ("coupons", MYSQL_80, &[Days("Tuesday,Friday"), CrossOff]),
        ],
    ),
    (
        PROD,
        "cn-beijing",
        &[
            ("risk-engine", MYSQL_80, &[]),
            ("analytics-meta", PG_16, &[Whitelist("::/0")]),
            (
                "stats",
                MYSQL_80,
                &[Lacks(&["tde", "cross_backup"]), Keeps(3)],
            ),
            ("archive", MYSQL_57, &[SslExpired, Prepaid]),
        ],
    ),
    (
        PROD,
        "ap-southeast-1",
        &[
            ("sea-orders", MYSQL_80, &[]),
            ("sea-users", PG_15, &[Denied("ssl")]),
            (
                "sea-catalog",
                MYSQL_80,
                &[Denied("ip_array"), Denied("net_info")],
            ),
            (
                "sea-promo",
                MYSQL_80,
                &[Serverless, Lacks(&["tde", "cross_backup"])],
            ),
        ],
    ),
    (
        DEV,
        "cn-hangzhou",
        &[
            (
                "dev-shop",
                MYSQL_80,
                &[Whitelist("0.0.0.0"), Public, AuditOff, Unprotected],
            ),
            ("dev-payments", PG_16, &[]),
            ("dev-shop-replica", MYSQL_80, &[Readonly]),
            (
                "ci-runner",
                MYSQL_80,
                &[Denied("sql_collector"), CrossOff, Unprotected],
            ),
            ("demo", MYSQL_57, &[TdeShapeless, CrossHere]),
        ],
    ),
    (
        DEV,
        "cn-shanghai",
        &[
            ("staging-shop", MYSQL_80, &[]),
            ("staging-payments", PG_16, &[CrossOff]),
        ],
    ),
    (
        DEV,
        "ap-southeast-1",
        &[
            ("dev-sea", MYSQL_80, &[Days(""), Unprotected]),
            ("dev-sea-geo", PG_14, &[Halves, Public, SslOff]),
        ],
    ),
];

/// Adds the instances. The development account's listing in cn-beijing was throttled until it was given up.
pub(super) fn add(estate: &mut Estate) {
    let throttled = reason(ReasonKind::Throttled, "Throttling.User");
    estate.cover(
        DEV,
        "cn-beijing",
        TYPE,
        CoverageStatus::Failed,
        Some(throttled),
    );
    for account in [PROD, DEV] {
        estate.covers(account, &REGIONS, &[TYPE]);
    }
    for (account, region, rows) in GROUPS {
        for (name, kind, quirks) in rows {
            let site = Site::new(prefix(*kind, quirks), account, region, name, quirks);
            estate.asset(Instance::new(site, *kind).draft());
        }
    }
}

fn prefix((engine, _): Kind, quirks: &[Quirk]) -> &'static str {
    match (quirks.contains(&Readonly), engine) {
        (true, _) => "rr",
        (false, "PostgreSQL") => "pgm",
        (false, _) => "rm",
    }
}
