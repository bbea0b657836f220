//! What the example estate shows: checks of every status, assets of every kind, and the known traps.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use stance_model::query::{CheckQuery, InstanceQuery};
use stance_model::view::{CheckView, ResultView};
use stance_model::{CheckStatus, Provider, ReasonKind};
use stance_service::{ScanOptions, ScanSummary};

use crate::scene::{ALL, Scene};

/// The InstanceTypes of the API's reference.
const INSTANCE_TYPES: [&str; 22] = [
    "ACR",
    "ACTIONTRAIL",
    "CAS",
    "CDN",
    "CSK",
    "DDOS",
    "ECS",
    "EIP",
    "KVSTORE",
    "MONGODB",
    "MSE",
    "NAS",
    "OSS",
    "POLARDB",
    "POSTGRESQL",
    "RAM",
    "RDC",
    "RDS",
    "SDDP",
    "SLB",
    "VPC",
    "WAF",
];

async fn scanned() -> (Scene, ScanSummary) {
    let scene = Scene::new().await;
    let file: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/estate/estate.jsonl");
    let summary = scene
        .service
        .scan(&scene.caller, &[file], ScanOptions::default())
        .await
        .unwrap();
    (scene, summary)
}

async fn checks(scene: &Scene) -> Vec<CheckView> {
    scene
        .service
        .list_check_result(&scene.caller, &CheckQuery::default(), ALL)
        .await
        .unwrap()
        .items
}

fn by_status<'c>(
    checks: impl Iterator<Item = &'c CheckView>,
) -> BTreeMap<CheckStatus, Vec<&'c CheckView>> {
    checks.fold(BTreeMap::new(), |mut groups, check| {
        groups.entry(check.status).or_default().push(check);
        groups
    })
}

#[tokio::test]
async fn it_is_large_enough_and_has_every_instance_type() {
    let (scene, summary) = scanned().await;
    assert!(summary.assets >= 300, "{}", summary.assets);
    assert!(summary.partial, "something could not be read");
    let checks = checks(&scene).await;
    let judged = |provider: Provider| -> BTreeSet<String> {
        checks
            .iter()
            .filter(|check| check.provider == provider && check.counts.total() > 0)
            .map(|check| check.instance_type.clone())
            .collect()
    };
    let aliyun = judged(Provider::Aliyun);
    for wanted in INSTANCE_TYPES {
        assert!(aliyun.contains(wanted), "{wanted} is not in {aliyun:?}");
    }
    for provider in [
        Provider::Aws,
        Provider::Azure,
        Provider::Tencent,
        Provider::Huawei,
    ] {
        assert!(!judged(provider).is_empty(), "{provider:?}");
    }
}

#[tokio::test]
async fn its_checks_spread_over_the_statuses() {
    let (scene, _) = scanned().await;
    let checks = checks(&scene).await;
    let all = by_status(checks.iter());
    let count = |status| all.get(&status).map_or(0, Vec::len);
    let shown: BTreeMap<_, _> = all
        .iter()
        .map(|(status, checks)| (status, checks.len()))
        .collect();
    // Of many types of the other clouds the estate has no asset, so that their checks have nothing to judge.
    assert!(count(CheckStatus::NotPass) >= 100, "{shown:?}");
    assert!(count(CheckStatus::Pass) >= 30, "{shown:?}");
    assert!((8..=40).contains(&count(CheckStatus::Failed)), "{shown:?}");
    assert!(
        (2..=80).contains(&count(CheckStatus::NotCheck)),
        "{shown:?}"
    );
    assert_eq!(shown.len(), 4, "no other status: {shown:?}");
}

#[tokio::test]
async fn the_legacy_items_spread_too_and_every_group_has_a_failure() {
    let (scene, _) = scanned().await;
    let checks = checks(&scene).await;
    let legacy = by_status(checks.iter().filter(|check| check.legacy.is_some()));
    let of = |status| legacy.get(&status).map_or(&[][..], Vec::as_slice);
    assert_eq!(legacy.values().map(Vec::len).sum::<usize>(), 45);
    assert!(of(CheckStatus::NotPass).len() >= 25);
    assert!(of(CheckStatus::Failed).len() >= 4);
    assert!(of(CheckStatus::Pass).len() >= 8);
    let groups: BTreeSet<i64> = of(CheckStatus::NotPass)
        .iter()
        .filter_map(|check| check.legacy.as_ref())
        .map(|item| item.group)
        .collect();
    assert_eq!(groups, (1..=6).collect());
}

#[tokio::test]
async fn what_could_not_be_read_is_of_several_kinds() {
    let (scene, _) = scanned().await;
    let checks = checks(&scene).await;
    let all = by_status(checks.iter());
    let kinds = |status| -> BTreeSet<ReasonKind> {
        all[&status]
            .iter()
            .filter_map(|check| check.reason.as_ref())
            .map(|reason| reason.kind)
            .collect()
    };
    let failed = kinds(CheckStatus::Failed);
    for kind in [
        ReasonKind::NoPermission,
        ReasonKind::Throttled,
        ReasonKind::Unavailable,
        ReasonKind::BadResponse,
        ReasonKind::MissingFact,
    ] {
        assert!(failed.contains(&kind), "{kind:?} is not in {failed:?}");
    }
    assert!(kinds(CheckStatus::NotCheck).contains(&ReasonKind::NotActivated));
}

/// What the failures of a check say, in English.
async fn failures(scene: &Scene, check_id: i64) -> String {
    let query = InstanceQuery {
        statuses: vec![CheckStatus::NotPass],
        ..InstanceQuery::default()
    };
    let said = |result: &ResultView| format!("{:?}", result.evidence);
    let results = scene.results(check_id, &query).await;
    results.iter().map(said).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn open_whitelists_and_reachable_origins_are_found_in_every_disguise() {
    let (scene, _) = scanned().await;
    for (check_id, traps) in [
        (4, &["tcp/9000 from 0.0.0.0/0"][..]),
        (5, &["::/0", "0.0.0.0/1", "128.0.0.0/1"]),
        (7, &["http/80 has no white list", "tcp/443 from 0.0.0.0/0"]),
        (14, &["::/0", "0.0.0.0/0"]),
        (19, &["0.0.0.0/1", "128.0.0.0/1", "Close"]),
        (37, &["from ::/0", "128.0.0.0/1", "prefix list"]),
    ] {
        let said = failures(&scene, check_id).await;
        for trap in traps {
            assert!(said.contains(trap), "{check_id}: {trap} is not in\n{said}");
        }
    }
}
