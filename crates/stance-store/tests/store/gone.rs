//! What vanishes, and what only could not be read.

use stance_model::CoverageStatus::{Failed, NotActivated, Ok, Partial};
use stance_model::ResultStatus::{Fail, Pass};
use stance_model::view::Counts;
use stance_store::{CommitStats, StatusChange};

use crate::support::{RDS, SHANGHAI, SLB, Scene, batch, check, on_both};

on_both!(
    vanished_assets_are_closed_and_may_come_back,
    incomplete_coverage_removes_nothing,
    contradicting_coverage_removes_nothing,
);

async fn vanished_assets_are_closed_and_may_come_back(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let both = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Fail)
        .with("rm-2", 1, Pass)
        .result(2, Pass)
        .done();
    scene
        .store
        .commit_account(&lease, &both, 2_000)
        .await
        .unwrap();
    let one = batch("1").cover(Ok).with("rm-1", 1, Fail).done();
    let stats = scene
        .store
        .commit_account(&lease, &one, 3_000)
        .await
        .unwrap();
    assert_eq!(
        (
            stats.assets_gone,
            stats.results_closed,
            stats.results_unchanged
        ),
        (1, 2, 1)
    );
    assert_eq!(scene.result(1, "rm-2").await, None);
    assert_eq!(
        scene.counts(1).await,
        Counts {
            fail: 1,
            ..Counts::default()
        }
    );
    assert_eq!(scene.counts(2).await, Counts::default());
    assert_eq!(scene.store.asset_count(&scene.tenant).await.unwrap(), 1);

    let stats = scene
        .store
        .commit_account(&lease, &both, 4_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_new, stats.results_written), (1, 2));
    assert_eq!(scene.result(1, "rm-2").await.unwrap().first_ms, 4_000);
    let task_id = lease.task_id();
    let history = scene
        .store
        .history(&scene.tenant, check(1), "rm-2", 9)
        .await
        .unwrap();
    let closed = StatusChange {
        at_ms: 3_000,
        task_id,
        from: Some(Pass),
        to: None,
    };
    assert_eq!(
        history,
        [
            StatusChange {
                at_ms: 4_000,
                task_id,
                from: None,
                to: Some(Pass)
            },
            closed
        ]
    );

    let none = batch("1").cover(NotActivated).done();
    let stats = scene
        .store
        .commit_account(&lease, &none, 5_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_gone, stats.results_closed), (2, 3));
}

async fn incomplete_coverage_removes_nothing(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let all = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Fail)
        .at(SHANGHAI, RDS)
        .cover(Ok)
        .with("rm-2", 1, Pass);
    scene
        .store
        .commit_account(&lease, &all.done(), 2_000)
        .await
        .unwrap();
    for status in [Partial, Failed] {
        let none = batch("1").cover(status).done();
        let stats = scene
            .store
            .commit_account(&lease, &none, 3_000)
            .await
            .unwrap();
        assert_eq!(stats, CommitStats::default());
    }
    // Another type, another region, another account: complete, and no word on the others.
    let others = batch("1")
        .at("cn-beijing", RDS)
        .cover(Ok)
        .at(SHANGHAI, SLB)
        .cover(Ok)
        .done();
    scene
        .store
        .commit_account(&lease, &others, 3_000)
        .await
        .unwrap();
    scene
        .store
        .commit_account(&lease, &batch("2").cover(Ok).done(), 3_000)
        .await
        .unwrap();
    assert_eq!(
        scene.counts(1).await,
        Counts {
            fail: 1,
            pass: 1,
            ..Counts::default()
        }
    );
    assert_eq!(scene.result(1, "rm-1").await.unwrap().last_ms, 2_000);
}

async fn contradicting_coverage_removes_nothing(scene: &Scene) {
    let lease = scene.task(1_000).await;
    scene
        .store
        .commit_account(
            &lease,
            &batch("1").cover(Ok).with("rm-1", 1, Fail).done(),
            2_000,
        )
        .await
        .unwrap();
    for both in [
        batch("1").cover(Ok).cover(Failed),
        batch("1").cover(Failed).cover(Ok),
    ] {
        let stats = scene
            .store
            .commit_account(&lease, &both.done(), 3_000)
            .await
            .unwrap();
        assert_eq!(stats.assets_gone, 0);
        assert_eq!(
            scene.store.coverage(&scene.tenant).await.unwrap()[0]
                .coverage
                .status,
            Failed
        );
    }
}
