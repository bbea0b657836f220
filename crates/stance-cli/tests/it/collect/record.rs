//! Recording and replaying: the same snapshot, and nothing secret on the way.

use serde_json::{Value, json};

use super::scene::{KEY, Provider, Snapshot, rds};

const TYPE: &str = "aliyun/rds/instance";

/// A snapshot without the times at which it was made.
fn timeless(snapshot: &Snapshot) -> Vec<Value> {
    let mut all = snapshot.coverage.clone();
    all.extend(snapshot.assets.iter().map(|asset| {
        let mut asset = asset.clone();
        asset.as_object_mut().unwrap().remove("origin");
        asset
    }));
    all.sort_by_key(Value::to_string);
    all
}

#[test]
fn what_was_recorded_replays_to_the_same_snapshot() {
    let faults = json!([
        {"action": "DescribeDBInstances", "region": "cn-hangzhou", "from": 1, "to": 1, "fault": "throttle"},
        {"action": "DescribeDBInstanceTDE", "from": 3, "to": 3, "fault": "denied"},
    ]);
    let first = Provider::new(&rds(), &faults);
    let wanted = first.collect(TYPE, &["--record", "recorded.jsonl"]);
    let recorded = std::fs::read_to_string(first.place.path("recorded.jsonl")).unwrap();
    for secret in [KEY.0, KEY.1, KEY.2, "authorization", "ignature"] {
        assert!(!recorded.contains(secret), "{secret} was recorded");
    }
    assert!(recorded.contains("REDACTED"), "the password of an instance");
    let place = crate::place::Place::new();
    place.write("recorded.jsonl", &recorded);
    let again = Provider::start(place, "recorded.jsonl", &[]);
    assert_eq!(timeless(&again.collect(TYPE, &[])), timeless(&wanted));
}

#[test]
fn a_replay_refuses_what_is_not_signed_as_it_should() {
    let place = crate::place::Place::new();
    let lines: String = rds().iter().map(|line| format!("{line}\n")).collect();
    place.write("exchanges.jsonl", &lines);
    let other = Provider::start(place, "exchanges.jsonl", &["--key", "other:key"]);
    // The other key of the replay is the tests' own, so that only the secret can be wrong.
    let args = ["collect", "aliyun", "--type", TYPE, "-o", "x.jsonl"];
    let done = other.run_as(&args, "wrongSecret");
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("SignatureDoesNotMatch"), "{}", done.err);
    assert!(!done.err.contains("wrongSecret"));
}
