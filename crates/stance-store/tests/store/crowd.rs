//! Many at once: no deadlock, no lost update, counters as the rows.

use stance_model::CoverageStatus::Ok;
use stance_model::ResultStatus;
use stance_model::query::PageRequest;
use stance_store::{ResultFilter, TaskState};

use crate::exceptions::exception;
use crate::support::{Scene, batch, on_both};

on_both!(writers_and_readers_at_once);

async fn writers_and_readers_at_once(scene: &Scene) {
    let mut crowd = tokio::task::JoinSet::new();
    for worker in 0..6_usize {
        let (store, tenant) = (scene.store.clone(), scene.tenant.clone());
        let lease = scene.task(1_000).await;
        crowd.spawn(async move {
            for round in 0..8_usize {
                // Accounts are shared by workers, and some of them are new to all.
                let account = format!("{}", (worker + round) % 4 + round / 4 * 10);
                let mut found = batch(&account).cover(Ok);
                for at in 0..40 {
                    let status = ResultStatus::ALL[(at * 7 + worker + round) % 4];
                    found = found.with(&format!("rm-{at}"), 1, status).result(2, status);
                }
                store
                    .commit_account(&lease, &found.done(), 2_000)
                    .await
                    .unwrap();
                store.renew(&lease, 1, 8, 2_000).await.unwrap();
                store.rollups(&tenant, None).await.unwrap();
            }
            store
                .finish_task(&lease, TaskState::Done, "", 3_000)
                .await
                .unwrap();
        });
    }
    for id in [1, 2] {
        let (store, tenant) = (scene.store.clone(), scene.tenant.clone());
        crowd.spawn(async move {
            for round in 0..10 {
                let named = format!("rm-{round}");
                let whole = exception(id, &[], None);
                let part = exception(id, &[&named, "rm-39"], Some(5_500));
                let whole = store.add_exception(&tenant, &whole).await.unwrap();
                store.add_exception(&tenant, &part).await.unwrap();
                store
                    .remove_exception(&tenant, whole.id, 5_400)
                    .await
                    .unwrap();
                store.expire_exceptions(&tenant, 5_600).await.unwrap();
                store.recover_tasks(5).await.unwrap();
                store.use_nonce("key", &named, 5_000, 1).await.unwrap();
            }
            store
                .add_exception(&tenant, &exception(id, &["rm-7"], None))
                .await
                .unwrap();
        });
    }
    let (store, tenant) = (scene.store.clone(), scene.tenant.clone());
    crowd.spawn(async move {
        for _ in 0..40 {
            let page = PageRequest {
                number: 1,
                size: 1_000,
            };
            let page = store
                .list_results(&tenant, &ResultFilter::default(), page)
                .await
                .unwrap();
            assert_eq!(
                page.total,
                page.items.len() as u64,
                "counters and rows are of one state"
            );
        }
    });
    while let Some(done) = crowd.join_next().await {
        done.unwrap();
    }
}
