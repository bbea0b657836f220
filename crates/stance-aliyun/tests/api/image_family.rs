//! The operations around the results of images: items, whitelist, catalogue, strategy, images and their scans.

use serde_json::{Value, json};

use crate::image_scene::{BAD, GOOD, digest, image};
use crate::scene::Scene;

const RESULT: &str = "DescribeImageBaselineCheckResult";

/// When the images were scanned, in milliseconds since 1970.
const AT: i64 = 1_780_302_600_000;

#[tokio::test]
async fn the_catalogue_and_the_strategy() {
    let scene = Scene::new().await;
    let answer = scene
        .call("DescribeAllImageBaseline", &[("Lang", "en")])
        .await;
    let classes = answer.body["ImageBaselines"]["BaselineClassList"]
        .as_array()
        .unwrap();
    let own = classes
        .iter()
        .find(|class| class["ClassKey"] == "shop_rules")
        .unwrap();
    assert_eq!(
        own["BaselineNameList"][1],
        json!({
            "ClassKey": "shop_rules", "NameKey": "shop_ports", "Alias": "Open ports",
            "BaselineItemList": [{"ClassKey": "shop_rules", "NameKey": "shop_ports", "ItemKey": "shop_port_22",
                "Alias": "Images do not declare the port of SSH"}],
        })
    );
    let strategy = async || {
        let answer = scene
            .call("DescribeImageBaselineStrategy", &[("Source", "default")])
            .await;
        answer.body["Strategy"].clone()
    };
    let before = strategy().await;
    assert_eq!(
        (&before["Type"], &before["StrategyName"]),
        (&json!("full"), &json!("default"))
    );
    assert_eq!(before["SelectedItemCount"], before["TotalItemCount"]);
    // What was answered is what can be saved.
    let items = &before["BaselineItemList"].as_array().unwrap();
    let chosen: Vec<&Value> = items
        .iter()
        .filter(|item| item["NameKey"] == "shop_users")
        .collect();
    let chosen = json!(chosen).to_string();
    let save = [
        ("BaselineItemList", chosen.as_str()),
        ("StrategyName", "shop"),
        ("ImageVulClean", "30"),
    ];
    assert_eq!(
        scene.call("SaveImageBaselineStrategy", &save).await.status,
        200
    );
    let after = strategy().await;
    assert_eq!(
        (&after["SelectedItemCount"], &after["Type"]),
        (&json!(2), &json!("default"))
    );
    assert_eq!(
        (&after["ImageVulClean"], &after["StrategyName"]),
        (&json!(30), &json!("shop"))
    );
    let other = scene
        .call("DescribeImageBaselineStrategy", &[("Source", "agentless")])
        .await;
    assert_eq!(other.body["Strategy"]["TotalItemCount"], 0);
}

#[tokio::test]
async fn what_images_are_and_when_they_were_scanned() {
    let scene = Scene::new().await;
    scene
        .scan_images(&[image("u1", "web", BAD), image("u2", "api", GOOD)])
        .await;
    let infos = scene
        .listed(
            "DescribeImageInfoList",
            "ImageInfos",
            &[("Uuids", "u1,u2,nobody")],
        )
        .await;
    let risk = |uuid: &str| infos.iter().find(|i| i["Uuid"] == uuid).unwrap()["RiskStatus"].clone();
    assert_eq!(
        (infos.len(), risk("u1"), risk("u2")),
        (2, json!("YES"), json!("NO"))
    );
    assert!(
        infos[0].get("VulCount").is_none(),
        "vulnerabilities were not looked for"
    );

    let tasks = scene
        .listed(
            "DescribeImageLatestScanTask",
            "Task",
            &[("Digest", &digest("u1"))],
        )
        .await;
    let task = &tasks[0];
    for (name, value) in [
        ("Status", json!("SUCCESS")),
        ("TaskType", json!("IMAGE_SCAN")),
        ("TargetType", json!("IMAGE")),
        ("Target", json!(digest("u1"))),
        ("Source", json!("console_batch")),
        ("Create", json!("2026-06-01T08:30:00")),
        ("StartTime", json!(AT)),
        ("FinishTime", json!(AT)),
    ] {
        assert_eq!(task[name], value, "{name}");
    }
    assert_eq!(task["TaskId"].as_str().unwrap(), task["Id"].to_string());
    let none = scene
        .listed(
            "DescribeImageLatestScanTask",
            "Task",
            &[("Digest", "sha256:00")],
        )
        .await;
    assert!(none.is_empty());

    let scan = scene
        .call("PublicCreateImageScanTask", &[("Digests", &digest("u1"))])
        .await;
    let data = &scan.body["Data"];
    assert_eq!(
        (&data["Result"], &data["Status"]),
        (&json!("TASK_NOT_SUPPORT_REGION"), &json!("FAIL"))
    );
    assert_eq!(
        (&data["CanCreate"], &data["TaskId"]),
        (&json!(true), &json!(""))
    );
}

