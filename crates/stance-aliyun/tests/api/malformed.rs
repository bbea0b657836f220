//! A hundred thousand requests that are nearly right: no panic, no 5xx, always the envelope, nothing changed.
//!
//! Requests are mutations of valid ones from a fixed seed. `STANCE_MALFORMED` sets how many, `STANCE_MALFORMED_SEED`
//! where they start; a failure names the seed of its request.

use std::env::var;

use crate::image_scene::{BAD, image};
use crate::random::Random;
use crate::scene::{Answer, NOW, Scene};
use crate::sign::{Ask, Wire};

/// How many requests, unless the environment says otherwise.
const REQUESTS: u64 = 100_000;

/// How many tasks send them.
const SENDERS: u64 = 4;

const ACTIONS: [&str; 17] = [
    "ListCheckResult",
    "ListCheckInstanceResult",
    "DescribeRiskCheckResult",
    "DescribeAllImageBaseline",
    "DescribeImageBaselineCheckResult",
    "DescribeImageBaselineCheckSummary",
    "DescribeImageBaselineDetail",
    "DescribeImageBaselineItemList",
    "DescribeImageBaselineStrategy",
    "DescribeImageInfoList",
    "DescribeImageLatestScanTask",
    "DescribeImageListWithBaselineName",
    "OperateImageBaselineWhitelist",
    "PublicCreateImageScanTask",
    "SaveImageBaselineStrategy",
    "DropEverything",
    "",
];

const NAMES: [&str; 58] = [
    "StandardIds.1",
    "RequirementIds.1",
    "CheckIds.1",
    "CheckIds.2",
    "Statuses.1",
    "RiskLevels.1",
    "Vendors.1",
    "InstanceTypes.1",
    "InstanceIds.1",
    "SortTypes.1",
    "Types.1",
    "OperationTypes.1",
    "CheckTypes.1",
    "TaskSources.1",
    "CheckKey",
    "Lang",
    "RegionId",
    "CustomParam",
    "CurrentPage",
    "PageSize",
    "ResourceDirectoryAccountId",
    "CheckId",
    "InstanceIdKey",
    "InstanceNameKey",
    "RegionIdKey",
    "GroupId",
    "RiskLevel",
    "Status",
    "AssetType",
    "Name",
    "QueryFlag",
    "ItemIds.1",
    "SourceIp",
    "ImageUuid",
    "Criteria",
    "CriteriaType",
    "ScanRange.1",
    "Uuids",
    "Uuids.1",
    "BaselineNameKey",
    "BaselineClassKey",
    "BaselineItemKey",
    "BaselineItemKeyList",
    "BaselineItemList",
    "Operation",
    "Source",
    "StrategyId",
    "StrategyName",
    "ImageVulClean",
    "Digest",
    "Digests",
    "InstanceIds",
    "RepoIds",
    "RepoNames",
    "RepoNamespaces",
    "Tags",
    "ClusterId",
    "CheckIds.99999999999999999999",
];

const VALUES: [&str; 56] = [
    "1",
    "5",
    "0",
    "-1",
    "20",
    "100",
    "101",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e9",
    "0x10",
    " 1",
    "PASS",
    "NOT_PASS",
    "CHECKING",
    "WHITELIST",
    "HIGH",
    "high",
    "ALIYUN",
    "RDS",
    "POSTGRESQL",
    "STATUS",
    "RISK_LEVEL",
    "RISK",
    "True",
    "false",
    "zh",
    "en",
    "enabled",
    "disabled",
    "pass",
    "OSS",
    "%",
    "_",
    "'; DROP TABLE result; --",
    "\\",
    "\u{0}",
    "中文😀",
    "\t\n",
    "a,b,,c",
    "image",
    "container",
    "BaselineNameAlias",
    "default",
    "agentless",
    "add",
    "del",
    "u1",
    "[\"x\"]",
    "[{\"ItemKey\":1}]",
    "[[[[",
    "sha256:00",
    "",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nearly_right_requests_change_nothing_and_break_nothing() {
    let scene = Scene::new().await;
    scene.scan_images(&[image("u1", "web", BAD)]).await;
    let before = scene.state().await;
    let number = |name: &str, default| {
        var(name)
            .ok()
            .map_or(default, |text| text.parse().expect("a number"))
    };
    let (requests, first) = (
        number("STANCE_MALFORMED", REQUESTS),
        number("STANCE_MALFORMED_SEED", 0),
    );
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            tokio::spawn(send(
                scene.clone(),
                first + sender * requests / SENDERS..first + (sender + 1) * requests / SENDERS,
            ))
        })
        .collect();
    let mut refused = 0;
    for sender in senders {
        refused += sender.await.expect("no request panics");
    }
    assert!(
        refused > requests / 2,
        "the requests are malformed, most of them: {refused}"
    );
    assert_eq!(scene.state().await, before);
}

