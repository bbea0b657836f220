//! Items of images: where they were found, who accepted them, and who may see them.

use serde_json::json;
use stance_model::TenantId;
use stance_service::{
    BaselineQuery, Caller, ItemQuery, ScanOptions, ScanRange, ServiceError, WhitelistChange,
};

use crate::image_scene::{BAD, GOOD, PAGE, Scene, container, digest, image};

#[tokio::test]
async fn the_whitelist_takes_items_out_of_the_count() {
    let scene = Scene::new().await;
    scene
        .scan(&[image("u1", "web", BAD), image("u2", "api", BAD)])
        .await;
    let (service, caller) = (&scene.service, &scene.caller);
    let change = |add, uuid: Option<&str>, item: &str| WhitelistChange {
        add,
        items: vec![item.to_owned()],
        uuid: uuid.map(str::to_owned),
        ranges: Vec::new(),
    };
    let operate = async |change: WhitelistChange| {
        service
            .operate_image_baseline_whitelist(caller, &change)
            .await
    };
    operate(change(true, Some("u1"), "shop_user_root"))
        .await
        .unwrap();
    operate(change(true, Some("u1"), "shop_user_root"))
        .await
        .unwrap();
    assert_eq!(
        service.list_exceptions(caller).await.unwrap().len(),
        1,
        "once is enough"
    );
    assert_eq!(scene.table("u1").await[0], "shop_users open medium 2 0/1/0");
    assert_eq!(scene.table("u2").await[0], "shop_users open high 2 1/1/0");
    let items = scene.items("u1").await;
    let listed = items.iter().find(|i| i.key == "shop_user_root").unwrap();
    assert!(listed.whitelisted && !listed.fixed);

    operate(change(true, None, "shop_ports")).await.unwrap();
    assert_eq!(
        scene.table("u1").await.len(),
        1,
        "a baseline's key stands for its items"
    );
    let refused = operate(change(false, Some("u1"), "shop_port_22")).await;
    assert!(
        matches!(refused, Err(ServiceError::Invalid { .. })),
        "it holds for all images"
    );
    operate(change(false, None, "shop_ports")).await.unwrap();
    operate(change(false, Some("u1"), "shop_user_root"))
        .await
        .unwrap();
    assert_eq!(scene.table("u1").await.len(), 2);
    assert!(service.list_exceptions(caller).await.unwrap().is_empty());

    for wrong in [
        change(true, Some("nobody"), "shop_ports"),
        change(true, None, "no_such_item"),
    ] {
        assert!(operate(wrong).await.is_err());
    }
    assert!(service.list_exceptions(caller).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_image_is_taken_from_an_exception_for_several() {
    let scene = Scene::new().await;
    scene
        .scan(&[
            image("u1", "web", BAD),
            image("u2", "api", BAD),
            container("c1", "w", BAD),
        ])
        .await;
    let (service, caller) = (&scene.service, &scene.caller);
    let change = |add, uuid: Option<&str>, ranges: &[ScanRange]| WhitelistChange {
        add,
        items: vec!["shop_port_22".to_owned()],
        uuid: uuid.map(str::to_owned),
        ranges: ranges.to_vec(),
    };
    for change in [
        change(true, None, &[ScanRange::Image]),
        change(false, Some("u1"), &[]),
    ] {
        service
            .operate_image_baseline_whitelist(caller, &change)
            .await
            .unwrap();
    }
    assert_eq!(scene.table("u1").await.len(), 2);
    assert_eq!(scene.table("u2").await.len(), 1);
    assert_eq!(scene.table("c1").await.len(), 2);
    assert_eq!(
        service.verify_store(caller).await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn several_images_at_once_are_unfixed_while_one_is() {
    let mut scene = Scene::new().await;
    scene
        .scan(&[image("u1", "web", BAD), image("u2", "api", BAD)])
        .await;
    scene.on_day(1);
    scene.scan(&[image("u1", "web", GOOD)]).await;
    let listed = async |uuids: &[&str], fixed| {
        let query = ItemQuery {
            uuids: uuids.iter().map(|u| (*u).to_owned()).collect(),
            fixed,
            ..ItemQuery::default()
        };
        let found = scene
            .service
            .describe_image_baseline_item_list(&scene.caller, &query, PAGE);
        found.await.unwrap().items.len()
    };
    assert_eq!(listed(&["u1"], Some(true)).await, 3);
    assert_eq!(listed(&["u1", "u2"], Some(false)).await, 3);
    assert_eq!(listed(&["u1", "u2"], Some(true)).await, 0);
}

#[tokio::test]
async fn an_item_says_where_it_was_found() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let (service, caller) = (&scene.service, &scene.caller);
    let detail = service.describe_image_baseline_detail(caller, "shop_port_22", Some("u1"));
    let detail = detail.await.unwrap();
    assert_eq!(detail.findings.places[0].at(), "config:ExposedPorts");
    assert!(detail.result_id.is_some() && detail.reason.is_none());
    let alone = service
        .describe_image_baseline_detail(caller, "shop_port_22", None)
        .await;
    let alone = alone.unwrap();
    assert!(alone.result_id.is_none() && alone.findings.is_empty());
    let check = service.describe_image_baseline_detail(caller, "ali.rds.whitelist_open", None);
    assert!(matches!(
        check.await,
        Err(ServiceError::UnknownCheck { .. })
    ));
}

#[tokio::test]
async fn many_places_are_kept_whole_and_counted() {
    let scene = Scene::new().await;
    let mut document = image("u1", "web", BAD);
    let port = document["facts"]["config"]["ExposedPorts"][0].clone();
    document["facts"]["config"]["ExposedPorts"] = json!(vec![port; 1_000]);
    scene.scan(&[document]).await;
    let detail =
        scene
            .service
            .describe_image_baseline_detail(&scene.caller, "shop_port_22", Some("u1"));
    let findings = detail.await.unwrap().findings;
    assert!(findings.places.len() > 20, "{}", findings.places.len());
    assert_eq!(findings.places.len() as u64 + findings.more, 1_000);
}

#[tokio::test]
async fn another_tenant_sees_nothing_and_a_denied_caller_is_told() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let service = &scene.service;
    let other = Caller::local(TenantId::new("other").unwrap());
    let query = BaselineQuery::default();
    let found = service
        .describe_image_baseline_check_result(&other, "u1", &query, PAGE)
        .await;
    assert!(found.unwrap().items.is_empty());
    let found = service
        .describe_image_baseline_check_summary(&other, &query, PAGE)
        .await;
    assert!(found.unwrap().items.is_empty());
    assert!(
        service
            .describe_image_info_list(&other, &["u1".to_owned()])
            .await
            .unwrap()
            .is_empty()
    );
    let task = service
        .describe_image_latest_scan_task(&other, &digest("u1"))
        .await;
    assert!(task.unwrap().is_none());

    let mut denied = scene.caller.clone();
    denied.policy =
        stance_service::Policy::parse(r#"{"Statement":[{"Effect":"Allow","Action":"ecs:*"}]}"#)
            .unwrap();
    let denial = |e: ServiceError| matches!(e, ServiceError::NoPermission { .. });
    assert!(denial(
        service.describe_all_image_baseline(&denied).unwrap_err()
    ));
    let found = service
        .describe_image_baseline_check_result(&denied, "u1", &query, PAGE)
        .await;
    assert!(denial(found.unwrap_err()));
    let found = service
        .scan_assets(&denied, Vec::new(), "", ScanOptions::default())
        .await;
    assert!(denial(found.unwrap_err()));
}
