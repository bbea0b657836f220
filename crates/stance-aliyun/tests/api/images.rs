//! What baselines found in images and over all of them: every element of the answers.

use serde_json::json;

use crate::image_scene::{BAD, Config, GOOD, container, digest, image};
use crate::scene::Scene;

const RESULT: &str = "DescribeImageBaselineCheckResult";

/// When the images were scanned, in milliseconds since 1970.
const AT: i64 = 1_780_302_600_000;

#[tokio::test]
async fn every_element_of_a_check_result() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    let answer = scene
        .call(RESULT, &[("ImageUuid", "u1"), ("Lang", "en")])
        .await;
    assert_eq!(
        answer.body["PageInfo"],
        json!({"CurrentPage": 1, "PageSize": 20, "TotalCount": 2, "Count": 2})
    );
    assert_eq!(
        answer.body["BaselineResult"][0],
        json!({
            "Status": 0, "BaselineNameKey": "shop_users", "BaselineNameAlias": "Running account",
            "BaselineClassAlias": "shop_rules", "BaselineNameLevel": "high", "BaselineItemCount": 2,
            "HighRiskItemCount": 1, "MiddleRiskItemCount": 1, "LowRiskItemCount": 0, "FirstScanTime": AT,
            "LastScanTime": AT,
        })
    );
    let chinese = scene
        .listed(RESULT, "BaselineResult", &[("ImageUuid", "u1")])
        .await;
    assert_eq!(chinese[0]["BaselineNameAlias"], "运行账户");
}

#[tokio::test]
async fn a_later_scan_makes_it_fixed() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    let later = scene.at("2026-06-03T08:30:00Z");
    later.scan_images(&[image("u1", "web", GOOD)]).await;
    let wire = crate::sign::Ask::new(RESULT, "2026-06-03T08:30:00Z", &[("ImageUuid", "u1")]);
    let answer = later.wire(&wire.v3(&scene.key)).await;
    for baseline in answer.body["BaselineResult"].as_array().unwrap() {
        assert_eq!(baseline["Status"], 1);
        assert_eq!(baseline["HighRiskItemCount"], 0);
        assert_eq!(baseline["FirstScanTime"], AT);
        assert_eq!(baseline["LastScanTime"], AT + 2 * 86_400_000);
    }
}

#[tokio::test]
async fn filters_of_a_check_result() {
    let scene = Scene::new().await;
    scene
        .scan_images(&[image("u1", "web", BAD), container("c1", "web-1", BAD)])
        .await;
    let found = async |parameters: &[(&str, &str)]| {
        let mut all = vec![("ImageUuid", "u1")];
        all.extend(parameters);
        scene.listed(RESULT, "BaselineResult", &all).await.len()
    };
    assert_eq!(found(&[("RiskLevel", "high,medium,low")]).await, 2);
    assert_eq!(found(&[("RiskLevel", "low")]).await, 1);
    assert_eq!(found(&[("RiskLevel", "medium")]).await, 0);
    assert_eq!(found(&[("Criteria", "shop_users")]).await, 1);
    assert_eq!(
        found(&[
            ("Criteria", "shop_rules"),
            ("CriteriaType", "BaselineClassAlias")
        ])
        .await,
        2
    );
    assert_eq!(
        found(&[
            ("Criteria", "shop_rules"),
            ("CriteriaType", "BaselineNameAlias")
        ])
        .await,
        0
    );
    assert_eq!(found(&[("Criteria", "Ports"), ("Lang", "en")]).await, 1);
    assert_eq!(found(&[("ScanRange.1", "image")]).await, 2);
    assert_eq!(found(&[("ScanRange.1", "container")]).await, 0);
    assert_eq!(
        found(&[("ScanRange.1", "container"), ("ScanRange.2", "image")]).await,
        2
    );
    assert_eq!(found(&[("PageSize", "1"), ("CurrentPage", "2")]).await, 1);
    assert_eq!(
        found(&[("Unknown", "x"), ("RegionId", "cn-hangzhou")]).await,
        2
    );
    let containers = scene.listed(
        RESULT,
        "BaselineResult",
        &[("ImageUuid", "c1"), ("ScanRange.1", "container")],
    );
    assert_eq!(containers.await.len(), 2);
}

