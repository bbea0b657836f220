//! Scans that requests begin, as their callers see them go on and end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use stance_model::Asset;
use stance_service::ImageScanner;

use crate::image_scene::{BAD, GOOD, digest, image};
use crate::scene::Scene;

const CREATE: &str = "PublicCreateImageScanTask";

/// Answers `web` once it is let go, and nothing else.
struct Shelf {
    registries: Vec<String>,
    go: AtomicBool,
}

impl ImageScanner for Shelf {
    fn scan(&self, reference: &str, cancel: &AtomicBool) -> Result<Asset, String> {
        while !self.go.load(Ordering::SeqCst) && !cancel.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(2));
        }
        if reference == "registry.example:5000/shop/web:v1" {
            Ok(serde_json::from_value(image("u1", "web", GOOD)).unwrap())
        } else {
            Err(format!("`{reference}` is not there"))
        }
    }

    fn registries(&self) -> &[String] {
        &self.registries
    }
}

/// A scene whose server may contact the registry of the images.
async fn scanning() -> (Scene, Arc<Shelf>) {
    let shelf = Arc::new(Shelf {
        registries: vec!["registry.example:5000".to_owned()],
        go: AtomicBool::new(false),
    });
    let scene = Scene::new().await;
    scene
        .scan_images(&[image("u1", "web", BAD), image("u2", "api", BAD)])
        .await;
    let held: Arc<dyn ImageScanner> = Arc::<Shelf>::clone(&shelf);
    (scene.scanning(held), shelf)
}

async fn latest(scene: &Scene, uuid: &str) -> Value {
    let digest = digest(uuid);
    let parameters = [("Digest", digest.as_str())];
    let tasks = scene
        .listed("DescribeImageLatestScanTask", "Task", &parameters)
        .await;
    tasks[0].clone()
}

async fn ended(scene: &Scene, uuid: &str) -> Value {
    for _ in 0..1_000 {
        let task = latest(scene, uuid).await;
        if task["FinishTime"].is_i64() {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the task does not end");
}

#[tokio::test]
async fn a_task_is_created_goes_on_and_ends() {
    let (scene, shelf) = scanning().await;
    let answer = scene
        .call(CREATE, &[("RepoNames", "web"), ("Tags", "v1,v2")])
        .await;
    let data = &answer.body["Data"];
    for (name, value) in [
        ("Result", json!("SUCCESS")),
        ("Status", json!("INIT")),
        ("CanCreate", json!(true)),
        ("TotalCount", json!(1)),
        ("FinishCount", json!(0)),
        ("Progress", json!(0)),
    ] {
        assert_eq!(data[name], value, "{name}");
    }
    let going = latest(&scene, "u1").await;
    // The scan of before this one was of the same second, so its end is no sign of this one's.
    assert_eq!(going["TaskId"], data["TaskId"]);
    assert_eq!(going["Source"], "openapi");
    assert_eq!(going["Status"], "PROCESSING");
    assert!(going.get("FinishTime").is_none());
    shelf.go.store(true, Ordering::SeqCst);
    let end = ended(&scene, "u1").await;
    assert_eq!(
        (&end["Status"], &end["Finish"]),
        (&json!("SUCCESS"), &json!(1))
    );
    let action = "DescribeImageBaselineCheckResult";
    let results = scene
        .listed(action, "BaselineResult", &[("ImageUuid", "u1")])
        .await;
    assert!(results.iter().all(|result| result["Status"] == 1));
}

#[tokio::test]
async fn an_image_that_cannot_be_had_has_failed() {
    let (scene, shelf) = scanning().await;
    shelf.go.store(true, Ordering::SeqCst);
    scene.call(CREATE, &[]).await;
    assert_eq!(ended(&scene, "u2").await["Status"], "FAIL");
    assert_eq!(ended(&scene, "u1").await["Status"], "SUCCESS");
    let action = "DescribeImageBaselineCheckResult";
    let kept = scene
        .listed(action, "BaselineResult", &[("ImageUuid", "u2")])
        .await;
    assert_eq!(kept.len(), 2, "what was known of it stays");
}

#[tokio::test]
async fn the_eleventh_task_waits_its_turn() {
    let (scene, _shelf) = scanning().await;
    for _ in 0..10 {
        let answer = scene.call(CREATE, &[("RepoNames", "web")]).await;
        assert_eq!(answer.body["Data"]["Status"], "INIT");
    }
    let refused = scene.call(CREATE, &[("RepoNames", "web")]).await;
    let data = &refused.body["Data"];
    assert_eq!(
        (&data["CanCreate"], &data["Status"], &data["TaskId"]),
        (&json!(false), &json!("FAIL"), &json!(""))
    );
    scene.service.close().await;
}
