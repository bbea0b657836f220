//! Images: what is kept of them, how they are found, what people chose to look for.

use stance_model::ResultStatus::{Fail, Pass};
use stance_model::TenantId;
use stance_model::query::PageRequest;
use stance_store::{ImageFilter, ImageStrategy, ImageTaskKey, StoreError, StoredImage, TaskState};

use crate::support::{Scene, check, images, on_both, tagged};

on_both!(
    an_image_is_kept_with_its_words,
    images_are_found_by_each_filter,
    pages_are_in_the_order_of_names,
    an_older_task_leaves_a_newer_image_alone,
    what_is_no_image_is_refused,
    strategies_are_saved_and_read_back,
    tasks_are_found_by_what_they_look_at,
    tenants_do_not_see_each_other
);

const ALL: PageRequest = PageRequest {
    number: 1,
    size: u32::MAX,
};

async fn found(scene: &Scene, filter: &ImageFilter) -> Vec<StoredImage> {
    let page = scene
        .store
        .images(&scene.tenant, filter, ALL)
        .await
        .unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items
}

async fn uuids(scene: &Scene, filter: ImageFilter) -> String {
    let found = found(scene, &filter).await;
    let uuids: Vec<&str> = found.iter().map(|image| image.uuid.as_str()).collect();
    uuids.join(" ")
}

async fn an_image_is_kept_with_its_words(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let batch = images("docker.io").image("a", &[(1, Fail)]).done();
    scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap();
    let batch = tagged(batch, "13");
    scene
        .store
        .commit_account(&lease, &batch, 3_000)
        .await
        .unwrap();
    let all = found(scene, &ImageFilter::default()).await;
    let wanted = StoredImage {
        asset_no: all[0].asset_no,
        uuid: "a".into(),
        account: "docker.io".into(),
        name: "name of a".into(),
        kind: "image".into(),
        registry: "docker.io".into(),
        repo_namespace: "library".into(),
        repo_name: "repo-a".into(),
        tag: "13".into(),
        digest: "sha256:a".into(),
        image_id: "sha256:id-a".into(),
        size: 123,
        created_ms: Some(77),
        os: "linux".into(),
        architecture: "amd64".into(),
        container_id: String::new(),
        container_name: String::new(),
        layers: 3,
        first_ms: 2_000,
        last_ms: 3_000,
        task_id: lease.task_id(),
    };
    assert_eq!(all, [wanted]);
    let times = scene.store.image_times(&scene.tenant, &[]).await.unwrap();
    assert_eq!(times, Some((2_000, 3_000)));
}

async fn images_are_found_by_each_filter(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut batch = images("docker.io")
        .image("a", &[(1, Fail), (2, Pass)])
        .image("b", &[(1, Pass), (2, Fail)])
        .image_of("container", "c", &[(1, Fail)])
        .image_of("rootfs", "d", &[])
        .done();
    batch.images[2].container_id = "0123".into();
    batch.images[1].repo_namespace = "team/50%".into();
    scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap();
    let other = images("quay.io").image("e", &[(1, Pass)]).done();
    scene
        .store
        .commit_account(&lease, &other, 2_000)
        .await
        .unwrap();
    let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let none = ImageFilter::default;
    let some = |text: &str| Some(text.to_owned());
    for (filter, wanted) in [
        (none(), "a b c d e"),
        (
            ImageFilter {
                uuids: texts(&["b", "e", "x"]),
                ..none()
            },
            "b e",
        ),
        (
            ImageFilter {
                digests: texts(&["sha256:c"]),
                ..none()
            },
            "c",
        ),
        (
            ImageFilter {
                kinds: texts(&["container", "rootfs"]),
                ..none()
            },
            "c d",
        ),
        (
            ImageFilter {
                text: some("REPO-A"),
                ..none()
            },
            "a",
        ),
        (
            ImageFilter {
                text: some("50%"),
                ..none()
            },
            "b",
        ),
        (
            ImageFilter {
                text: some("name of d"),
                ..none()
            },
            "d",
        ),
        (
            ImageFilter {
                text: some("_"),
                ..none()
            },
            "",
        ),
        (
            ImageFilter {
                registry: some("quay.io"),
                ..none()
            },
            "e",
        ),
        (
            ImageFilter {
                repo_namespace: some("library"),
                ..none()
            },
            "a c d e",
        ),
        (
            ImageFilter {
                repo_name: some("repo-e"),
                ..none()
            },
            "e",
        ),
        (
            ImageFilter {
                container_id: some("0123"),
                ..none()
            },
            "c",
        ),
        (
            ImageFilter {
                failing: vec![check(1)],
                ..none()
            },
            "a c",
        ),
        (
            ImageFilter {
                failing: vec![check(1), check(2)],
                kinds: texts(&["image"]),
                ..none()
            },
            "a b",
        ),
        (
            ImageFilter {
                failing: vec![check(3)],
                ..none()
            },
            "",
        ),
    ] {
        assert_eq!(uuids(scene, filter.clone()).await, wanted, "{filter:?}");
    }
}

