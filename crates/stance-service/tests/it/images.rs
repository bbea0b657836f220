//! Images: what their baselines say over several scans, exceptions and damaged images.

use serde_json::json;
use stance_model::query::{CheckQuery, InstanceQuery, ResultQuery};
use stance_model::{Lang, RiskLevel};
use stance_service::{
    BaselineQuery, Criteria, CriteriaType, ImageQuery, ScanOptions, ScanRange, Scope, ServiceError,
};

use crate::image_scene::{BAD, CLASS, Config, GOOD, PAGE, Scene, asset, container, image, unread};

#[tokio::test]
async fn what_a_rescan_no_longer_finds_is_fixed() {
    let mut scene = Scene::new().await;
    let summary = scene.scan(&[image("u1", "web", BAD)]).await;
    assert!(!summary.partial && summary.assets == 1);
    assert_eq!(
        scene.table("u1").await,
        [
            "shop_users open high 2 1/1/0",
            "shop_ports open low 1 0/0/1"
        ]
    );
    scene.on_day(2);
    let better = Config { user: "app", ..BAD };
    scene.scan(&[image("u1", "web", better)]).await;
    assert_eq!(
        scene.table("u1").await,
        [
            "shop_users open medium 2 0/1/0",
            "shop_ports open low 1 0/0/1"
        ]
    );
    scene.on_day(3);
    scene.scan(&[image("u1", "web", GOOD)]).await;
    assert_eq!(
        scene.table("u1").await,
        [
            "shop_users fixed high 2 0/0/0",
            "shop_ports fixed low 1 0/0/0"
        ]
    );
    let found = scene.baselines("u1", &BaselineQuery::default()).await;
    assert_eq!(
        found[0].last_ms - found[0].first_ms,
        3 * crate::image_scene::DAY_MS
    );
    scene.on_day(4);
    scene.scan(&[image("u1", "web", BAD)]).await;
    assert_eq!(scene.table("u1").await[0], "shop_users open high 2 1/1/0");
}

#[tokio::test]
async fn a_scan_that_could_not_look_changes_nothing() {
    let mut scene = Scene::new().await;
    scene
        .scan(&[image("u1", "web", BAD), image("u2", "api", GOOD)])
        .await;
    let before = scene.table("u1").await;
    scene.on_day(1);
    let damaged = [
        unread(image("u1", "web", BAD)),
        unread(image("u2", "api", GOOD)),
    ];
    let summary = scene.scan(&damaged).await;
    assert!(summary.partial, "something could not be read");
    assert_eq!(scene.table("u1").await, before);
    assert!(scene.table("u2").await.is_empty());
    let detail =
        scene
            .service
            .describe_image_baseline_detail(&scene.caller, "shop_port_22", Some("u2"));
    let detail = detail.await.unwrap();
    assert!(detail.findings.is_empty() && detail.reason.is_some());
}

#[tokio::test]
async fn an_image_that_never_failed_or_is_not_known_has_no_results() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", GOOD)]).await;
    assert!(scene.table("u1").await.is_empty());
    assert!(scene.table("nobody").await.is_empty());
    assert!(scene.items("nobody").await.is_empty());
}

#[tokio::test]
async fn items_chosen_for_a_scan_leave_the_others_as_they_are() {
    let mut scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    scene.on_day(1);
    let options = ScanOptions {
        checks: Some([stance_model::CheckId::new(900_103).unwrap()].into()),
        ..ScanOptions::default()
    };
    let assets = vec![asset(&image("u1", "web", GOOD))];
    let scanned = scene
        .service
        .scan_assets(&scene.caller, assets, "test", options);
    scanned.await.unwrap();
    assert_eq!(
        scene.table("u1").await,
        [
            "shop_users open high 2 1/1/0",
            "shop_ports fixed low 1 0/0/0"
        ]
    );
}

#[tokio::test]
async fn scanning_one_image_closes_no_other() {
    let mut scene = Scene::new().await;
    scene
        .scan(&[image("u1", "web", BAD), image("u2", "api", BAD)])
        .await;
    scene.on_day(1);
    scene.scan(&[image("u2", "api", BAD)]).await;
    assert_eq!(scene.table("u1").await.len(), 2);
}

#[tokio::test]
async fn images_and_containers_are_kept_apart() {
    let scene = Scene::new().await;
    scene
        .scan(&[image("u1", "web", BAD), container("c1", "web-1", BAD)])
        .await;
    let query = |range| BaselineQuery {
        ranges: vec![range],
        ..BaselineQuery::default()
    };
    assert_eq!(
        scene.baselines("u1", &query(ScanRange::Image)).await.len(),
        2
    );
    assert!(
        scene
            .baselines("u1", &query(ScanRange::Container))
            .await
            .is_empty()
    );
    assert_eq!(
        scene
            .baselines("c1", &query(ScanRange::Container))
            .await
            .len(),
        2
    );
    for (range, uuid) in [(ScanRange::Image, "u1"), (ScanRange::Container, "c1")] {
        let query = ImageQuery {
            baseline_name: "shop_users".to_owned(),
            ranges: vec![range],
            ..ImageQuery::default()
        };
        let found =
            scene
                .service
                .describe_image_list_with_baseline_name(&scene.caller, &query, PAGE);
        let uuids: Vec<String> = found
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|i| i.image.uuid)
            .collect();
        assert_eq!(uuids, [uuid]);
    }
}

