//! Exceptions: what they cover, and what happens when they end.

use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus::{Fail, Pass, Unknown};
use stance_model::exception::Exception;
use stance_model::view::Counts;
use stance_model::{CheckStatus, TenantId};
use stance_store::ResultFilter;

use crate::support::{RDS, SHANGHAI, Scene, batch, check, on_both};

on_both!(
    an_exception_covers_failures_only,
    named_assets_only,
    new_failures_are_covered,
    the_oldest_of_several_covers,
    an_exception_expires,
    exceptions_of_another_tenant_or_check_do_nothing,
    many_named_assets,
);

pub(crate) fn exception(id: i64, assets: &[&str], expires_ms: Option<i64>) -> Exception {
    Exception {
        id: 0,
        check_id: check(id),
        asset_ids: assets.iter().map(|a| (*a).to_owned()).collect(),
        reason: format!("accepted {assets:?}"),
        author: "ops".into(),
        created_ms: 5_000,
        expires_ms,
    }
}

async fn fill(scene: &Scene, now: i64) {
    let lease = scene.task(1_000).await;
    let all = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Fail)
        .with("rm-2", 1, Fail)
        .with("rm-3", 1, Pass);
    let all = all
        .with("rm-4", 1, Unknown)
        .at(SHANGHAI, RDS)
        .cover(Ok)
        .with("rm-1", 1, Fail)
        .done();
    scene.store.commit_account(&lease, &all, now).await.unwrap();
}

async fn covered(scene: &Scene) -> Vec<(String, String, String)> {
    let filter = ResultFilter {
        statuses: vec![CheckStatus::Whitelist],
        ..ResultFilter::default()
    };
    let all = scene.all(&filter).await;
    all.into_iter()
        .map(|r| (r.asset_id, r.region, r.excepted.unwrap()))
        .collect()
}

async fn an_exception_covers_failures_only(scene: &Scene) {
    fill(scene, 2_000).await;
    let added = scene
        .store
        .add_exception(&scene.tenant, &exception(1, &[], None))
        .await
        .unwrap();
    assert!(added.id > 0);
    assert_eq!(
        scene.store.list_exceptions(&scene.tenant).await.unwrap(),
        std::slice::from_ref(&added)
    );
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            excepted: 3,
            unknown: 1,
            ..Counts::default()
        }
    );
    assert!(
        scene
            .store
            .remove_exception(&scene.tenant, added.id, 6_000)
            .await
            .unwrap()
    );
    assert!(
        !scene
            .store
            .remove_exception(&scene.tenant, added.id, 6_000)
            .await
            .unwrap()
    );
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 3,
            unknown: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        scene.store.list_exceptions(&scene.tenant).await.unwrap(),
        []
    );
    assert_eq!(
        scene
            .store
            .history(&scene.tenant, check(1), "rm-2", 9)
            .await
            .unwrap()
            .len(),
        1,
        "no status changed"
    );
}

async fn named_assets_only(scene: &Scene) {
    fill(scene, 2_000).await;
    scene
        .store
        .add_exception(
            &scene.tenant,
            &exception(1, &["rm-1", "rm-3", "rm-9"], None),
        )
        .await
        .unwrap();
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 1,
            excepted: 2,
            unknown: 1,
            ..Counts::default()
        }
    );
    let regions: Vec<_> = covered(scene)
        .await
        .into_iter()
        .map(|(id, region, _)| (id, region))
        .collect();
    assert_eq!(
        regions,
        [
            ("rm-1".into(), "cn-hangzhou".into()),
            ("rm-1".into(), SHANGHAI.into())
        ]
    );
}

async fn new_failures_are_covered(scene: &Scene) {
    scene
        .store
        .add_exception(&scene.tenant, &exception(1, &["rm-2", "rm-3"], None))
        .await
        .unwrap();
    fill(scene, 6_000).await;
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 2,
            excepted: 1,
            unknown: 1,
            ..Counts::default()
        }
    );
    let lease = scene.task(7_000).await;
    let swapped = batch("1")
        .with("rm-2", 1, Pass)
        .with("rm-3", 1, Fail)
        .done();
    scene
        .store
        .commit_account(&lease, &swapped, 7_000)
        .await
        .unwrap();
    assert_eq!(covered(scene).await.len(), 1);
    assert_eq!(covered(scene).await[0].0, "rm-3");
    assert_eq!(scene.result(1, "rm-2").await.unwrap().excepted, None);
}