/// Sends one request for each seed; how many were refused.
async fn send(scene: Scene, seeds: std::ops::Range<u64>) -> u64 {
    let mut refused = 0;
    for seed in seeds {
        let request = nearly_right(&scene, &mut Random::new(seed));
        let answer = scene.send(request).await;
        check(seed, &answer);
        refused += u64::from(answer.status != 200);
    }
    refused
}

fn check(seed: u64, answer: &Answer) {
    assert!(answer.status < 500, "seed {seed}: {answer:?}");
    if answer.body.is_null() {
        // To HEAD.
        return assert_eq!(answer.status, 400, "seed {seed}");
    }
    let id = answer.body["RequestId"].as_str().unwrap_or_default();
    assert_eq!(id.len(), 36, "seed {seed}: {answer:?}");
    assert_eq!(
        answer.body.get("Code").is_some(),
        answer.status != 200,
        "seed {seed}: {answer:?}"
    );
}

/// A request that an HTTP server would hand on, but that is wrong somewhere, or may be.
fn nearly_right(scene: &Scene, random: &mut Random) -> axum::http::Request<axum::body::Body> {
    loop {
        let mut wire = signed(scene, random);
        // One in ten stays signed, so that bad values reach the operations.
        if !random.one_in(10) {
            for _ in 0..=random.below(3) {
                mutate(&mut wire, random);
            }
        }
        if let Some(request) = wire.request() {
            return request;
        }
    }
}

fn signed(scene: &Scene, random: &mut Random) -> Wire {
    let action = if random.one_in(20) {
        random.pick(&ACTIONS)
    } else {
        random.pick(&ACTIONS[..15])
    };
    let mut ask = Ask::new(action, NOW, &[]);
    if action == "ListCheckInstanceResult" && !random.one_in(4) {
        ask.parameters.push(("CheckId".to_owned(), "5".to_owned()));
    }
    for _ in 0..random.below(5) {
        let value = if random.one_in(30) {
            "9".repeat(2_000)
        } else {
            random.pick(&VALUES).to_owned()
        };
        let name = random.pick(&NAMES).to_owned();
        if ask.parameters.iter().all(|(given, _)| *given != name) || random.one_in(10) {
            ask.parameters.push((name, value));
        }
    }
    if random.one_in(4) {
        ask.method = "GET";
    }
    match random.below(3) {
        0 => ask.v1(&scene.key, false),
        1 => ask.v1(&scene.key, true),
        _ => ask.v3(&scene.key),
    }
}

/// One change somewhere in the request.
fn mutate(wire: &mut Wire, random: &mut Random) {
    match random.below(9) {
        0 => {
            wire.method = random
                .pick(&["PUT", "HEAD", "post", "OPTIONS", "X"])
                .to_owned();
        }
        1 => wire.target = damaged_text(&wire.target, random),
        2 => wire.target.push_str(random.pick(&[
            "&",
            "?",
            "&a",
            "&=",
            "&%",
            "&Action=ListCheckResult",
            "&Lang=%ff",
            "#x",
        ])),
        3 => damage(&mut wire.body, random),
        4 => wire.headers.truncate(random.below(wire.headers.len() + 1)),
        5 => {
            let at = random.below(wire.headers.len().max(1));
            if let Some((_, value)) = wire.headers.get_mut(at) {
                damage(value, random);
            }
        }
        6 => {
            let header = wire
                .headers
                .get(random.below(wire.headers.len().max(1)))
                .cloned();
            wire.headers.extend(header);
        }
        7 => wire.headers.push((
            "content-type".to_owned(),
            b"application/x-www-form-urlencoded".to_vec(),
        )),
        _ => wire.headers.push((
            "authorization".to_owned(),
            b"ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=".to_vec(),
        )),
    }
}

/// Some bytes replaced, removed or doubled.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len().max(1));
        match random.below(3) {
            0 if at < bytes.len() => bytes[at] = random.byte(),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at.min(bytes.len()), random.byte()),
        }
    }
}

fn damaged_text(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    damage(&mut bytes, random);
    String::from_utf8_lossy(&bytes).into_owned()
}
