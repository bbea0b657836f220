//! The three operations over a scanned store.

use serde_json::Value;
use stance_model::query::CheckRef;
use stance_service::NewException;

use crate::scene::{ACCOUNT, Answer, Scene};

/// One field of every entry.
fn every<'a>(answer: &'a Answer, list: &str, field: &str) -> Vec<&'a Value> {
    let entries = answer.body[list]
        .as_array()
        .unwrap_or_else(|| panic!("no {list}: {answer:?}"));
    entries.iter().map(|entry| &entry[field]).collect()
}

async fn only(scene: &Scene, action: &str, list: &str, parameters: &[(&str, &str)]) -> Value {
    let answer = scene.call(action, parameters).await;
    assert_eq!(
        answer.body[list].as_array().map(Vec::len),
        Some(1),
        "{answer:?}"
    );
    answer.body[list][0].clone()
}

async fn accept(scene: &Scene, assets: &[&str]) {
    let new = NewException {
        check: CheckRef::Key("ali.rds.whitelist_open".to_owned()),
        asset_ids: assets.iter().map(|id| (*id).to_owned()).collect(),
        reason: "until the move".to_owned(),
        expires_ms: None,
    };
    scene
        .service
        .add_exception(&scene.local, new)
        .await
        .unwrap();
}

async fn status(scene: &Scene) -> Value {
    only(scene, "ListCheckResult", "Checks", &[("CheckIds.1", "5")]).await["Status"].clone()
}

#[tokio::test]
async fn a_check_says_what_fails_and_what_could_not_be_read() {
    let scene = Scene::new().await;
    let check = only(
        &scene,
        "ListCheckResult",
        "Checks",
        &[("CheckIds.1", "5"), ("Lang", "en")],
    )
    .await;
    assert_eq!(
        (&check["Status"], &check["RiskLevel"]),
        (&"NOT_PASS".into(), &"HIGH".into())
    );
    assert!(
        check["StatusMessage"]
            .as_str()
            .unwrap()
            .starts_with("TIMEOUT: "),
        "a failed region is said: {check}"
    );
    assert!(check["TaskId"].as_str().unwrap().parse::<i64>().is_ok());
    let item = only(
        &scene,
        "DescribeRiskCheckResult",
        "List",
        &[("ItemIds.1", "5")],
    )
    .await;
    assert_eq!(
        (&item["Status"], &item["AffectedCount"]),
        (&"failed".into(), &2.into())
    );
    assert_eq!(
        (&item["TaskId"], &item["Sort"]),
        (
            &check["TaskId"]
                .as_str()
                .unwrap()
                .parse::<i64>()
                .unwrap()
                .into(),
            &5.into()
        )
    );
}

#[tokio::test]
async fn every_status_that_a_store_can_have_is_reached() {
    let scene = Scene::new().await;
    assert_eq!(status(&scene).await, "NOT_PASS");
    accept(&scene, &["rm-a"]).await;
    assert_eq!(status(&scene).await, "NOT_PASS");
    accept(&scene, &["rm-c"]).await;
    assert_eq!(
        status(&scene).await,
        "FAILED",
        "what could not be read is no exception"
    );
    let narrowed = [("CheckIds.1", "5"), ("InstanceIds.1", "rm-a,rm-c")];
    assert_eq!(
        only(&scene, "ListCheckResult", "Checks", &narrowed).await["Status"],
        "WHITELIST"
    );
    let narrowed = [("CheckIds.1", "5"), ("InstanceIds.1", "rm-b")];
    assert_eq!(
        only(&scene, "ListCheckResult", "Checks", &narrowed).await["Status"],
        "PASS"
    );
    let untouched = scene
        .call(
            "ListCheckResult",
            &[("Statuses.1", "NOT_CHECK"), ("PageSize", "100")],
        )
        .await;
    assert!(!every(&untouched, "Checks", "CheckId").is_empty());
}

#[tokio::test]
async fn a_running_task_shows_its_checks_as_being_checked() {
    let scene = Scene::new().await;
    scene.begin_task().await;
    assert_eq!(status(&scene).await, "CHECKING");
    let item = only(
        &scene,
        "DescribeRiskCheckResult",
        "List",
        &[("Status", "running")],
    )
    .await;
    assert_eq!(
        (&item["ItemId"], &item["AffectedCount"]),
        (&5.into(), &2.into())
    );
    let waiting = [("CheckId", "5"), ("Statuses.1", "CHECKING")];
    let result = only(&scene, "ListCheckInstanceResult", "BasicData", &waiting).await;
    assert_eq!(
        (&result["InstanceId"], &result["Status"]),
        (&"rm-e".into(), &"CHECKING".into())
    );
}