async fn pages_are_in_the_order_of_names(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut batch = images("docker.io");
    for at in 0..25 {
        batch = batch.image(&format!("{:02}", at * 7 % 25), &[]);
    }
    scene
        .store
        .commit_account(&lease, &batch.done(), 2_000)
        .await
        .unwrap();
    let mut seen = Vec::new();
    for number in 1..=4 {
        let page = PageRequest { number, size: 10 };
        let page = scene
            .store
            .images(&scene.tenant, &ImageFilter::default(), page)
            .await
            .unwrap();
        assert_eq!(page.total, 25);
        seen.extend(page.items.into_iter().map(|image| image.uuid));
    }
    let wanted: Vec<String> = (0..25).map(|at| format!("{at:02}")).collect();
    assert_eq!(seen, wanted);
}

async fn an_older_task_leaves_a_newer_image_alone(scene: &Scene) {
    let old = scene.task(1_000).await;
    let new = scene.task(1_001).await;
    let batch = images("docker.io").image("a", &[(1, Pass)]).done();
    scene
        .store
        .commit_account(&new, &batch, 3_000)
        .await
        .unwrap();
    let late = images("docker.io")
        .image("a", &[(1, Fail)])
        .image("b", &[(1, Fail)])
        .done();
    let stats = scene
        .store
        .commit_account(&old, &tagged(late, "old"), 4_000)
        .await
        .unwrap();
    assert_eq!((stats.stale, stats.results_written), (1, 1));
    let all = found(scene, &ImageFilter::default()).await;
    let seen: Vec<_> = all
        .iter()
        .map(|i| (i.uuid.as_str(), i.tag.as_str(), i.last_ms))
        .collect();
    assert_eq!(seen, [("a", "12", 3_000), ("b", "old", 4_000)]);
    assert_eq!(scene.result(1, "a").await.unwrap().status, Pass);
}

async fn what_is_no_image_is_refused(scene: &Scene) {
    let lease = scene.task(1_000).await;
    let mut batch = images("docker.io").image("a", &[]).done();
    batch.images[0].asset = 7;
    let error = scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    batch.images[0].asset = 0;
    batch.images[0].tag = "x".repeat(300);
    let error = scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::TooLarge { .. }), "{error}");
    // A name longer than an entry of an index, and one with NUL.
    batch.images[0].tag = "a\0b".into();
    batch.assets[0].name = format!("{}\0", "ü".repeat(2_000));
    scene
        .store
        .commit_account(&lease, &batch, 2_000)
        .await
        .unwrap();
    let all = found(scene, &ImageFilter::default()).await;
    assert_eq!(all[0].tag, "a\u{fffd}b");
    assert!(all[0].name.ends_with("ü\u{fffd}"));
}

async fn strategies_are_saved_and_read_back(scene: &Scene) {
    let (store, tenant) = (&scene.store, &scene.tenant);
    assert_eq!(store.image_strategy(tenant, 0).await.unwrap(), None);
    let mut strategy = ImageStrategy {
        id: 0,
        name: "默认".into(),
        source: "default".into(),
        items: None,
        keep_days: 30,
    };
    store.save_image_strategy(tenant, &strategy).await.unwrap();
    assert_eq!(
        store.image_strategy(tenant, 0).await.unwrap(),
        Some(strategy.clone())
    );
    strategy.items = Some(vec!["non_pwd_user".into(), "duplicate_uid".into()]);
    store.save_image_strategy(tenant, &strategy).await.unwrap();
    let second = ImageStrategy {
        id: 7,
        items: Some(vec![]),
        ..strategy.clone()
    };
    store.save_image_strategy(tenant, &second).await.unwrap();
    let all = store.image_strategies(tenant).await.unwrap();
    assert_eq!(all, [strategy.clone(), second]);
    strategy.items = Some(vec!["x".repeat(300)]);
    assert!(store.save_image_strategy(tenant, &strategy).await.is_err());
}