async fn the_oldest_of_several_covers(scene: &Scene) {
    fill(scene, 2_000).await;
    let mut ids = Vec::new();
    for assets in [&["rm-1"][..], &[], &["rm-2"]] {
        ids.push(
            scene
                .store
                .add_exception(&scene.tenant, &exception(1, assets, None))
                .await
                .unwrap()
                .id,
        );
    }
    let reasons = async || {
        covered(scene)
            .await
            .into_iter()
            .map(|(_, _, reason)| reason)
            .collect::<Vec<_>>()
    };
    let (first, whole, last) = ("accepted [\"rm-1\"]", "accepted []", "accepted [\"rm-2\"]");
    assert_eq!(reasons().await, [first, first, whole]);
    scene
        .store
        .remove_exception(&scene.tenant, ids[0], 6_000)
        .await
        .unwrap();
    assert_eq!(reasons().await, [whole; 3]);
    scene
        .store
        .remove_exception(&scene.tenant, ids[1], 6_000)
        .await
        .unwrap();
    assert_eq!(reasons().await, [last]);
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 2,
            excepted: 1,
            unknown: 1,
            ..Counts::default()
        }
    );
}

async fn an_exception_expires(scene: &Scene) {
    fill(scene, 2_000).await;
    let dead = scene
        .store
        .add_exception(&scene.tenant, &exception(1, &[], Some(5_000)))
        .await
        .unwrap();
    assert_eq!(
        scene.counts(1).await.excepted,
        0,
        "expired when it was made"
    );
    scene
        .store
        .add_exception(&scene.tenant, &exception(1, &["rm-1"], Some(8_000)))
        .await
        .unwrap();
    let kept = scene
        .store
        .add_exception(&scene.tenant, &exception(1, &[], Some(9_000)))
        .await
        .unwrap();
    assert_eq!(scene.counts(1).await.excepted, 3);
    assert!(
        scene
            .store
            .remove_exception(&scene.tenant, dead.id, 5_001)
            .await
            .unwrap()
    );
    assert_eq!(
        scene
            .store
            .expire_exceptions(&scene.tenant, 7_999)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        scene
            .store
            .expire_exceptions(&scene.tenant, 8_000)
            .await
            .unwrap(),
        1
    );
    assert_eq!(scene.counts(1).await.excepted, 3, "the other one covers");
    assert_eq!(
        scene.store.list_exceptions(&scene.tenant).await.unwrap(),
        [kept]
    );
    assert_eq!(
        scene
            .store
            .expire_exceptions(&scene.tenant, 9_000)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 3,
            unknown: 1,
            ..Counts::default()
        }
    );
    fill(scene, 9_500).await;
    assert_eq!(scene.counts(1).await.excepted, 0);
}

async fn exceptions_of_another_tenant_or_check_do_nothing(scene: &Scene) {
    fill(scene, 2_000).await;
    let other = TenantId::new("other").unwrap();
    let theirs = scene
        .store
        .add_exception(&other, &exception(1, &[], None))
        .await
        .unwrap();
    scene
        .store
        .add_exception(&scene.tenant, &exception(2, &[], None))
        .await
        .unwrap();
    assert_eq!(scene.counts(1).await.excepted, 0);
    assert!(
        !scene
            .store
            .remove_exception(&scene.tenant, theirs.id, 6_000)
            .await
            .unwrap()
    );
    assert_eq!(scene.store.list_exceptions(&other).await.unwrap(), [theirs]);
}

async fn many_named_assets(scene: &Scene) {
    fill(scene, 2_000).await;
    let names: Vec<String> = (0..7_000)
        .map(|at| format!("x-{at}"))
        .chain(["rm-2".to_owned()])
        .collect();
    let many = Exception {
        asset_ids: names,
        ..exception(1, &[], None)
    };
    scene
        .store
        .add_exception(&scene.tenant, &many)
        .await
        .unwrap();
    assert_eq!(scene.counts(1).await.excepted, 1);
    let more = Exception {
        asset_ids: vec![String::new(); 10_001],
        ..exception(1, &[], None)
    };
    let error = scene
        .store
        .add_exception(&scene.tenant, &more)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("10001, and at most 10000"),
        "{error}"
    );
}
