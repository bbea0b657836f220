//! What a commit does to assets, results, counters and history.

use stance_model::CoverageStatus::{Ok, Partial};
use stance_model::ResultStatus::{Fail, NotApplicable, Pass, Unknown};
use stance_model::view::Counts;
use stance_model::{ResultStatus, TenantId};
use stance_store::{CommitStats, NewResult, ResultFilter, StoreError};

use crate::support::{RDS, SHANGHAI, Scene, aliyun, batch, check, on_both};

on_both!(
    a_first_commit_is_seen_everywhere,
    the_same_batch_twice_changes_nothing_but_times,
    a_change_of_evidence_is_no_change_of_status,
    the_worse_of_two_results_stands,
    a_batch_that_contradicts_itself_stores_nothing,
    five_thousand_rows_and_more,
    tenants_see_only_their_own,
    an_account_keeps_its_name,
);

async fn a_first_commit_is_seen_everywhere(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let first = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Pass)
        .with("rm-2", 1, Fail)
        .with("rm-3", 1, NotApplicable);
    let first = first
        .with("rm-4", 1, Unknown)
        .at(SHANGHAI, RDS)
        .cover(Partial)
        .with("rm-5", 1, Fail)
        .done();
    let stats = scene
        .store
        .commit_account(&lease, &first, 2_000)
        .await
        .unwrap();
    assert_eq!(
        stats,
        CommitStats {
            assets_new: 5,
            results_written: 5,
            ..CommitStats::default()
        }
    );

    let rollups = scene
        .store
        .rollups(&scene.tenant, aliyun("1"))
        .await
        .unwrap();
    let counts = Counts {
        pass: 1,
        fail: 2,
        excepted: 0,
        not_applicable: 1,
        unknown: 1,
    };
    assert_eq!(rollups.len(), 1);
    assert_eq!(rollups[0].counts, counts);
    assert_eq!(
        (rollups[0].task_id, rollups[0].last_ms),
        (lease.task_id(), 2_000)
    );
    assert_eq!(
        scene
            .store
            .rollups(&scene.tenant, aliyun("2"))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        scene
            .store
            .asset_rollups(&scene.tenant, &["rm-2".into(), "rm-9".into()], None)
            .await
            .unwrap()
            .len(),
        1
    );

    let result = scene.result(1, "rm-5").await.unwrap();
    assert_eq!(
        (result.account.as_str(), result.account_name.as_str()),
        ("1", "name of 1")
    );
    assert_eq!(
        (result.region.as_str(), result.asset_name.as_str()),
        (SHANGHAI, "name of rm-5")
    );
    assert_eq!(
        (result.first_ms, result.last_ms, result.status),
        (2_000, 2_000, Fail)
    );
    assert_eq!(result.evidence.as_deref(), Some("{\"items\":[]}"));

    let coverage = scene.store.coverage(&scene.tenant).await.unwrap();
    assert_eq!(
        coverage
            .iter()
            .map(|c| c.coverage.clone())
            .collect::<Vec<_>>(),
        first.coverage
    );
    assert_eq!(scene.store.asset_count(&scene.tenant).await.unwrap(), 5);
    assert_eq!(
        scene.store.accounts(&scene.tenant).await.unwrap()[0].name,
        "name of 1"
    );
}