async fn tasks_are_found_by_what_they_look_at(scene: &Scene) {
    let (store, tenant) = (&scene.store, &scene.tenant);
    let first = scene.task(1_000).await;
    let second = scene.task(2_000).await;
    scene.task(3_000).await;
    store
        .note_image_task(&first, "", "docker.io/a:1", "")
        .await
        .unwrap();
    store
        .note_image_task(&first, "sha256:a", "docker.io/a:1", "u")
        .await
        .unwrap();
    store
        .note_image_task(&first, "", "docker.io/a:1", "")
        .await
        .unwrap();
    store
        .note_image_task(&second, "sha256:a", "docker.io/a:2", "v")
        .await
        .unwrap();
    let ids = async |key| {
        let all = store.image_tasks(tenant, key, 9).await.unwrap();
        all.into_iter()
            .map(|t| (t.task.id, t.reference, t.digest, t.uuid))
            .collect::<Vec<_>>()
    };
    let row = |id, reference: &str, uuid: &str| {
        (
            id,
            reference.to_owned(),
            "sha256:a".to_owned(),
            uuid.to_owned(),
        )
    };
    let one = row(first.task_id(), "docker.io/a:1", "u");
    let two = row(second.task_id(), "docker.io/a:2", "v");
    assert_eq!(
        ids(ImageTaskKey::Digest("sha256:a")).await,
        [two.clone(), one.clone()]
    );
    assert_eq!(
        ids(ImageTaskKey::Reference("docker.io/a:1")).await,
        std::slice::from_ref(&one)
    );
    assert_eq!(ids(ImageTaskKey::Any).await, [two, one]);
    assert_eq!(ids(ImageTaskKey::Digest("")).await, []);
    store
        .finish_task(&first, TaskState::Done, "", 4_000)
        .await
        .unwrap();
    let lost = store
        .note_image_task(&first, "", "docker.io/a:3", "")
        .await
        .unwrap_err();
    assert!(matches!(lost, StoreError::LeaseLost { .. }), "{lost}");
}

async fn tenants_do_not_see_each_other(scene: &Scene) {
    let other = TenantId::new("other").unwrap();
    let (mine, theirs) = (scene.task(1_000).await, scene.task_of(&other, 1_000).await);
    let batch = images("docker.io").image("a", &[(1, Fail)]).done();
    scene
        .store
        .commit_account(&mine, &batch, 2_000)
        .await
        .unwrap();
    scene
        .store
        .note_image_task(&mine, "sha256:a", "a", "a")
        .await
        .unwrap();
    let strategy = ImageStrategy {
        id: 0,
        name: "n".into(),
        source: "s".into(),
        items: None,
        keep_days: 1,
    };
    scene
        .store
        .save_image_strategy(&scene.tenant, &strategy)
        .await
        .unwrap();
    for tenant in [&other, &TenantId::new("nobody").unwrap()] {
        let store = &scene.store;
        let page = store
            .images(tenant, &ImageFilter::default(), ALL)
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.total), (0, 0));
        let uuids = ["a".to_owned()];
        assert_eq!(
            store.image_item_results(tenant, &uuids, &[]).await.unwrap(),
            []
        );
        assert_eq!(
            store
                .image_item_counts(tenant, &[], &[check(1)])
                .await
                .unwrap(),
            []
        );
        assert_eq!(
            store
                .image_counts_any(tenant, &[], &[check(1)])
                .await
                .unwrap(),
            0
        );
        assert_eq!(store.image_times(tenant, &[]).await.unwrap(), None);
        assert_eq!(store.image_strategies(tenant).await.unwrap(), []);
        let tasks = store
            .image_tasks(tenant, ImageTaskKey::Any, 9)
            .await
            .unwrap();
        assert_eq!(tasks, []);
    }
    // The same image of another tenant is another one.
    let stats = scene
        .store
        .commit_account(&theirs, &batch, 3_000)
        .await
        .unwrap();
    assert_eq!((stats.assets_new, stats.stale), (1, 0));
    assert_eq!(
        found(scene, &ImageFilter::default()).await[0].last_ms,
        2_000
    );
}
