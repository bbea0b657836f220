//! Items of images over several scans: failing, fixed, excepted, unread.

use stance_model::ResultStatus::{Fail, NotApplicable, Pass, Unknown};
use stance_model::exception::Exception;
use stance_model::query::PageRequest;
use stance_model::{CheckId, ResultStatus};
use stance_store::{GroupCount, ImageFilter, ItemCount, ItemResult, ItemState};

use crate::support::{Dice, Scene, check, images, on_both};

on_both!(
    an_item_is_fixed_when_a_later_scan_passes,
    what_cannot_be_read_stays_what_it_was,
    exceptions_count_in_neither,
    groups_count_each_image_once,
    whatever_comes_the_counts_agree_with_the_items
);

/// Scans image `a` once for each status and gives the states of item 1 after each.
async fn states(scene: &Scene, uuid: &str, statuses: &[ResultStatus]) -> Vec<ItemState> {
    let mut states = Vec::new();
    for (at, status) in statuses.iter().enumerate() {
        scan(scene, uuid, &[(1, *status)], 1_000 * (at as i64 + 1)).await;
        states.push(item(scene, uuid, 1).await.state);
    }
    states
}

async fn scan(scene: &Scene, uuid: &str, results: &[(i64, ResultStatus)], now: i64) {
    let lease = scene.task(now).await;
    let batch = images("docker.io").image(uuid, results).done();
    scene
        .store
        .commit_account(&lease, &batch, now)
        .await
        .unwrap();
}

async fn item(scene: &Scene, uuid: &str, id: i64) -> ItemResult {
    let (uuids, checks) = ([uuid.to_owned()], [check(id)]);
    let found = scene
        .store
        .image_item_results(&scene.tenant, &uuids, &checks)
        .await;
    let [item] = <[_; 1]>::try_from(found.unwrap()).unwrap();
    item
}

async fn counts(scene: &Scene, id: i64) -> (u64, u64) {
    let found = scene
        .store
        .image_item_counts(&scene.tenant, &[], &[check(id)])
        .await
        .unwrap();
    found.first().map_or((0, 0), |c| (c.failing, c.fixed))
}

async fn except(scene: &Scene, id: i64, assets: &[&str]) -> i64 {
    let exception = Exception {
        id: 0,
        check_id: check(id),
        asset_ids: assets.iter().map(|a| (*a).to_owned()).collect(),
        reason: "accepted".into(),
        author: "me".into(),
        created_ms: 1,
        expires_ms: None,
    };
    scene
        .store
        .add_exception(&scene.tenant, &exception)
        .await
        .unwrap()
        .id
}

async fn an_item_is_fixed_when_a_later_scan_passes(scene: &Scene) {
    use ItemState::{Failing, Fixed, NotApplicable as Nothing, Passing};
    let seen = states(scene, "a", &[Pass, Fail, Fail, Pass, NotApplicable, Fail]).await;
    assert_eq!(seen, [Passing, Failing, Failing, Fixed, Fixed, Failing]);
    let a = item(scene, "a", 1).await;
    let seen = states(scene, "b", &[NotApplicable, Pass, Fail, NotApplicable]).await;
    assert_eq!(seen, [Nothing, Passing, Failing, Fixed]);
    let b = item(scene, "b", 1).await;
    assert_eq!(
        (a.first_ms, a.last_ms, a.failed_first_ms, a.failed_last_ms),
        (1_000, 6_000, Some(2_000), Some(6_000))
    );
    assert_eq!(
        (b.first_ms, b.last_ms, b.failed_first_ms, b.failed_last_ms),
        (1_000, 4_000, Some(3_000), Some(4_000))
    );
    assert!(a.was_failing && b.was_failing);
    assert_eq!((a.evidence.is_some(), b.evidence.is_some()), (true, false));
    assert_eq!(counts(scene, 1).await, (1, 1));
}

async fn what_cannot_be_read_stays_what_it_was(scene: &Scene) {
    use ItemState::{Failing, Fixed, Passing, Unknown as Unread};
    let seen = states(
        scene,
        "a",
        &[Unknown, Fail, Unknown, Unknown, Pass, Unknown],
    )
    .await;
    assert_eq!(seen, [Unread, Failing, Failing, Failing, Fixed, Fixed]);
    let seen = states(scene, "b", &[Pass, Unknown, Pass]).await;
    assert_eq!(seen, [Passing, Unread, Passing]);
    states(scene, "c", &[Fail, Unknown]).await;
    assert_eq!(counts(scene, 1).await, (1, 1));
    let filter = ImageFilter {
        failing: vec![check(1)],
        ..ImageFilter::default()
    };
    let page = PageRequest { number: 1, size: 9 };
    let page = scene
        .store
        .images(&scene.tenant, &filter, page)
        .await
        .unwrap();
    assert_eq!((page.total, page.items[0].uuid.as_str()), (1, "c"));
}

async fn exceptions_count_in_neither(scene: &Scene) {
    use ItemState::{Excepted, Failing};
    states(scene, "a", &[Fail]).await;
    states(scene, "b", &[Fail]).await;
    let one = except(scene, 1, &["a"]).await;
    assert_eq!(item(scene, "a", 1).await.state, Excepted);
    assert_eq!(
        item(scene, "a", 1).await.excepted.as_deref(),
        Some("accepted")
    );
    assert_eq!(item(scene, "b", 1).await.state, Failing);
    assert_eq!(counts(scene, 1).await, (1, 0));
    // Also when what it needs cannot be read any more, for which no result carries the exception.
    scan(scene, "a", &[(1, Unknown)], 5_000).await;
    scan(scene, "b", &[(1, Unknown)], 5_000).await;
    assert_eq!(item(scene, "a", 1).await.state, Excepted);
    assert_eq!(counts(scene, 1).await, (1, 0));
    let all = except(scene, 1, &[]).await;
    assert_eq!(item(scene, "b", 1).await.state, Excepted);
    assert_eq!(counts(scene, 1).await, (0, 0));
    for id in [one, all] {
        assert!(
            scene
                .store
                .remove_exception(&scene.tenant, id, 6_000)
                .await
                .unwrap()
        );
    }
    assert_eq!(item(scene, "a", 1).await.state, Failing);
    assert_eq!(counts(scene, 1).await, (2, 0));
}

