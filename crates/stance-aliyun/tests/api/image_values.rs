//! Image operations asked wrongly, by strangers, or about what is not there.

use stance_service::{NewKey, Policy};

use crate::image_scene::{BAD, image};
use crate::scene::{NOW, Scene};
use crate::sign::Ask;

/// Each operation with parameters that are right.
const RIGHT: [(&str, &[(&str, &str)]); 12] = [
    ("DescribeAllImageBaseline", &[]),
    ("DescribeImageBaselineCheckResult", &[("ImageUuid", "u1")]),
    ("DescribeImageBaselineCheckSummary", &[]),
    (
        "DescribeImageBaselineDetail",
        &[("BaselineItemKey", "shop_port_22")],
    ),
    ("DescribeImageBaselineItemList", &[("ImageUuid", "u1")]),
    ("DescribeImageBaselineStrategy", &[]),
    ("DescribeImageInfoList", &[("Uuids", "u1")]),
    ("DescribeImageLatestScanTask", &[("Digest", "sha256:00")]),
    (
        "DescribeImageListWithBaselineName",
        &[("BaselineNameKey", "shop_users")],
    ),
    (
        "OperateImageBaselineWhitelist",
        &[
            ("Operation", "del"),
            ("BaselineItemKeyList", "shop_port_22"),
        ],
    ),
    ("PublicCreateImageScanTask", &[]),
    (
        "SaveImageBaselineStrategy",
        &[("BaselineItemList", "shop_rules")],
    ),
];

#[tokio::test]
async fn what_is_missing_is_named() {
    let scene = Scene::new().await;
    for (action, parameters, code) in [
        (
            "DescribeImageBaselineCheckResult",
            &[][..],
            "MissingImageUuid",
        ),
        (
            "DescribeImageBaselineCheckResult",
            &[("ImageUuid", "")],
            "MissingImageUuid",
        ),
        ("DescribeImageBaselineItemList", &[], "MissingImageUuid"),
        (
            "DescribeImageBaselineDetail",
            &[("ImageUuid", "u1")],
            "MissingBaselineItemKey",
        ),
        (
            "DescribeImageListWithBaselineName",
            &[],
            "MissingBaselineNameKey",
        ),
        ("DescribeImageInfoList", &[], "MissingUuids"),
        ("DescribeImageLatestScanTask", &[], "MissingDigest"),
        (
            "OperateImageBaselineWhitelist",
            &[("Operation", "add")],
            "MissingBaselineItemKeyList",
        ),
        (
            "OperateImageBaselineWhitelist",
            &[("BaselineItemKeyList", "shop_port_22")],
            "MissingOperation",
        ),
        ("SaveImageBaselineStrategy", &[], "MissingBaselineItemList"),
    ] {
        let answer = scene.call(action, parameters).await;
        assert_eq!(answer.error(), (code, 400), "{action}");
    }
}

#[tokio::test]
async fn bad_values_are_refused() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    let result = "DescribeImageBaselineCheckResult";
    let long = "x".repeat(2_000);
    for (action, name, value) in [
        (result, "RiskLevel", "HIGH"),
        (result, "RiskLevel", "high,middle"),
        (result, "CriteriaType", "BaselineItemAlias"),
        (result, "ScanRange.1", "host"),
        (result, "ScanRange.0", "image"),
        (result, "Lang", "fr"),
        (result, "PageSize", "101"),
        (result, "PageSize", "0"),
        (result, "CurrentPage", "0"),
        (result, "CurrentPage", "x"),
        (result, "Criteria", long.as_str()),
        (result, "ImageUuid", long.as_str()),
        ("DescribeImageBaselineItemList", "Status", "4"),
        (
            "DescribeImageBaselineDetail",
            "BaselineItemKey",
            "no_such_item",
        ),
        (
            "DescribeImageBaselineDetail",
            "BaselineItemKey",
            "ali.rds.whitelist_open",
        ),
        ("DescribeImageBaselineStrategy", "Source", "other"),
        ("DescribeImageBaselineStrategy", "StrategyId", "7"),
        ("DescribeImageBaselineStrategy", "StrategyId", "-1"),
        (
            "SaveImageBaselineStrategy",
            "BaselineItemList",
            "[{\"Key\":\"shop_port_22\"}]",
        ),
        (
            "SaveImageBaselineStrategy",
            "BaselineItemList",
            "[\"shop_port_22\",7]",
        ),
        (
            "SaveImageBaselineStrategy",
            "BaselineItemList",
            "no_such_item",
        ),
        ("SaveImageBaselineStrategy", "Source", "agentless"),
        ("SaveImageBaselineStrategy", "ImageVulClean", "-1"),
        ("OperateImageBaselineWhitelist", "Operation", "remove"),
        (
            "OperateImageBaselineWhitelist",
            "BaselineItemKeyList",
            "no_such_item",
        ),
        ("OperateImageBaselineWhitelist", "BaselineItemKeyList", "[]"),
        ("OperateImageBaselineWhitelist", "ImageUuid", "nobody"),
        ("PublicCreateImageScanTask", "RegistryTypes", "ftp"),
        ("PublicCreateImageScanTask", "Tags", "no-such-tag"),
    ] {
        let (_, right) = RIGHT.iter().find(|(known, _)| *known == action).unwrap();
        let mut parameters: Vec<(&str, &str)> =
            right.iter().copied().filter(|(n, _)| *n != name).collect();
        parameters.push((name, value));
        let before = scene.state().await;
        let answer = scene.call(action, &parameters).await;
        assert_eq!(
            answer.error(),
            ("IllegalParam", 400),
            "{action} {name}={value}: {answer:?}"
        );
        assert_eq!(scene.state().await, before, "{action} {name}={value}");
    }
}

#[tokio::test]
async fn what_is_not_known_has_nothing() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    for (action, list, name) in [
        (
            "DescribeImageBaselineCheckResult",
            "BaselineResult",
            "ImageUuid",
        ),
        (
            "DescribeImageBaselineItemList",
            "BaselineItemInfos",
            "ImageUuid",
        ),
        (
            "DescribeImageListWithBaselineName",
            "ImageInfos",
            "BaselineNameKey",
        ),
        ("DescribeImageInfoList", "ImageInfos", "Uuids"),
        ("DescribeImageLatestScanTask", "Task", "Digest"),
    ] {
        assert!(
            scene
                .listed(action, list, &[(name, "nobody")])
                .await
                .is_empty(),
            "{action}"
        );
    }
}

#[tokio::test]
async fn each_operation_needs_its_own_permission() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    for (action, parameters) in RIGHT {
        for (allowed, status) in [
            (format!("yundun-sas:{action}"), 200),
            ("ecs:*".to_owned(), 403),
        ] {
            let policy = format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"{allowed}"}}]}}"#);
            Policy::parse(&policy).unwrap();
            let key = scene
                .new_key(NewKey {
                    policy: Some(policy),
                    ..NewKey::default()
                })
                .await;
            let answer = scene
                .wire(&Ask::new(action, NOW, parameters).v3(&key))
                .await;
            assert_eq!(answer.status, status, "{action}: {answer:?}");
            if status == 403 {
                assert_eq!(answer.error().0, "NoPermission");
            }
        }
    }
}
