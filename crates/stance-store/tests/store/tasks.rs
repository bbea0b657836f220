//! Tasks and their leases.

use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus::Fail;
use stance_store::{NewTask, StoreError, TaskState};

use crate::support::{Scene, batch, check, on_both};

on_both!(
    a_task_runs_and_ends,
    a_lost_lease_stores_nothing,
    an_unrenewed_task_is_recovered
);

async fn a_task_runs_and_ends(scene: &Scene) {
    let task = NewTask {
        kind: "scan".into(),
        source: "estate.jsonl".into(),
        checks: vec![check(3), check(1), check(3)],
        lease_ms: 10,
    };
    let lease = scene
        .store
        .create_task(&scene.tenant, &task, 1_000)
        .await
        .unwrap();
    let running = scene.store.running(&scene.tenant, 1_009).await.unwrap();
    assert_eq!(running.len(), 1);
    assert_eq!(
        (running[0].id, running[0].state),
        (lease.task_id(), TaskState::Running)
    );
    assert_eq!(running[0].checks, [check(1), check(3)]);
    assert_eq!(
        scene.store.running(&scene.tenant, 1_010).await.unwrap(),
        [],
        "the lease is out"
    );
    scene.store.renew(&lease, 5, 9, 1_010).await.unwrap();
    let running = scene.store.running(&scene.tenant, 1_019).await.unwrap();
    assert_eq!(
        (running[0].done, running[0].total, running[0].lease_until_ms),
        (5, 9, 1_020)
    );
    scene.store.keep_alive(&lease, 1_015).await.unwrap();
    let running = scene.store.running(&scene.tenant, 1_024).await.unwrap();
    assert_eq!(
        (running[0].done, running[0].total, running[0].lease_until_ms),
        (5, 9, 1_025)
    );
    scene
        .store
        .finish_task(&lease, TaskState::Partial, "a region failed", 1_015)
        .await
        .unwrap();
    let tasks = scene.store.tasks(&scene.tenant, 1).await.unwrap();
    assert_eq!(
        (tasks[0].state, tasks[0].ended_ms),
        (TaskState::Partial, Some(1_015))
    );
    assert_eq!(
        (tasks[0].message.as_str(), tasks[0].source.as_str()),
        ("a region failed", "estate.jsonl")
    );
    let next = scene.task(2_000).await;
    assert!(next.task_id() > lease.task_id());
    assert_eq!(
        scene.store.tasks(&scene.tenant, 1).await.unwrap()[0].id,
        next.task_id(),
        "latest first"
    );
}

async fn a_lost_lease_stores_nothing(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let found = batch("1").cover(Ok).with("rm-1", 1, Fail).done();
    scene
        .store
        .finish_task(&lease, TaskState::Cancelled, "", 2_000)
        .await
        .unwrap();
    let error = scene
        .store
        .commit_account(&lease, &found, 2_000)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { task_id } if task_id == lease.task_id()));
    let error = scene.store.keep_alive(&lease, 2_000).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }));
    let error = scene.store.renew(&lease, 0, 0, 2_000).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }));
    let error = scene
        .store
        .finish_task(&lease, TaskState::Done, "", 2_000)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }) && !error.is_transient());
    assert_eq!(scene.store.accounts(&scene.tenant).await.unwrap(), []);
}

async fn an_unrenewed_task_is_recovered(scene: &Scene) {
    let (dead, alive) = (scene.task(1_000).await, scene.task(1_000).await);
    scene.store.renew(&alive, 1, 2, 30_000).await.unwrap();
    assert_eq!(scene.store.recover_tasks(60_999).await.unwrap(), 0);
    assert_eq!(scene.store.recover_tasks(61_000).await.unwrap(), 1);
    let tasks = scene.store.tasks(&scene.tenant, 9).await.unwrap();
    assert_eq!(
        (tasks[1].state, tasks[1].message.as_str()),
        (TaskState::Failed, "interrupted")
    );
    let found = batch("1").cover(Ok).with("rm-1", 1, Fail).done();
    let error = scene
        .store
        .commit_account(&dead, &found, 61_001)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }));
    scene
        .store
        .commit_account(&alive, &found, 61_001)
        .await
        .unwrap();
}