async fn the_same_batch_twice_changes_nothing_but_times(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let same = batch("1")
        .cover(Ok)
        .with("rm-1", 1, Pass)
        .with("rm-2", 1, Fail)
        .result(2, Unknown)
        .done();
    scene
        .store
        .commit_account(&lease, &same, 2_000)
        .await
        .unwrap();
    let before = scene.all(&ResultFilter::default()).await;
    let stats = scene
        .store
        .commit_account(&lease, &same, 3_000)
        .await
        .unwrap();
    assert_eq!(
        stats,
        CommitStats {
            results_unchanged: 3,
            ..CommitStats::default()
        }
    );
    let after = scene.all(&ResultFilter::default()).await;
    assert!(before.iter().all(|r| r.last_ms == 2_000) && after.iter().all(|r| r.last_ms == 3_000));
    assert_eq!(
        after.iter().map(|r| r.first_ms).collect::<Vec<_>>(),
        [2_000; 3]
    );
    assert_eq!(
        scene
            .store
            .history(&scene.tenant, check(1), "rm-2", 9)
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn a_change_of_evidence_is_no_change_of_status(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut seen = batch("1").with("rm-1", 1, Fail).done();
    scene
        .store
        .commit_account(&lease, &seen, 2_000)
        .await
        .unwrap();
    seen.results[0].results[0].evidence = Some("other".into());
    let stats = scene
        .store
        .commit_account(&lease, &seen, 3_000)
        .await
        .unwrap();
    assert_eq!(stats.results_written, 1);
    let result = scene.result(1, "rm-1").await.unwrap();
    assert_eq!(
        (result.evidence.as_deref(), result.first_ms),
        (Some("other"), 2_000)
    );
    assert_eq!(
        scene
            .store
            .history(&scene.tenant, check(1), "rm-1", 9)
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn the_worse_of_two_results_stands(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let twice =
        batch("1")
            .with("rm-1", 1, Fail)
            .with("rm-1", 1, Pass)
            .with("rm-2", 1, NotApplicable);
    let twice = twice
        .result(1, Unknown)
        .with("rm-3", 1, Pass)
        .result(1, NotApplicable)
        .done();
    let stats = scene
        .store
        .commit_account(&lease, &twice, 2_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_new, stats.results_written), (3, 3));
    let counts = Counts {
        fail: 1,
        unknown: 1,
        not_applicable: 1,
        ..Counts::default()
    };
    assert_eq!(scene.counts(1).await, counts);
}

async fn a_batch_that_contradicts_itself_stores_nothing(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let result = NewResult {
        asset: 7,
        status: Pass,
        reason: None,
        evidence: None,
    };
    let error = scene
        .store
        .commit_account(&lease, &batch("1").asset("rm-1").push(1, result).done(), 1)
        .await;
    assert!(matches!(error, Err(StoreError::Invalid { .. })));
    let mut foreign = batch("1").cover(Ok).done();
    foreign.coverage[0].account = "2".into();
    let error = scene
        .store
        .commit_account(&lease, &foreign, 1)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "coverage of account `2` in the batch of `1`: a batch is of one account"
    );
    assert_eq!(scene.store.asset_count(&scene.tenant).await.unwrap(), 0);
}

async fn five_thousand_rows_and_more(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut many = batch("1").cover(Ok);
    for at in 0..5_200 {
        let status = ResultStatus::ALL[at % 4];
        many = many
            .asset(&format!("rm-{at:05}"))
            .result(1, status)
            .result(2, Pass);
    }
    let mut many = many.done();
    let stats = scene
        .store
        .commit_account(&lease, &many, 2_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_new, stats.results_written), (5_200, 10_400));
    let counts = Counts {
        pass: 1_300,
        fail: 1_300,
        excepted: 0,
        not_applicable: 1_300,
        unknown: 1_300,
    };
    assert_eq!(scene.counts(1).await, counts);
    many.results[1].results[77].status = Fail;
    let stats = scene
        .store
        .commit_account(&lease, &many, 3_000)
        .await
        .unwrap();
    assert_eq!(
        (stats.results_written, stats.results_unchanged),
        (1, 10_399)
    );
    many.assets.iter_mut().for_each(|a| a.name.push('!'));
    scene
        .store
        .commit_account(&lease, &many, 3_500)
        .await
        .unwrap();
    assert_eq!(
        scene.result(1, "rm-05199").await.unwrap().asset_name,
        "name of rm-05199!"
    );
    let stats = scene
        .store
        .commit_account(&lease, &batch("1").cover(Ok).done(), 4_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_gone, stats.results_closed), (5_200, 10_400));
    assert_eq!(scene.counts(1).await, Counts::default());
}

async fn tenants_see_only_their_own(scene: &Scene) {
    let other = TenantId::new("other").unwrap();
    assert_eq!(scene.store.rollups(&other, None).await.unwrap(), []);
    let (mine, theirs) = (scene.task(1_000).await, scene.task_of(&other, 1_000).await);
    scene
        .store
        .commit_account(
            &mine,
            &batch("1").cover(Ok).with("rm-1", 1, Fail).done(),
            2_000,
        )
        .await
        .unwrap();
    scene
        .store
        .commit_account(
            &theirs,
            &batch("1").cover(Ok).with("rm-1", 1, Pass).done(),
            2_000,
        )
        .await
        .unwrap();
    scene
        .store
        .commit_account(&theirs, &batch("1").cover(Ok).done(), 3_000)
        .await
        .unwrap();
    assert_eq!(
        scene.counts(1).await,
        Counts {
            fail: 1,
            ..Counts::default()
        }
    );
    assert_eq!(scene.store.asset_count(&other).await.unwrap(), 0);
    assert_eq!(scene.store.tasks(&other, 9).await.unwrap().len(), 1);
    assert_eq!(
        scene
            .store
            .history(&other, check(1), "rm-1", 9)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        scene
            .store
            .asset_rollups(&other, &["rm-1".into()], None)
            .await
            .unwrap(),
        []
    );
}

async fn an_account_keeps_its_name(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut named = batch("1").done();
    for (given, kept) in [("shop", "shop"), ("", "shop"), ("shop-2", "shop-2")] {
        named.account_name = given.into();
        scene
            .store
            .commit_account(&lease, &named, 2_000)
            .await
            .unwrap();
        assert_eq!(
            scene.store.accounts(&scene.tenant).await.unwrap()[0].name,
            kept
        );
    }
}
