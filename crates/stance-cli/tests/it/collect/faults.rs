//! Every fault that was seen at real providers ends in the coverage that tells of it, and in no verdict that is not
//! true.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::scene::{INSTANCES, Provider, Snapshot, rds};

const TYPE: &str = "aliyun/rds/instance";
const LIST: &str = "DescribeDBInstances";
const HANGZHOU: &str = "cn-hangzhou";

/// A fault, and how collecting ends.
struct Row {
    name: &'static str,
    faults: Value,
    options: &'static [&'static str],
    /// Status, kind and code in cn-hangzhou.
    ends: (&'static str, &'static str, &'static str),
    assets: usize,
    /// How often the listing is asked for in cn-hangzhou.
    listings: usize,
}

fn row(name: &'static str, faults: Value, ends: (&'static str, &'static str, &'static str)) -> Row {
    let complete = ends.0 == "ok";
    Row {
        name,
        faults,
        options: &[],
        ends,
        assets: if complete { INSTANCES } else { 0 },
        listings: if complete { 3 } else { 1 },
    }
}

/// A fault of the listing in cn-hangzhou.
fn listing(fault: &str, from: u64, to: Option<u64>) -> Value {
    json!([{"action": LIST, "region": HANGZHOU, "from": from, "to": to, "fault": fault}])
}

const OK: (&str, &str, &str) = ("ok", "", "");

/// What passes, or was declared.
fn harmless() -> Vec<Row> {
    vec![
        Row {
            listings: 5,
            ..row("throttled twice", listing("throttle", 1, Some(2)), OK)
        },
        Row {
            listings: 4,
            ..row("reset once", listing("reset", 1, Some(1)), OK)
        },
        Row {
            listings: 4,
            ..row("asked to wait", listing("retry_after", 1, Some(1)), OK)
        },
        Row {
            listings: 4,
            ..row("garbled once", listing("truncated", 2, Some(2)), OK)
        },
        Row {
            listings: 4,
            ..row("expired, then renewed", listing("expired", 1, Some(1)), OK)
        },
        row("a total as a text", listing("text_number", 1, None), OK),
        row(
            "there is none",
            json!([{"action": "DescribeDBInstanceSSL", "fault": "error", "status": 404, "code": "InstanceEngineType.NotSupport"}]),
            OK,
        ),
    ]
}

/// What ends the listing before it began.
fn fatal() -> Vec<Row> {
    vec![
        Row {
            listings: 4,
            ..row(
                "throttled for ever",
                listing("throttle", 1, None),
                ("failed", "throttled", "Throttling.User"),
            )
        },
        Row {
            listings: 4,
            ..row(
                "down",
                listing("unavailable", 1, None),
                ("failed", "unavailable", "HTTP 503"),
            )
        },
        Row {
            listings: 4,
            options: &["--timeout", "0.3"],
            ..row(
                "no answer",
                listing("hang", 1, None),
                ("failed", "timeout", ""),
            )
        },
        Row {
            listings: 4,
            options: &["--timeout", "0.3"],
            ..row(
                "a slow answer",
                listing("slow", 1, None),
                ("failed", "timeout", ""),
            )
        },
        row(
            "denied",
            listing("denied", 1, None),
            ("failed", "no_permission", "Forbidden.RAM"),
        ),
        Row {
            listings: 4,
            ..row(
                "garbled",
                listing("truncated", 1, None),
                ("failed", "bad_response", "NotParsed"),
            )
        },
        Row {
            listings: 4,
            ..row(
                "a page for people",
                listing("html", 1, None),
                ("failed", "bad_response", "NotParsed"),
            )
        },
        row(
            "another shape",
            listing("wrong_shape", 1, None),
            ("failed", "bad_response", "NoItems"),
        ),
        Row {
            listings: 2,
            ..row(
                "expired for ever",
                listing("expired", 1, None),
                (
                    "failed",
                    "credential_expired",
                    "InvalidSecurityToken.Expired",
                ),
            )
        },
        row(
            "a wrong secret",
            listing("invalid", 1, None),
            ("failed", "credential_invalid", "SignatureDoesNotMatch"),
        ),
        Row {
            listings: 4,
            ..row(
                "no connection",
                listing("reset", 1, None),
                ("failed", "network", ""),
            )
        },
    ]
}