#[tokio::test]
async fn items_their_text_and_the_whitelist() {
    let scene = Scene::new().await;
    scene
        .scan_images(&[image("u1", "web", BAD), image("u2", "api", BAD)])
        .await;
    let action = "DescribeImageBaselineItemList";
    let items = scene
        .listed(
            action,
            "BaselineItemInfos",
            &[("ImageUuid", "u1"), ("Lang", "en")],
        )
        .await;
    assert_eq!(
        items[0],
        json!({
            "BaselineClassKey": "shop_rules", "BaselineClassAlias": "Shop image rules", "BaselineNameKey": "shop_users",
            "BaselineNameAlias": "Running account", "BaselineItemKey": "shop_user_root",
            "BaselineItemAlias": "Images run as another account than root", "Status": 0, "WhiteList": 0,
        })
    );
    let detail = [
        ("ImageUuid", "u1"),
        ("BaselineItemKey", "shop_port_22"),
        ("Lang", "en"),
    ];
    let detail = scene.call("DescribeImageBaselineDetail", &detail).await;
    let detail = &detail.body["BaselineDetail"];
    assert_eq!(
        detail["Prompt"],
        "config:ExposedPorts ExposedPorts (layer 000000000000)"
    );
    assert_eq!(
        (&detail["Level"], &detail["BaselineClassAlias"]),
        (&json!("low"), &json!("Shop image rules"))
    );
    assert!(detail["ResultId"].as_str().unwrap().parse::<i64>().is_ok());
    assert_eq!(detail["Advice"], "Take EXPOSE 22 away.");

    let operate = "OperateImageBaselineWhitelist";
    let add = [
        ("ImageUuid", "u1"),
        ("Operation", "add"),
        ("BaselineItemKeyList", "shop_user_root,shop_healthcheck"),
    ];
    assert_eq!(scene.call(operate, &add).await.status, 200);
    let results = scene
        .listed(RESULT, "BaselineResult", &[("ImageUuid", "u1")])
        .await;
    assert_eq!(results.len(), 1, "white-listed items do not count");
    let listed = async |status: &str| {
        let parameters = [
            ("ImageUuid", "u1"),
            ("BaselineNameKey", "shop_users"),
            ("Status", status),
        ];
        scene.listed(action, "BaselineItemInfos", &parameters).await
    };
    assert!(listed("0").await.iter().all(|item| item["WhiteList"] == 1));
    for never in ["1", "2", "3"] {
        assert!(listed(never).await.is_empty(), "{never}");
    }
    let del = [
        ("Operation", "del"),
        (
            "BaselineItemKeyList",
            r#"["shop_user_root","shop_healthcheck"]"#,
        ),
    ];
    assert_eq!(scene.call(operate, &del).await.status, 200);
    assert_eq!(
        scene
            .listed(RESULT, "BaselineResult", &[("ImageUuid", "u1")])
            .await
            .len(),
        2
    );
    let both = [("Uuids.1", "u1"), ("Uuids.2", "u2")];
    assert_eq!(
        scene.listed(action, "BaselineItemInfos", &both).await.len(),
        3
    );
}