#[tokio::test]
async fn every_element_of_the_summary_and_the_list_of_images() {
    let scene = Scene::new().await;
    let half = Config { user: "app", ..BAD };
    scene
        .scan_images(&[image("u1", "web", BAD), image("u2", "api", half)])
        .await;
    let summary = scene
        .listed(
            "DescribeImageBaselineCheckSummary",
            "BaselineResultSummary",
            &[("Lang", "en")],
        )
        .await;
    assert_eq!(
        summary[0],
        json!({
            "Status": 0, "BaselineClassKey": "shop_rules", "BaselineClassAlias": "Shop image rules",
            "BaselineNameKey": "shop_users", "BaselineNameAlias": "Running account", "BaselineNameLevel": "high",
            "HighRiskImage": 1, "MiddleRiskImage": 1, "LowRiskImage": 0, "FirstScanTime": AT, "LastScanTime": AT,
        })
    );
    let none = [("ClusterId", "c0")];
    let none = scene
        .listed(
            "DescribeImageBaselineCheckSummary",
            "BaselineResultSummary",
            &none,
        )
        .await;
    assert!(none.is_empty());

    let action = "DescribeImageListWithBaselineName";
    let answer = scene
        .call(action, &[("BaselineNameKey", "shop_users")])
        .await;
    assert_eq!(answer.body["PageInfo"]["PageSize"], 10);
    let images = answer.body["ImageInfos"].as_array().unwrap();
    let web = images.iter().find(|image| image["Uuid"] == "u1").unwrap();
    for (name, value) in [
        ("Image", json!("registry.example:5000/shop/web:v1")),
        ("ImageId", json!(digest("id"))),
        ("Digest", json!(digest("u1"))),
        ("Tag", json!("v1")),
        ("RepoId", json!("registry.example:5000/shop/web")),
        ("RepoName", json!("web")),
        ("RepoNamespace", json!("shop")),
        ("InstanceId", json!("registry.example:5000")),
        ("ImageSize", json!(1234)),
        ("ImageCreate", json!(1_700_000_000_000_i64)),
        ("RiskStatus", json!("YES")),
        ("HighRiskImage", json!(1)),
        ("MiddleRiskImage", json!(1)),
        ("LowRiskImage", json!(0)),
        ("NoRiskImage", json!(0)),
        ("TotalItemCount", json!(2)),
        ("FirstScanTime", json!(AT)),
        ("ClusterId", json!("")),
    ] {
        assert_eq!(web[name], value, "{name}");
    }
    let found = async |parameters: &[(&str, &str)]| {
        let mut all = vec![("BaselineNameKey", "shop_users")];
        all.extend(parameters);
        let found = scene.listed(action, "ImageInfos", &all).await;
        found
            .iter()
            .map(|image| image["Uuid"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&[("Image", "WEB")]).await, ["u1"]);
    assert_eq!(
        found(&[("ImageDigest", &digest("u2").replace("sha256:", ""))]).await,
        ["u2"],
        "without its algorithm"
    );
    assert_eq!(found(&[("RepoName", "api")]).await, ["u2"]);
    assert_eq!(found(&[("RepoNamespace", "shop")]).await.len(), 2);
    assert_eq!(found(&[("RepoInstanceId", "docker.io")]).await.len(), 0);
    assert_eq!(found(&[("Pod", "web-1")]).await.len(), 0);
    assert_eq!(found(&[("Criteria", "shop_ports")]).await.len(), 0);
    assert_eq!(
        found(&[("PageSize", "1"), ("CurrentPage", "2")])
            .await
            .len(),
        1
    );
}
