//! Scans that requests begin: what they may reach, how they go on and how they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use stance_model::Asset;
use stance_service::{
    ImageScanner, ImageTaskStatus, ImageTaskView, NewStrategy, ScanRequest, ServiceError, TaskState,
};

use crate::image_scene::{BAD, GOOD, Scene, asset, container, digest, image};

/// The registry that the operator of these tests allows.
const HOST: &str = "registry.example:5000";

/// A scanner that answers by the name of the repository.
struct Shelf {
    registries: Vec<String>,
    /// Scans wait while it is set.
    hold: AtomicBool,
    asked: AtomicUsize,
}

impl Shelf {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            registries: vec![HOST.to_owned()],
            hold: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        })
    }
}

impl ImageScanner for Shelf {
    fn scan(&self, reference: &str, cancel: &AtomicBool) -> Result<Asset, String> {
        assert!(reference.starts_with(HOST), "{reference}");
        self.asked.fetch_add(1, Ordering::SeqCst);
        while self.hold.load(Ordering::SeqCst) {
            if cancel.load(Ordering::SeqCst) {
                return Err("cancelled".to_owned());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        match reference.strip_prefix("registry.example:5000/shop/") {
            Some("web:v1") => Ok(asset(&image("u1", "web", GOOD))),
            Some("new:v1") => Ok(asset(&image("u9", "new", BAD))),
            _ => Err(format!("`{reference}` is not there; look at its name")),
        }
    }

    fn registries(&self) -> &[String] {
        &self.registries
    }
}

async fn scene(shelf: &Arc<Shelf>) -> Scene {
    let mut scene = Scene::new().await;
    let held: Arc<dyn ImageScanner> = Arc::<Shelf>::clone(shelf);
    scene.with_scanner(held);
    scene
}

fn named(name: &str) -> ScanRequest {
    ScanRequest {
        repo_namespaces: vec!["shop".to_owned()],
        repo_names: vec![name.to_owned()],
        tags: vec!["v1".to_owned()],
        ..ScanRequest::default()
    }
}

async fn latest(scene: &Scene, of: &str) -> Option<ImageTaskView> {
    let (service, digest) = (&scene.service, digest(of));
    service
        .describe_image_latest_scan_task(&scene.caller, &digest)
        .await
        .unwrap()
}

/// Waits until no task runs.
async fn ended(scene: &Scene) -> stance_service::Task {
    for _ in 0..2_000 {
        let task = scene
            .service
            .tasks(&scene.caller, 1)
            .await
            .unwrap()
            .remove(0);
        if task.state != TaskState::Running {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the task does not end");
}

#[tokio::test]
async fn a_known_image_is_scanned_again() {
    let shelf = Shelf::new();
    let scene = scene(&shelf).await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let (service, caller) = (&scene.service, &scene.caller);
    let request = ScanRequest {
        digests: vec![digest("u1")],
        ..ScanRequest::default()
    };
    let answer = service
        .public_create_image_scan_task(caller, &request)
        .await
        .unwrap();
    assert!(answer.can_create && answer.task_id.is_some() && answer.total == 1);
    let task = ended(&scene).await;
    assert_eq!(
        (task.state, task.done, task.total),
        (TaskState::Done, 1, 1),
        "{}",
        task.message
    );
    assert_eq!(scene.table("u1").await[0], "shop_users fixed high 2 0/0/0");
    let latest = latest(&scene, "u1").await.unwrap();
    assert_eq!(latest.status, ImageTaskStatus::Done);
    assert!(latest.requested && Some(latest.task_id) == answer.task_id);
}

#[tokio::test]
async fn an_image_that_is_not_known_is_named_in_full() {
    let shelf = Shelf::new();
    let scene = scene(&shelf).await;
    let (service, caller) = (&scene.service, &scene.caller);
    service
        .public_create_image_scan_task(caller, &named("new"))
        .await
        .unwrap();
    assert_eq!(ended(&scene).await.state, TaskState::Done);
    assert_eq!(
        latest(&scene, "u9").await.unwrap().status,
        ImageTaskStatus::Done
    );
    let unknown = ScanRequest {
        tags: vec!["v7".to_owned()],
        ..ScanRequest::default()
    };
    let nothing = service.public_create_image_scan_task(caller, &unknown);
    assert!(matches!(nothing.await, Err(ServiceError::Invalid { .. })));
}

#[tokio::test]
async fn only_items_of_the_strategy_judge() {
    let shelf = Shelf::new();
    let scene = scene(&shelf).await;
    let (service, caller) = (&scene.service, &scene.caller);
    let full = service
        .describe_image_baseline_strategy(caller, None)
        .await
        .unwrap();
    assert_eq!(full.items.len() as u64, full.total);
    let chosen = NewStrategy {
        items: vec!["shop_ports".to_owned()],
        name: Some("ports".to_owned()),
        keep_days: Some(30),
        ..NewStrategy::default()
    };
    service
        .save_image_baseline_strategy(caller, &chosen)
        .await
        .unwrap();
    let saved = service
        .describe_image_baseline_strategy(caller, Some(0))
        .await
        .unwrap();
    assert_eq!(
        (saved.items.len(), saved.name.as_str(), saved.keep_days),
        (1, "ports", 30)
    );
    service
        .public_create_image_scan_task(caller, &named("new"))
        .await
        .unwrap();
    ended(&scene).await;
    assert_eq!(scene.table("u9").await, ["shop_ports open low 1 0/0/1"]);
    for wrong in [
        NewStrategy {
            items: vec!["no_such".to_owned()],
            ..NewStrategy::default()
        },
        NewStrategy {
            id: Some(7),
            ..NewStrategy::default()
        },
        NewStrategy {
            keep_days: Some(-1),
            ..NewStrategy::default()
        },
    ] {
        assert!(
            service
                .save_image_baseline_strategy(caller, &wrong)
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn a_fixed_risk_is_forgotten_after_the_days_of_the_strategy() {
    let mut scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    scene.on_day(1);
    scene.scan(&[image("u1", "web", GOOD)]).await;
    let keep = NewStrategy {
        keep_days: Some(30),
        items: vec!["shop_rules".to_owned()],
        ..NewStrategy::default()
    };
    scene
        .service
        .save_image_baseline_strategy(&scene.caller, &keep)
        .await
        .unwrap();
    assert_eq!(scene.table("u1").await.len(), 2);
    scene.on_day(32);
    assert!(scene.table("u1").await.is_empty());
}

#[tokio::test]
async fn an_image_that_fails_ends_its_task_with_the_sentence() {
    let shelf = Shelf::new();
    let scene = scene(&shelf).await;
    scene
        .scan(&[image("u1", "web", BAD), image("u2", "gone", BAD)])
        .await;
    let (service, caller) = (&scene.service, &scene.caller);
    let all = ScanRequest::default();
    service
        .public_create_image_scan_task(caller, &all)
        .await
        .unwrap();
    let task = ended(&scene).await;
    assert_eq!((task.state, task.done), (TaskState::Failed, 2));
    assert!(
        task.message.contains("is not there; look at its name"),
        "{}",
        task.message
    );
    assert_eq!(
        latest(&scene, "u1").await.unwrap().status,
        ImageTaskStatus::Done
    );
    assert_eq!(
        latest(&scene, "u2").await.unwrap().status,
        ImageTaskStatus::Failed
    );
}

#[tokio::test]
async fn nothing_but_what_the_operator_allows_is_reached() {
    let shelf = Shelf::new();
    let scene = scene(&shelf).await;
    let mut foreign = image("u1", "web", BAD);
    foreign["account"] = "evil.example".into();
    foreign["facts"]["image"]["registry"] = "evil.example".into();
    let mut disguised = image("u2", "api", BAD);
    disguised["facts"]["image"]["repo_namespace"] = "../evil".into();
    scene
        .scan(&[foreign, disguised, container("c1", "web-1", BAD)])
        .await;
    let (service, caller) = (&scene.service, &scene.caller);
    let mut elsewhere = named("web");
    elsewhere.registries = vec!["evil.example".to_owned()];
    for request in [ScanRequest::default(), elsewhere] {
        let answer = service
            .public_create_image_scan_task(caller, &request)
            .await
            .unwrap();
        assert!(
            answer.out_of_reach && answer.task_id.is_none(),
            "{answer:?}"
        );
    }
    assert_eq!(shelf.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_tenant_has_ten_at_a_time_and_the_end_of_the_server_ends_them() {
    let shelf = Shelf::new();
    shelf.hold.store(true, Ordering::SeqCst);
    let scene = scene(&shelf).await;
    let (service, caller) = (&scene.service, &scene.caller);
    for number in 1..=10 {
        let answer = service
            .public_create_image_scan_task(caller, &named("new"))
            .await
            .unwrap();
        assert!(answer.task_id.is_some());
        assert_eq!(answer.can_create, number < 10);
    }
    let refused = service
        .public_create_image_scan_task(caller, &named("new"))
        .await
        .unwrap();
    assert!(refused.task_id.is_none() && !refused.can_create && !refused.out_of_reach);
    assert!(
        shelf.asked.load(Ordering::SeqCst) <= 2,
        "two images at a time"
    );
    let tasks = service.tasks(caller, 100).await.unwrap();
    assert!(tasks.iter().all(|task| task.state == TaskState::Running));
    tokio::time::timeout(Duration::from_secs(5), service.close())
        .await
        .unwrap();
    for task in scene.tasks_after_close().await {
        assert_eq!(task.state, TaskState::Cancelled, "{}", task.message);
    }
}

#[tokio::test]
async fn without_a_scanner_nothing_is_in_reach() {
    let scene = Scene::new().await;
    scene.scan(&[image("u1", "web", BAD)]).await;
    let (service, all) = (&scene.service, ScanRequest::default());
    let answer = service.public_create_image_scan_task(&scene.caller, &all);
    assert!(answer.await.unwrap().out_of_reach);
}
