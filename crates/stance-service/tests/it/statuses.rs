//! Every status of a check, from real states.

use jiff::SignedDuration;
use serde_json::json;
use stance_model::query::{CheckQuery, CheckRef, CheckSort, InstanceQuery};
use stance_model::view::ResultReason;
use stance_model::{CheckId, CheckStatus, Clock, ReasonKind};
use stance_service::NewException;
use stance_store::NewTask;

use crate::scene::{ALL, Scene, cover, disk, ended};

const CHECK: &str = "ali.ecs.disk_encryption";
const CHECK_ID: i64 = 24;

fn exception(assets: &[&str], expires_ms: Option<i64>) -> NewException {
    NewException {
        check: CheckRef::Key(CHECK.to_owned()),
        asset_ids: assets.iter().map(|id| (*id).to_owned()).collect(),
        reason: "known".to_owned(),
        expires_ms,
    }
}

#[tokio::test]
async fn a_check_is_not_check_pass_not_pass_failed_and_whitelist() {
    let scene = Scene::new().await;
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::NotCheck);
    scene
        .scan(&ended(vec![cover("aliyun/ecs/disk", "ok")]))
        .await;
    let empty = scene.check(CHECK).await;
    assert_eq!(
        (empty.status, empty.counts.total()),
        (CheckStatus::NotCheck, 0)
    );
    assert!(empty.last_ms.is_some(), "it ran and had nothing to judge");
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", true),
        ]))
        .await;
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::Pass);
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", true),
            disk("d-2", false),
        ]))
        .await;
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::NotPass);
    scene
        .service
        .add_exception(&scene.caller, exception(&["d-2"], None))
        .await
        .unwrap();
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::Whitelist);
    scene
        .scan(&ended(vec![cover("aliyun/ecs/disk", "failed")]))
        .await;
    let failed = scene.check(CHECK).await;
    assert_eq!(failed.status, CheckStatus::Failed);
    assert_eq!(failed.reason.unwrap().kind, ReasonKind::Throttled);
    assert_eq!(
        scene
            .results(CHECK_ID, &InstanceQuery::default())
            .await
            .len(),
        2,
        "nothing is gone"
    );
}

#[tokio::test]
async fn not_activated_is_not_check_and_says_so() {
    let scene = Scene::new().await;
    scene
        .scan(&ended(vec![cover("aliyun/ecs/disk", "not_activated")]))
        .await;
    let check = scene.check(CHECK).await;
    assert_eq!(
        (check.status, check.reason.unwrap().kind),
        (CheckStatus::NotCheck, ReasonKind::NotActivated)
    );
}

#[tokio::test]
async fn an_instance_that_could_not_be_read_fails_the_check_with_its_reason() {
    let scene = Scene::new().await;
    let mut unread = disk("d-2", true);
    unread["asset"]["unknown"] =
        json!({"list": {"kind": "no_permission", "code": "Forbidden.RAM"}});
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", true),
            unread,
        ]))
        .await;
    let check = scene.check(CHECK).await;
    assert_eq!(check.status, CheckStatus::Failed);
    let reason = check.reason.unwrap();
    assert_eq!(
        (reason.kind, reason.code.as_deref()),
        (ReasonKind::NoPermission, Some("Forbidden.RAM"))
    );
    let results = scene.results(CHECK_ID, &InstanceQuery::default()).await;
    assert_eq!(results[0].status, CheckStatus::Pass);
    assert_eq!(results[1].status, CheckStatus::NotCheck);
    assert!(
        matches!(&results[1].reason, Some(ResultReason::Unread(r)) if r.kind == ReasonKind::NoPermission)
    );
}