/// What ends the listing in the middle.
fn halfway() -> Vec<Row> {
    let half = |row: Row| Row {
        assets: 2,
        listings: 2,
        ..row
    };
    vec![
        half(row(
            "denied halfway",
            listing("denied", 2, None),
            ("partial", "no_permission", "Forbidden.RAM"),
        )),
        Row {
            listings: 5,
            ..half(row(
                "down halfway",
                listing("unavailable", 2, None),
                ("partial", "unavailable", "HTTP 503"),
            ))
        },
        half(row(
            "another shape halfway",
            listing("wrong_shape", 2, None),
            ("partial", "bad_response", "NoItems"),
        )),
        half(row(
            "the same page again",
            listing("repeat_cursor", 1, None),
            ("partial", "bad_response", "PageTokenRepeats"),
        )),
        Row {
            assets: 4,
            ..half(row(
                "a falling total",
                listing("shrinking_total", 2, None),
                ("partial", "bad_response", "ListingTooShort"),
            ))
        },
        Row {
            assets: 4,
            ..half(row(
                "elements twice",
                listing("duplicates", 1, None),
                ("partial", "bad_response", "ListingTooShort"),
            ))
        },
    ]
}

#[test]
fn what_passes_leaves_no_trace() {
    let truth = truth();
    for row in harmless() {
        let found = ends(&row, &truth);
        assert!(
            row.name == "there is none" || found == truth,
            "{}",
            row.name
        );
    }
}

#[test]
fn what_ends_a_listing_before_it_began_is_told() {
    let truth = truth();
    for row in fatal() {
        let found = ends(&row, &truth);
        assert!(found.is_empty(), "{}: {found:?}", row.name);
    }
}

#[test]
fn what_ends_a_listing_halfway_keeps_what_was_read() {
    let truth = truth();
    for row in halfway() {
        ends(&row, &truth);
    }
}

/// Collects with the fault of a row, and scans what was collected: no check says of an asset what is not true.
fn ends(row: &Row, truth: &Verdicts) -> Verdicts {
    let provider = Provider::new(&rds(), &row.faults);
    let snapshot = provider.collect(TYPE, row.options);
    let (status, kind, code) = snapshot.covered(HANGZHOU);
    let (name, text) = (row.name, &snapshot.text);
    assert_eq!((&*status, &*kind, &*code), row.ends, "{name}: {text}");
    assert_eq!(snapshot.assets.len(), row.assets, "{name}: {text}");
    assert_eq!(provider.requests(LIST, HANGZHOU), row.listings, "{name}");
    let expired = row.ends.1 == "credential_expired";
    assert!(
        expired || snapshot.covered("cn-shanghai").0 == "ok",
        "{name}"
    );
    let scanned = provider
        .place
        .ok(&["scan", "collected.jsonl", "--format", "json"]);
    let found = verdicts(&scanned);
    for (what, status) in &found {
        let same = truth.get(what) == Some(status);
        assert!(same || status == "NOT_CHECK", "{name}: {what} {status}");
    }
    told(row, &scanned);
    found
}

/// The report of a scan tells the reason as `StatusMessage` does, and nothing where nothing is missing.
fn told(row: &Row, scanned: &str) {
    let report: Value = serde_json::from_str(scanned).unwrap();
    let coverage = report["coverage"].as_array().unwrap();
    let told = row.ends == OK
        || coverage
            .iter()
            .any(|c| c.to_string().contains(&row.ends.1.to_uppercase()));
    let told = told && (row.ends != OK || coverage.is_empty());
    assert!(told, "{}: {coverage:?}", row.name);
}

