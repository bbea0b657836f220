//! The 45 items of `DescribeRiskCheckResult`, and the 22 asset types of `ListCheckResult`.

use std::collections::{BTreeMap, BTreeSet};

use stance_catalog::{Catalog, lint_builtin};
use stance_model::{CheckId, Provider};

use crate::readers::Readers;

/// The reference's table: ItemId, GroupId, RiskLevel, AssetType.
const TABLE: [(i64, i64, &str, &str); 45] = [
    (1, 3, "medium", "ActionTrail"),
    (2, 4, "medium", "RDS"),
    (3, 1, "high", "RAM"),
    (4, 2, "high", "DDoS"),
    (5, 2, "high", "RDS"),
    (6, 2, "high", "SLB"),
    (7, 2, "high", "WAF"),
    (8, 6, "high", "ECS"),
    (12, 4, "high", "OSS"),
    (13, 5, "medium", "RAM"),
    (14, 2, "high", "MongoDB"),
    (15, 1, "medium", "RAM"),
    (16, 4, "medium", "OSS"),
    (17, 4, "low", "OSS"),
    (18, 4, "medium", "RDS"),
    (19, 2, "high", "Redis"),
    (20, 1, "medium", "ECS"),
    (21, 5, "low", "SLB"),
    (22, 2, "medium", "PolarDB"),
    (23, 2, "medium", "PostgreSQL"),
    (24, 4, "low", "ECS"),
    (25, 2, "medium", "SLB"),
    (26, 5, "medium", "SLB"),
    (27, 4, "medium", "ECS"),
    (28, 4, "medium", "SSL"),
    (30, 4, "low", "OSS"),
    (31, 2, "low", "OSS"),
    (32, 4, "low", "RDS"),
    (33, 4, "medium", "MongoDB"),
    (34, 3, "medium", "MongoDB"),
    (35, 4, "medium", "MongoDB"),
    (36, 5, "medium", "CloudMonitor"),
    (37, 2, "medium", "ECS"),
    (38, 2, "medium", "VPC"),
    (39, 4, "medium", "Redis"),
    (40, 4, "high", "CR"),
    (41, 6, "low", "CR"),
    (42, 3, "medium", "SLB"),
    (43, 3, "low", "Redis"),
    (44, 1, "medium", "OSS"),
    (46, 4, "medium", "PolarDB"),
    (47, 3, "medium", "PolarDB"),
    (49, 1, "medium", "RAM"),
    (51, 3, "medium", "CDN"),
    (52, 4, "medium", "Redis"),
];

/// `InstanceTypes` of `ListCheckResult`.
const INSTANCE_TYPES: [&str; 22] = [
    "ECS",
    "SLB",
    "RDS",
    "MONGODB",
    "KVSTORE",
    "ACR",
    "CSK",
    "VPC",
    "ACTIONTRAIL",
    "CDN",
    "CAS",
    "RDC",
    "RAM",
    "DDOS",
    "WAF",
    "OSS",
    "POLARDB",
    "POSTGRESQL",
    "MSE",
    "NAS",
    "SDDP",
    "EIP",
];

#[test]
fn the_catalogue_has_no_problem() {
    let report = lint_builtin(Some(&Readers));
    assert!(report.is_clean(), "{report}");
}

#[test]
fn the_legacy_items_are_those_of_the_reference() {
    let catalog = Catalog::builtin().unwrap_or_else(|report| panic!("{report}"));
    let mut wanted = BTreeMap::new();
    for (id, group, level, asset_type) in TABLE {
        wanted.insert(id, (group, level.to_owned(), asset_type.to_owned()));
    }
    let mut found = BTreeMap::new();
    for check in catalog.checks() {
        if let Some(legacy) = &check.legacy {
            let row = (
                legacy.group,
                check.risk_level.key().to_owned(),
                legacy.asset_type.clone(),
            );
            found.insert(check.id.get(), row);
        }
    }
    assert_eq!(found, wanted);
}

#[test]
fn the_numbers_of_the_reference_are_kept_for_its_items() {
    let catalog = Catalog::builtin().unwrap_or_else(|report| panic!("{report}"));
    let reference: BTreeSet<CheckId> = TABLE
        .iter()
        .map(|(id, ..)| CheckId::new(*id).unwrap())
        .collect();
    for check in catalog.checks() {
        assert_eq!(
            check.legacy.is_some(),
            reference.contains(&check.id),
            "{}",
            check.key
        );
        assert!(
            check.legacy.is_some() || check.id.get() > 1000,
            "{}",
            check.key
        );
    }
}

#[test]
fn every_instance_type_of_the_reference_has_an_asset_type() {
    let catalog = Catalog::builtin().unwrap_or_else(|report| panic!("{report}"));
    let own = catalog
        .asset_types()
        .filter(|info| info.provider() == Provider::Aliyun);
    let found: BTreeSet<&str> = own.map(|info| info.instance_type.as_str()).collect();
    let missing: Vec<&str> = INSTANCE_TYPES
        .into_iter()
        .filter(|name| !found.contains(name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
