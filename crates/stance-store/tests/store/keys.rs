//! Access keys and nonces.

use stance_model::TenantId;
use stance_store::{AccessKey, StoreError};

use crate::support::{Scene, on_both};

on_both!(
    a_key_lives_and_dies,
    a_nonce_is_used_once,
    of_many_who_use_a_nonce_one_does,
    old_nonces_are_deleted
);

fn key(id: &str, tenant: &str) -> AccessKey {
    AccessKey {
        id: id.into(),
        tenant: TenantId::new(tenant).unwrap(),
        secret_sealed: vec![0, 1, 0xff, b'\''],
        policy: "{\"Version\":\"1\"}".into(),
        enabled: true,
        token_hash: Some("ab12".into()),
        expires_ms: Some(9_000),
        created_ms: 1_000,
        comment: "for 审计".into(),
    }
}

async fn a_key_lives_and_dies(scene: &Scene) {
    let other = TenantId::new("other").unwrap();
    let (first, second) = (
        key("LTAI1", "default"),
        AccessKey {
            token_hash: None,
            ..key("LTAI0", "default")
        },
    );
    scene.store.create_key(&first).await.unwrap();
    scene.store.create_key(&second).await.unwrap();
    scene
        .store
        .create_key(&key("LTAI2", "other"))
        .await
        .unwrap();
    let error = scene
        .store
        .create_key(&key("LTAI1", "other"))
        .await
        .unwrap_err();
    assert!(matches!(&error, StoreError::Invalid { .. }) && error.to_string().contains("LTAI1"));
    assert_eq!(
        scene.store.get_key("LTAI1").await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(scene.store.get_key("ltai1").await.unwrap(), None);
    assert_eq!(
        scene.store.list_keys(&scene.tenant).await.unwrap(),
        [second.clone(), first]
    );
    assert!(
        !scene
            .store
            .set_key_enabled(&other, "LTAI1", false)
            .await
            .unwrap(),
        "not theirs"
    );
    assert!(!scene.store.delete_key(&other, "LTAI1").await.unwrap());
    assert!(
        scene
            .store
            .set_key_enabled(&scene.tenant, "LTAI1", false)
            .await
            .unwrap()
    );
    assert!(!scene.store.get_key("LTAI1").await.unwrap().unwrap().enabled);
    assert!(
        scene
            .store
            .delete_key(&scene.tenant, "LTAI1")
            .await
            .unwrap()
    );
    assert!(
        !scene
            .store
            .delete_key(&scene.tenant, "LTAI1")
            .await
            .unwrap()
    );
    assert_eq!(
        scene.store.list_keys(&scene.tenant).await.unwrap(),
        [second]
    );
    let shown = format!("{:?}", key("LTAI1", "default"));
    assert!(
        !shown.contains("secret") && !shown.contains("ab12"),
        "{shown}"
    );
}

async fn a_nonce_is_used_once(scene: &Scene) {
    let use_it = async |key: &str, nonce: &str, now| {
        scene.store.use_nonce(key, nonce, now, 900).await.unwrap()
    };
    assert!(use_it("a", "n-1", 1_000).await);
    assert!(!use_it("a", "n-1", 1_000).await);
    assert!(!use_it("a", "n-1", 1_899).await);
    assert!(use_it("b", "n-1", 1_000).await, "of another key");
    assert!(use_it("a", "N-1", 1_000).await, "case matters");
    assert!(use_it("a", "n-1", 1_900).await, "forgotten by then");
    assert!(!use_it("a", "n-1", 2_000).await);
    let error = scene
        .store
        .use_nonce("a", &"n".repeat(257), 1, 1)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { given: 257, .. }));
}

async fn of_many_who_use_a_nonce_one_does(scene: &Scene) {
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let store = scene.store.clone();
        crowd.spawn(async move { store.use_nonce("a", "same", 1_000, 900).await.unwrap() });
    }
    let used = crowd
        .join_all()
        .await
        .into_iter()
        .filter(|used| *used)
        .count();
    assert_eq!(used, 1);
}

async fn old_nonces_are_deleted(scene: &Scene) {
    for at in 0..300 {
        scene
            .store
            .use_nonce("a", &format!("n-{at}"), at, 10)
            .await
            .unwrap();
    }
    let mut direct = scene.direct().await;
    let (left,): (i64,) = sqlx::query_as("SELECT count(*) FROM nonce")
        .fetch_one(&mut direct)
        .await
        .unwrap();
    assert!(left < 60, "{left}");
}
