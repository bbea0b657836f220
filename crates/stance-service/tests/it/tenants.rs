//! Tenants never see each other; policies are asked below every door.

use stance_model::CheckStatus;
use stance_model::TenantId;
use stance_model::query::{CheckQuery, CheckRef, InstanceQuery, ResultQuery};
use stance_service::{Caller, NewException, NewKey, Policy, Scope, ServiceError};

use crate::scene::{ALL, Scene, cover, disk, ended};

#[tokio::test]
async fn another_tenant_sees_nothing() {
    let scene = Scene::new().await;
    scene
        .scan(&ended(vec![
            cover("aliyun/ecs/disk", "ok"),
            disk("d-1", false),
        ]))
        .await;
    let key = scene
        .service
        .create_key(&scene.caller, NewKey::default())
        .await
        .unwrap();
    let other = Caller::local(TenantId::new("other").unwrap());
    let checks = scene
        .service
        .list_check_result(&other, &CheckQuery::default(), ALL)
        .await
        .unwrap();
    assert!(
        checks
            .items
            .iter()
            .all(|check| check.status == CheckStatus::NotCheck)
    );
    let (_, page) = scene
        .service
        .list_check_instance_result(&other, 24, &InstanceQuery::default(), ALL)
        .await
        .unwrap();
    assert_eq!(page.total, 0);
    assert!(scene.service.list_keys(&other).await.unwrap().is_empty());
    assert!(!scene.service.delete_key(&other, &key.id).await.unwrap());
    assert!(scene.service.tasks(&other, 10).await.unwrap().is_empty());
    let foreign = CheckQuery {
        account: Some("1".to_owned()),
        ..CheckQuery::default()
    };
    let denied = scene.service.list_check_result(&other, &foreign, ALL).await;
    assert!(matches!(denied, Err(ServiceError::ForeignAccount { .. })));
}

#[tokio::test]
async fn every_use_asks_the_policy() {
    let scene = Scene::new().await;
    let policy = Policy::parse(r#"{"Statement":[{"Effect":"Deny","Action":"*"}]}"#).unwrap();
    let nobody = Caller {
        policy,
        ..scene.caller.clone()
    };
    let service = &scene.service;
    let exception = NewException {
        check: CheckRef::Key("ali.ecs.disk_encryption".to_owned()),
        asset_ids: vec![],
        reason: "x".to_owned(),
        expires_ms: None,
    };
    let check = CheckRef::Key("ali.ecs.disk_encryption".to_owned());
    let denials = [
        service
            .list_check_result(&nobody, &CheckQuery::default(), ALL)
            .await
            .err(),
        service
            .describe_risk_check_result(&nobody, &CheckQuery::default(), ALL)
            .await
            .err(),
        service
            .list_check_instance_result(&nobody, 24, &InstanceQuery::default(), ALL)
            .await
            .err(),
        service
            .report(&nobody, &ResultQuery::default(), &Scope::default())
            .await
            .err(),
        service
            .scan(&nobody, &[], stance_service::ScanOptions::default())
            .await
            .err(),
        service.add_exception(&nobody, exception).await.err(),
        service.list_exceptions(&nobody).await.err(),
        service.remove_exception(&nobody, 1).await.err(),
        service.create_key(&nobody, NewKey::default()).await.err(),
        service.list_keys(&nobody).await.err(),
        service.set_key_enabled(&nobody, "x", false).await.err(),
        service.delete_key(&nobody, "x").await.err(),
        service.verify_store(&nobody).await.err(),
        service.tasks(&nobody, 1).await.err(),
        service.accounts(&nobody).await.err(),
        service.history(&nobody, &check, "x", 1).await.err(),
    ];
    for denial in denials {
        assert!(
            matches!(denial, Some(ServiceError::NoPermission { .. })),
            "{denial:?}"
        );
    }
}