#[tokio::test]
async fn results_are_listed_with_statuses_reasons_and_evidence() {
    let scene = Scene::new().await;
    let all = scene
        .call(
            "ListCheckInstanceResult",
            &[("CheckId", "5"), ("Lang", "en")],
        )
        .await;
    assert_eq!(
        every(&all, "BasicData", "InstanceId"),
        ["rm-a", "rm-b", "rm-c", "rm-d", "rm-e"]
    );
    let statuses = every(&all, "BasicData", "Status");
    assert_eq!(
        statuses,
        ["NOT_PASS", "PASS", "NOT_PASS", "PASS", "NOT_CHECK"]
    );
    assert_eq!(all.body["PageInfo"]["Count"], "5");
    let last = &all.body["BasicData"][4];
    assert!(
        last["StatusMessage"]
            .as_str()
            .unwrap()
            .starts_with("NO_PERMISSION: "),
        "{last}"
    );
    assert!(
        last["StatusMessage"]
            .as_str()
            .unwrap()
            .contains("Forbidden.RAM"),
        "{last}"
    );
    let config = &all.body["BasicData"][0]["InstanceInfo"]["Config"];
    let entries = config
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["Name"] == "OpenEntries")
        .unwrap();
    assert!(
        entries["Value"].as_str().unwrap().contains("0.0.0.0/0"),
        "{config}"
    );
    assert_eq!(
        all.body["Checks"][0]["OpenEntriesShow"]["value"],
        entries["Value"]
    );
    assert_eq!(
        all.body["Checks"][0]["RegionIdShow"]["value"],
        "China (Hangzhou)"
    );
    accept(&scene, &["rm-a"]).await;
    let accepted = only(
        &scene,
        "ListCheckInstanceResult",
        "BasicData",
        &[("CheckId", "5"), ("Statuses.1", "WHITELIST")],
    )
    .await;
    assert_eq!(accepted["InstanceId"], "rm-a");
    assert!(
        accepted["StatusMessage"]
            .as_str()
            .unwrap()
            .contains("until the move")
    );
}

#[tokio::test]
async fn filters_of_results() {
    let scene = Scene::new().await;
    for (parameters, wanted) in [
        (vec![("Statuses.1", "PASS")], vec!["rm-b", "rm-d"]),
        (
            vec![("Statuses.1", "PASS,NOT_CHECK")],
            vec!["rm-b", "rm-d", "rm-e"],
        ),
        (vec![("Statuses.1", "CHECKING")], vec![]),
        (vec![("InstanceIdKey", "M-A")], vec!["rm-a"]),
        (vec![("InstanceNameKey", "orders")], vec!["rm-a", "rm-c"]),
        (vec![("InstanceNameKey", "%_")], vec!["rm-d"]),
        (vec![("RegionIdKey", "beijing")], vec!["rm-c", "rm-d"]),
        (
            vec![
                ("InstanceIds.1", "rm-a"),
                ("InstanceIds.2", "rm-d"),
                ("RegionIdKey", "cn-h"),
            ],
            vec!["rm-a"],
        ),
        (
            vec![("SortTypes.1", "STATUS")],
            vec!["rm-a", "rm-c", "rm-b", "rm-d", "rm-e"],
        ),
        (
            vec![("PageSize", "2"), ("CurrentPage", "2")],
            vec!["rm-c", "rm-d"],
        ),
        (
            vec![("PageSize", "2"), ("CurrentPage", "2147483647")],
            vec![],
        ),
    ] {
        let mut asked = vec![("CheckId", "5")];
        asked.extend(&parameters);
        let answer = scene.call("ListCheckInstanceResult", &asked).await;
        assert_eq!(
            every(&answer, "BasicData", "InstanceId"),
            wanted,
            "{parameters:?}"
        );
    }
}

#[tokio::test]
async fn accounts_of_the_resource_directory() {
    let scene = Scene::new().await;
    let own = scene
        .call(
            "ListCheckResult",
            &[("ResourceDirectoryAccountId", ACCOUNT), ("CheckIds.1", "5")],
        )
        .await;
    assert_eq!(every(&own, "Checks", "Status"), ["NOT_PASS"]);
    let foreign = scene
        .call("ListCheckResult", &[("ResourceDirectoryAccountId", "42")])
        .await;
    assert_eq!(foreign.error(), ("RdCheckNoPermission", 400));
}

#[tokio::test]
async fn checks_that_are_missing_or_unknown() {
    let scene = Scene::new().await;
    assert_eq!(
        scene.call("ListCheckInstanceResult", &[]).await.error(),
        ("MissingCheckId", 400)
    );
    for id in ["0", "-5", "1048576", "9223372036854775807", "five"] {
        let answer = scene
            .call("ListCheckInstanceResult", &[("CheckId", id)])
            .await;
        assert_eq!(answer.error(), ("IllegalParam", 400), "{id}");
    }
}

#[tokio::test]
async fn pages_meet_each_check_once() {
    let scene = Scene::new().await;
    let whole = scene.call("ListCheckResult", &[("PageSize", "100")]).await;
    let total = whole.body["PageInfo"]["TotalCount"].as_u64().unwrap();
    let mut seen = Vec::new();
    for page in 1..=total.div_ceil(7) {
        let answer = scene
            .call(
                "ListCheckResult",
                &[("PageSize", "7"), ("CurrentPage", &page.to_string())],
            )
            .await;
        assert_eq!(answer.body["PageInfo"]["TotalCount"], total);
        seen.extend(
            every(&answer, "Checks", "CheckId")
                .into_iter()
                .map(|id| id.as_i64().unwrap()),
        );
    }
    assert_eq!(seen.len() as u64, total);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len() as u64, total);
}