#[tokio::test]
async fn a_running_task_is_checking_and_verdicts_stay_visible() {
    let scene = Scene::new().await;
    let mut unread = disk("d-3", true);
    unread["asset"]["unknown"] = json!({"list": {"kind": "timeout"}});
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", true),
            disk("d-2", false),
            unread,
        ]))
        .await;
    let now = Clock::System.now_ms();
    let task = NewTask {
        kind: "scan".to_owned(),
        source: "test".to_owned(),
        checks: vec![CheckId::new(CHECK_ID).unwrap()],
        lease_ms: 60_000,
    };
    let lease = scene
        .store
        .create_task(&scene.caller.tenant, &task, now)
        .await
        .unwrap();
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::Checking);
    assert_ne!(
        scene.check("ali.ecs.auto_snapshot").await.status,
        CheckStatus::Checking
    );
    let shown = |results: Vec<stance_model::view::ResultView>| {
        results.iter().map(|r| r.status).collect::<Vec<_>>()
    };
    let of = |statuses: &[CheckStatus]| InstanceQuery {
        statuses: statuses.to_vec(),
        ..InstanceQuery::default()
    };
    let all = shown(scene.results(CHECK_ID, &InstanceQuery::default()).await);
    assert_eq!(
        all,
        [
            CheckStatus::Pass,
            CheckStatus::NotPass,
            CheckStatus::Checking
        ]
    );
    assert_eq!(
        shown(scene.results(CHECK_ID, &of(&[CheckStatus::Checking])).await),
        [CheckStatus::Checking]
    );
    assert!(
        scene
            .results(CHECK_ID, &of(&[CheckStatus::NotCheck]))
            .await
            .is_empty()
    );
    scene
        .store
        .finish_task(&lease, stance_store::TaskState::Done, "", now)
        .await
        .unwrap();
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::NotPass);
    assert!(
        scene
            .results(CHECK_ID, &of(&[CheckStatus::Checking]))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn an_exception_ends_by_itself() {
    let scene = Scene::new().await;
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-2", false),
        ]))
        .await;
    let now = Clock::System.now();
    let until = now.checked_add(SignedDuration::from_hours(1)).unwrap();
    scene
        .service
        .add_exception(&scene.caller, exception(&[], Some(until.as_millisecond())))
        .await
        .unwrap();
    assert_eq!(scene.check(CHECK).await.status, CheckStatus::Whitelist);
    let tomorrow = scene.later(Clock::Fixed(
        now.checked_add(SignedDuration::from_hours(24)).unwrap(),
    ));
    let query = CheckQuery {
        check_ids: vec![CHECK_ID],
        ..CheckQuery::default()
    };
    let found = tomorrow
        .list_check_result(&scene.caller, &query, ALL)
        .await
        .unwrap();
    assert_eq!(found.items[0].status, CheckStatus::NotPass);
    assert!(
        tomorrow
            .list_exceptions(&scene.caller)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn sorts_are_by_risk_and_by_the_order_of_statuses() {
    let scene = Scene::new().await;
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", false),
        ]))
        .await;
    let query = CheckQuery {
        sort: vec![CheckSort::Status, CheckSort::RiskLevel],
        ..CheckQuery::default()
    };
    let found = scene
        .service
        .list_check_result(&scene.caller, &query, ALL)
        .await
        .unwrap()
        .items;
    let keys: Vec<_> = found
        .iter()
        .map(|c| (c.status, std::cmp::Reverse(c.risk_level)))
        .collect();
    assert!(keys.is_sorted());
    assert_eq!(found[0].status, CheckStatus::NotPass);
}

#[tokio::test]
async fn a_filter_by_assets_judges_over_those_assets_only() {
    let scene = Scene::new().await;
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", true),
            disk("d-2", false),
        ]))
        .await;
    for (id, status) in [("d-1", CheckStatus::Pass), ("d-2", CheckStatus::NotPass)] {
        let query = CheckQuery {
            instance_ids: vec![id.to_owned()],
            check_ids: vec![CHECK_ID],
            ..CheckQuery::default()
        };
        let found = scene
            .service
            .list_check_result(&scene.caller, &query, ALL)
            .await
            .unwrap();
        assert_eq!((found.total, found.items[0].status), (1, status), "{id}");
    }
    let nobody = CheckQuery {
        instance_ids: vec!["d-9".to_owned()],
        ..CheckQuery::default()
    };
    assert_eq!(
        scene
            .service
            .list_check_result(&scene.caller, &nobody, ALL)
            .await
            .unwrap()
            .total,
        0
    );
}

#[tokio::test]
async fn without_coverage_no_check_passes() {
    for status in [None, Some("not_activated"), Some("not_offered")] {
        let scene = Scene::new().await;
        let mut records: Vec<_> = status
            .map(|s| cover("aliyun/ecs/disk", s))
            .into_iter()
            .collect();
        records.push(disk("d-1", true));
        scene.scan(&ended(records)).await;
        let check = scene.check(CHECK).await;
        assert_eq!(check.status, CheckStatus::Failed, "{status:?}");
        assert_eq!(check.reason.unwrap().kind, ReasonKind::NotCollected);
        let results = scene.results(CHECK_ID, &InstanceQuery::default()).await;
        assert_eq!(
            results[0].status,
            CheckStatus::Pass,
            "of this disk everything was read"
        );
    }
}