async fn groups_count_each_image_once(scene: &Scene) {
    scan(scene, "a", &[(1, Fail), (2, Fail), (3, Fail)], 1_000).await;
    scan(scene, "b", &[(1, Fail), (2, Pass)], 2_000).await;
    scan(scene, "a", &[(1, Fail), (2, Fail), (3, Pass)], 3_000).await;
    scan(scene, "b", &[(1, Pass), (2, Pass)], 4_000).await;
    let lease = scene.task(5_000).await;
    let batch = images("docker.io")
        .image_of("container", "c", &[(2, Fail)])
        .done();
    scene
        .store
        .commit_account(&lease, &batch, 5_000)
        .await
        .unwrap();
    let ids = |ids: &[i64]| ids.iter().map(|id| check(*id)).collect::<Vec<CheckId>>();
    let groups = [
        ids(&[1, 2, 3]),
        ids(&[3]),
        ids(&[9]),
        ids(&[]),
        ids(&[2, 1]),
    ];
    let all = scene
        .store
        .image_group_counts(&scene.tenant, &[], &groups)
        .await
        .unwrap();
    let count = |failing, fixed, first, last| GroupCount {
        failing,
        fixed,
        first_ms: Some(first),
        last_ms: Some(last),
    };
    let none = GroupCount::default();
    let whole = count(2, 1, 1_000, 5_000);
    assert_eq!(all, [whole, count(0, 1, 1_000, 3_000), none, none, whole]);
    let kinds = ["image".to_owned(), "rootfs".to_owned()];
    let images = scene
        .store
        .image_group_counts(&scene.tenant, &kinds, &groups)
        .await
        .unwrap();
    assert_eq!(images[0], count(1, 1, 1_000, 4_000));
    assert_eq!(
        scene
            .store
            .image_counts_any(&scene.tenant, &kinds, &groups[0])
            .await
            .unwrap(),
        1
    );
    let items = scene
        .store
        .image_item_counts(&scene.tenant, &[], &groups[0])
        .await
        .unwrap();
    let item = |id, failing, fixed| ItemCount {
        check_id: check(id),
        failing,
        fixed,
    };
    assert_eq!(items, [item(1, 1, 1), item(2, 2, 0), item(3, 0, 1)]);
}

/// Chance scans and exceptions; a model in few lines says what must come of them.
async fn whatever_comes_the_counts_agree_with_the_items(scene: &Scene) {
    let mut dice = Dice(0x5eed);
    let uuids = ["a", "b", "c", "d"];
    let mut exceptions = Vec::new();
    let mut last: std::collections::BTreeMap<(&str, i64), ResultStatus> = Default::default();
    let mut failed: std::collections::BTreeSet<(&str, i64)> = Default::default();
    for step in 1..60 {
        let now = step * 1_000;
        match dice.roll(6) {
            0 => exceptions
                .push(except(scene, 1 + dice.roll(3) as i64, &uuids[..dice.roll(3)]).await),
            1 if !exceptions.is_empty() => {
                let id = exceptions.swap_remove(dice.roll(exceptions.len()));
                scene
                    .store
                    .remove_exception(&scene.tenant, id, now)
                    .await
                    .unwrap();
            }
            _ => {
                let uuid = uuids[dice.roll(uuids.len())];
                let results: Vec<_> = (1..4)
                    .map(|id| (id, ResultStatus::ALL[dice.roll(4)]))
                    .collect();
                scan(scene, uuid, &results, now).await;
                for (id, status) in results {
                    if status == Fail {
                        failed.insert((uuid, id));
                    }
                    if status != Unknown {
                        last.insert((uuid, id), status);
                    }
                }
            }
        }
        let names = uuids.map(str::to_owned);
        let all = scene
            .store
            .image_item_results(&scene.tenant, &names, &[])
            .await
            .unwrap();
        for item in &all {
            let key = (
                uuids[uuids.iter().position(|u| *u == item.uuid).unwrap()],
                item.check_id.get(),
            );
            let fails = last.get(&key) == Some(&Fail);
            assert_eq!(
                matches!(item.state, ItemState::Failing | ItemState::Excepted),
                fails,
                "{item:?}"
            );
            assert_eq!(
                item.state == ItemState::Fixed,
                failed.contains(&key) && !fails,
                "{item:?}"
            );
            assert_eq!(item.was_failing, failed.contains(&key), "{item:?}");
        }
        for id in 1..4 {
            let of = |state| {
                all.iter()
                    .filter(|i| i.check_id == check(id) && i.state == state)
                    .count() as u64
            };
            assert_eq!(
                counts(scene, id).await,
                (of(ItemState::Failing), of(ItemState::Fixed)),
                "step {step}"
            );
        }
        let any = all
            .iter()
            .filter(|i| i.state == ItemState::Failing)
            .map(|i| i.asset_no);
        let any = any.collect::<std::collections::BTreeSet<_>>().len() as u64;
        let ids = [1, 2, 3].map(check);
        assert_eq!(
            scene
                .store
                .image_counts_any(&scene.tenant, &[], &ids)
                .await
                .unwrap(),
            any
        );
    }
    assert_eq!(scene.store.verify().await.unwrap(), [] as [&str; 0]);
}
