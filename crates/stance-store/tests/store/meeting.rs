//! Commits that meet: of parts, of two tasks, of an older and a newer one.

use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus;
use stance_model::ResultStatus::{Fail, Pass, Unknown};
use stance_model::view::Counts;
use stance_store::{CheckBatch, CommitStats};

use crate::support::{RDS, SHANGHAI, Scene, batch, check, on_both};

on_both!(
    what_changed_in_between_is_not_taken_for_unchanged,
    what_is_not_in_the_batch_is_left_alone,
    two_tasks_interleaved_never_harm_each_other,
    a_stale_older_task_overwrites_nothing,
    a_wholly_stale_check_has_not_looked,
);

/// What a check found is compared by a digest with what it last found; the rows may have changed since.
async fn what_changed_in_between_is_not_taken_for_unchanged(scene: &Scene) {
    let (old, new) = (scene.task(1_000).await, scene.task(1_000).await);
    let both = batch("1")
        .with("rm-1", 1, Fail)
        .with("rm-2", 1, Fail)
        .done();
    let status = async || {
        [scene.result(1, "rm-1").await, scene.result(1, "rm-2").await].map(|r| r.map(|r| r.status))
    };
    scene
        .store
        .commit_account(&new, &both, 2_000)
        .await
        .unwrap();
    scene
        .store
        .commit_account(&old, &batch("1").with("rm-1", 1, Pass).done(), 2_100)
        .await
        .unwrap();
    assert_eq!(status().await, [Some(Pass), Some(Fail)]);
    scene
        .store
        .commit_account(&new, &both, 2_200)
        .await
        .unwrap();
    assert_eq!(status().await, [Some(Fail), Some(Fail)]);
    // Another check sees that an asset is gone.
    scene
        .store
        .commit_account(
            &new,
            &batch("1").cover(Ok).with("rm-1", 2, Pass).done(),
            2_300,
        )
        .await
        .unwrap();
    assert_eq!(status().await, [Some(Fail), None]);
    let stats = scene
        .store
        .commit_account(&new, &both, 2_400)
        .await
        .unwrap();
    assert_eq!(status().await, [Some(Fail), Some(Fail)]);
    assert_eq!((stats.results_written, stats.results_unchanged), (1, 1));
}

async fn what_is_not_in_the_batch_is_left_alone(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let all = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Fail)
        .result(2, Fail)
        .with("rm-2", 1, Fail)
        .result(2, Fail)
        .done();
    scene
        .store
        .commit_account(&lease, &all, 2_000)
        .await
        .unwrap();
    let part = batch("1").with("rm-1", 2, Pass).done();
    scene
        .store
        .commit_account(&lease, &part, 3_000)
        .await
        .unwrap();
    let of = async |id, asset: &str| {
        let result = scene.result(id, asset).await.unwrap();
        (result.status, result.last_ms)
    };
    assert_eq!(of(1, "rm-1").await, (Fail, 2_000));
    assert_eq!(of(2, "rm-1").await, (Pass, 3_000));
    assert_eq!(of(2, "rm-2").await, (Fail, 2_000));
}

async fn two_tasks_interleaved_never_harm_each_other(scene: &Scene) {
    let (one, two) = (scene.task(1_000).await, scene.task(1_000).await);
    let hangzhou = |s: ResultStatus| batch("1").cover(Ok).with("rm-1", 1, s).done();
    let shanghai = |s: ResultStatus| {
        batch("1")
            .at(SHANGHAI, RDS)
            .cover(Ok)
            .with("rm-1", 1, s)
            .result(2, s)
            .done()
    };
    scene
        .store
        .commit_account(&one, &hangzhou(Fail), 2_000)
        .await
        .unwrap();
    scene
        .store
        .commit_account(&two, &shanghai(Fail), 2_100)
        .await
        .unwrap();
    scene
        .store
        .commit_account(&one, &hangzhou(Pass), 2_200)
        .await
        .unwrap();
    scene
        .store
        .commit_account(&two, &shanghai(Unknown), 2_300)
        .await
        .unwrap();
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            unknown: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        scene.counts(2).await,
        Counts {
            unknown: 1,
            ..Counts::default()
        }
    );
    let rollups = scene.store.rollups(&scene.tenant, None).await.unwrap();
    assert!(
        rollups
            .iter()
            .all(|r| r.task_id == two.task_id() && r.last_ms == 2_300)
    );
}

async fn a_stale_older_task_overwrites_nothing(scene: &Scene) {
    let (old, new) = (scene.task(1_000).await, scene.task(1_000).await);
    scene
        .store
        .commit_account(
            &new,
            &batch("1").cover(Ok).with("rm-1", 1, Fail).done(),
            2_000,
        )
        .await
        .unwrap();
    let late = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Pass)
        .with("rm-2", 1, Pass);
    let late = late
        .at(SHANGHAI, RDS)
        .cover(Ok)
        .with("rm-3", 1, Pass)
        .done();
    let stats = scene
        .store
        .commit_account(&old, &late, 3_000)
        .await
        .unwrap();
    assert_eq!(
        stats,
        CommitStats {
            assets_new: 1,
            results_written: 1,
            stale: 2,
            ..CommitStats::default()
        }
    );
    assert_eq!(
        scene.counts(1).await,
        Counts {
            pass: 1,
            fail: 1,
            ..Counts::default()
        }
    );
    let coverage = scene.store.coverage(&scene.tenant).await.unwrap();
    assert_eq!(
        coverage.iter().map(|c| c.task_id).collect::<Vec<_>>(),
        [new.task_id(), old.task_id()]
    );
    // The newer task's note on the check stays.
    assert_eq!(
        scene.store.rollups(&scene.tenant, None).await.unwrap()[0].task_id,
        new.task_id()
    );
}

async fn a_wholly_stale_check_has_not_looked(scene: &Scene) {
    let (old, new) = (scene.task(1_000).await, scene.task(1_000).await);
    scene
        .store
        .commit_account(
            &new,
            &batch("1").cover(Ok).with("rm-1", 1, Fail).done(),
            2_000,
        )
        .await
        .unwrap();
    let mut late = batch("1").cover(Ok).with("rm-1", 2, Pass).done();
    late.results.push(CheckBatch {
        check_id: check(3),
        results: vec![],
    });
    scene
        .store
        .commit_account(&old, &late, 3_000)
        .await
        .unwrap();
    let rollups = scene.store.rollups(&scene.tenant, None).await.unwrap();
    let looked: Vec<_> = rollups.iter().map(|r| r.check_id.get()).collect();
    assert_eq!(
        looked,
        [1, 3],
        "a check that had nothing to judge has looked"
    );
}