#[tokio::test]
async fn conditions_match_key_and_title_of_name_or_class() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let found = async |by, text: &str, lang| {
        let criteria = Criteria {
            by,
            text: text.to_owned(),
            lang,
        };
        let query = BaselineQuery {
            criteria: Some(criteria),
            ..BaselineQuery::default()
        };
        scene.baselines("u1", &query).await.len()
    };
    use CriteriaType::{Class, Name};
    assert_eq!(found(Some(Name), "SHOP_USERS", Lang::Zh).await, 1);
    assert_eq!(found(Some(Name), "running", Lang::En).await, 1);
    assert_eq!(
        found(Some(Name), "running", Lang::Zh).await,
        0,
        "not in this language"
    );
    assert_eq!(found(Some(Name), "运行", Lang::Zh).await, 1);
    assert_eq!(found(Some(Name), CLASS, Lang::Zh).await, 0);
    assert_eq!(found(Some(Class), CLASS, Lang::Zh).await, 2);
    assert_eq!(found(Some(Class), "商城", Lang::Zh).await, 2);
    assert_eq!(found(None, "shop", Lang::En).await, 2);
    let high = BaselineQuery {
        risk_levels: vec![RiskLevel::High],
        ..BaselineQuery::default()
    };
    assert_eq!(scene.baselines("u1", &high).await.len(), 1);
}

#[tokio::test]
async fn over_all_images_each_counts_under_its_worst_level() {
    let mut scene = Scene::new().await;
    let half = Config { user: "app", ..BAD };
    let images = [
        image("u1", "web", BAD),
        image("u2", "api", BAD),
        image("u3", "job", half),
        image("u4", "ok", GOOD),
    ];
    scene.scan(&images).await;
    let query = BaselineQuery::default();
    let summary = async |scene: &Scene| {
        let found =
            scene
                .service
                .describe_image_baseline_check_summary(&scene.caller, &query, PAGE);
        let rows = found.await.unwrap().items.into_iter();
        let row = |r: stance_service::BaselineSummary| {
            let (images, level) = (r.images, r.level.key());
            let fixed = if r.fixed { "fixed" } else { "open" };
            let name = r.baseline.name;
            format!(
                "{name} {fixed} {level} {}/{}/{}",
                images.high, images.medium, images.low
            )
        };
        rows.map(row).collect::<Vec<String>>()
    };
    assert_eq!(
        summary(&scene).await,
        ["shop_users open high 2/1/0", "shop_ports open low 0/0/3"]
    );
    scene.on_day(1);
    let all_good: Vec<_> = ["web", "api", "job"]
        .iter()
        .zip(["u1", "u2", "u3"])
        .map(|(name, uuid)| image(uuid, name, GOOD))
        .collect();
    scene.scan(&all_good).await;
    assert_eq!(
        summary(&scene).await,
        ["shop_users fixed high 0/0/0", "shop_ports fixed low 0/0/0"]
    );
}

#[tokio::test]
async fn lists_of_checks_have_no_items_and_reports_have() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let (service, caller) = (&scene.service, &scene.caller);
    let all = stance_model::query::PageRequest {
        number: 1,
        size: u32::MAX,
    };
    let checks = service
        .list_check_result(caller, &CheckQuery::default(), all)
        .await
        .unwrap();
    assert!(!checks.items.is_empty());
    assert!(
        checks
            .items
            .iter()
            .all(|c| c.asset_type.as_str() != "image/oci/image")
    );
    let by_id = CheckQuery {
        check_ids: vec![900_101],
        ..CheckQuery::default()
    };
    assert_eq!(
        service
            .list_check_result(caller, &by_id, all)
            .await
            .unwrap()
            .total,
        0
    );
    let refused = service
        .list_check_instance_result(caller, 900_101, &InstanceQuery::default(), PAGE)
        .await;
    assert!(matches!(refused, Err(ServiceError::UnknownCheck { .. })));
    let report = service
        .report(caller, &ResultQuery::default(), &Scope::default())
        .await
        .unwrap();
    let found = report
        .results
        .iter()
        .find(|r| r.check == "shop_user_root")
        .unwrap();
    assert_eq!(found.baseline.as_ref().unwrap().name, "shop_users");
    assert_eq!(found.evidence.findings.places[0].path, "config:User");
}

#[tokio::test]
async fn documents_that_are_none_are_refused_whole() {
    let scene = Scene::new().await;
    let mut wrong = image("u2", "api", BAD);
    wrong["type"] = json!("aliyun/rds/instance");
    let assets = [image("u1", "web", BAD), wrong];
    let scanned = scene.service.scan_assets(
        &scene.caller,
        assets.iter().map(asset).collect(),
        "",
        ScanOptions::default(),
    );
    let error = scanned.await.unwrap_err();
    assert!(error.to_string().contains("u2"), "{error}");
    assert!(scene.table("u1").await.is_empty());
    let nothing = scene
        .service
        .scan_assets(&scene.caller, Vec::new(), "", ScanOptions::default());
    assert!(nothing.await.is_err());
}