/// The status of each check of each asset.
type Verdicts = BTreeMap<String, String>;

/// What is true: what a scan of the live account finds when nothing goes wrong.
fn truth() -> Verdicts {
    let provider = Provider::new(&rds(), &json!([]));
    let done = provider.run(&["scan", "aliyun", "--type", TYPE, "--format", "json"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let truth = verdicts(&done.out);
    assert!(
        truth.values().any(|status| status == "NOT_PASS"),
        "{truth:?}"
    );
    assert!(truth.values().any(|status| status == "PASS"), "{truth:?}");
    truth
}

fn verdicts(report: &str) -> Verdicts {
    let report: Value = serde_json::from_str(report).unwrap();
    let one = |result: &Value| {
        let text = |name: &str| result[name].as_str().unwrap_or_default().to_owned();
        (
            format!("{} {}", text("check"), text("asset_id")),
            text("status"),
        )
    };
    let results = report["results"].as_array().unwrap().iter();
    results.map(one).collect()
}

#[test]
fn a_follow_up_that_fails_leaves_its_asset() {
    let denied = json!([{"action": "DescribeDBInstanceSSL", "fault": "denied"}]);
    let provider = Provider::new(&rds(), &denied);
    let snapshot = provider.collect(TYPE, &[]);
    assert_eq!(snapshot.assets.len(), INSTANCES);
    let wanted = ("partial", "no_permission", "Forbidden.RAM");
    let (status, kind, code) = snapshot.covered(HANGZHOU);
    assert_eq!((&*status, &*kind, &*code), wanted);
    for asset in &snapshot.assets {
        assert_eq!(asset["unknown"]["ssl"]["kind"], "no_permission", "{asset}");
        assert!(asset["facts"].get("ssl").is_none() && asset["facts"].get("list").is_some());
        assert!(asset.to_string().len() < 4_000);
    }
    // Not tried again.
    assert_eq!(provider.requests("DescribeDBInstanceSSL", ""), INSTANCES);
}

#[test]
fn one_region_that_is_down_leaves_the_others() {
    let down = json!([{"action": LIST, "region": "cn-shanghai", "fault": "unavailable"}]);
    let provider = Provider::new(&rds(), &down);
    let snapshot = provider.collect(TYPE, &[]);
    assert_eq!(snapshot.covered("cn-shanghai").1, "unavailable");
    assert_eq!(snapshot.covered(HANGZHOU).0, "ok");
    assert_eq!(snapshot.assets.len(), INSTANCES);
}

#[test]
fn a_region_that_does_not_exist_is_no_empty_account() {
    let provider = Provider::new(&rds(), &json!([]));
    let done = provider.run(&[
        "collect",
        "aliyun",
        "--region",
        "cn-nowhere",
        "-o",
        "x.jsonl",
    ]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("cn-nowhere"), "{}", done.err);
}

#[test]
fn ctrl_c_keeps_what_was_read() {
    let hang = json!([{"action": LIST, "region": HANGZHOU, "from": 2, "fault": "unavailable"}]);
    let provider = Provider::new(&rds(), &hang);
    let snapshot = interrupted(&provider);
    let (status, kind, code) = snapshot.covered(HANGZHOU);
    assert_eq!(
        (&*status, &*kind, &*code),
        ("partial", "not_collected", "Cancelled")
    );
    assert_eq!(snapshot.assets.len(), 2);
}

/// Collects until the second page is waited for, and presses Ctrl-C.
fn interrupted(provider: &Provider) -> Snapshot {
    let options = [
        "collect",
        "aliyun",
        "--type",
        TYPE,
        "-o",
        "cut.jsonl",
        "--pause",
        "60000",
    ];
    let child = provider.spawn(&options);
    while provider.requests(LIST, HANGZHOU) < 2 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    let pid = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(kill.unwrap().success());
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{done:?}");
    Snapshot::read(&provider.place, "cut.jsonl")
}
