//! Scanning: verdicts, exit codes, broken input.

use crate::place::{Place, estate, instance, rds};

fn statuses(place: &Place, check: &str) -> Vec<String> {
    let report = place.json(&["results", "--check", check, "--format", "json"]);
    report["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_failure_at_the_level_asked_for_ends_with_one() {
    let place = Place::new();
    place.write("open.jsonl", &rds(&["1"], 2, true));
    assert_eq!(place.run(&["scan", "open.jsonl"]).code, Some(0));
    assert_eq!(
        place.run(&["scan", "open.jsonl", "--fail-on", "high"]).code,
        Some(1)
    );
    place.write("closed.jsonl", &rds(&["1"], 2, false));
    assert_eq!(
        place
            .run(&["scan", "closed.jsonl", "--fail-on", "high"])
            .code,
        Some(0)
    );
    // Most of these instances' facts are not in the snapshot: nothing was guessed about them.
    assert_eq!(
        place
            .run(&["scan", "closed.jsonl", "--fail-on-unknown"])
            .code,
        Some(1)
    );
}

#[test]
fn results_have_the_documented_fields_and_explain_themselves() {
    let place = Place::new();
    place.write("open.jsonl", &rds(&["1"], 1, true));
    let report = place.json(&["scan", "open.jsonl", "--format", "json", "--lang", "en"]);
    let found = report["results"].as_array().unwrap();
    let result = found
        .iter()
        .find(|r| r["check"] == "ali.rds.whitelist_open")
        .unwrap();
    assert_eq!(
        (
            result["check_id"].as_i64(),
            result["status"].as_str(),
            result["risk_level"].as_str()
        ),
        (Some(5), Some("NOT_PASS"), Some("high"))
    );
    assert_eq!(
        (result["account"].as_str(), result["asset_id"].as_str()),
        (Some("1"), Some("rm-00000"))
    );
    assert_eq!(
        (result["provider"].as_str(), result["region"].as_str()),
        (Some("aliyun"), Some("cn-hangzhou"))
    );
    assert_eq!(result["asset_type"], "aliyun/rds/instance");
    for field in [
        "asset_name",
        "reason",
        "evidence",
        "first_time",
        "last_time",
    ] {
        assert!(result.get(field).is_some(), "{field}");
    }
    let facts = result["evidence"]["facts"].as_array().unwrap();
    let path = "facts.ip_array.Items.DBInstanceIPArray[0].SecurityIPList";
    assert!(facts.iter().any(|fact| fact["path"] == path), "{facts:?}");
    let unread = found
        .iter()
        .find(|r| r["check"] == "ali.rds.backup")
        .unwrap();
    assert_eq!(
        (unread["status"].as_str(), unread["reason_kind"].as_str()),
        (Some("NOT_CHECK"), Some("NOT_COLLECTED"))
    );
}

#[test]
fn a_broken_line_is_named_and_changes_nothing() {
    let place = Place::new();
    place.write("closed.jsonl", &rds(&["1"], 3, false));
    place.ok(&["scan", "closed.jsonl"]);
    let mut lines: Vec<String> = rds(&["1"], 3, true).lines().map(str::to_owned).collect();
    lines[4].truncate(60);
    place.write("broken.jsonl", &(lines.join("\n") + "\n"));
    let done = place.run(&["scan", "broken.jsonl"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("line 5") || done.err.contains(":5"),
        "{}",
        done.err
    );
    assert_eq!(statuses(&place, "ali.rds.whitelist_open"), ["PASS"; 3]);
    place.ok(&["db", "check"]);
}

#[test]
fn a_snapshot_without_its_end_is_never_taken_as_complete() {
    let place = Place::new();
    place.write("closed.jsonl", &rds(&["1"], 3, false));
    place.ok(&["scan", "closed.jsonl"]);
    let cut: Vec<String> = rds(&["1"], 3, false)
        .lines()
        .take(4)
        .map(str::to_owned)
        .collect();
    place.write("cut.jsonl", &(cut.join("\n") + "\n"));
    let done = place.run(&["scan", "cut.jsonl", "--lang", "en"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("the input ended early"), "{}", done.out);
    // The two instances that the cut file does not show are not gone.
    assert_eq!(statuses(&place, "ali.rds.whitelist_open").len(), 3);
    // The whole file without one of them says that it is gone.
    place.write("two.jsonl", &rds(&["1"], 2, false));
    place.ok(&["scan", "two.jsonl"]);
    assert_eq!(statuses(&place, "ali.rds.whitelist_open").len(), 2);
    let gone = place.ok(&["history", "ali.rds.whitelist_open", "rm-00002"]);
    assert!(
        gone.lines().next().unwrap().contains("pass → gone"),
        "{gone}"
    );
}

/// The results without the times at which they were found.
fn timeless(report: &serde_json::Value) -> Vec<String> {
    let results = report["results"].as_array().unwrap();
    let one = |result: &serde_json::Value| {
        let mut result = result.clone();
        let fields = result.as_object_mut().unwrap();
        fields.remove("first_time");
        fields.remove("last_time");
        result.to_string()
    };
    results.iter().map(one).collect()
}

#[test]
fn the_same_snapshot_twice_changes_nothing_and_compressed_is_the_same() {
    let place = Place::new();
    let estate = estate();
    let path = estate.to_str().unwrap();
    let at = ["--now", "2026-11-01T00:00:00Z"];
    let first = place.json(&["scan", path, "--format", "json", at[0], at[1]]);
    let again = place.json(&["scan", path, "--format", "json", at[0], at[1]]);
    assert_eq!(timeless(&first), timeless(&again));
    assert!(first["summary"]["assets"].as_u64().unwrap() >= 300);
    let plain = std::fs::File::open(estate.join("estate.jsonl")).unwrap();
    let packed = std::fs::File::create(place.path("estate.jsonl.zst")).unwrap();
    zstd::stream::copy_encode(plain, packed, 3).unwrap();
    let packed = place.json(&["scan", "estate.jsonl.zst", "--format", "json", at[0], at[1]]);
    assert_eq!(timeless(&first), timeless(&packed));
}

#[test]
fn what_does_not_exist_is_a_clear_error() {
    let place = Place::new();
    place.write("closed.jsonl", &rds(&["1"], 1, false));
    for (args, word) in [
        (&["scan", "nowhere.jsonl"][..], "nowhere.jsonl"),
        (&["scan", "closed.jsonl", "--format", "yaml"], "yaml"),
        (&["scan", "closed.jsonl", "--fail-on", "severe"], "severe"),
        (&["scan", "closed.jsonl", "--db", "mysql://x"], "mysql"),
        (
            &[
                "scan",
                "closed.jsonl",
                "--output",
                "no/such/folder/out.json",
            ],
            "no/such/folder",
        ),
        (&["results", "--db", "sqlite:///no/such.db"], "no database"),
        (
            &["db", "check", "--db", "sqlite:///no/such.db"],
            "no database",
        ),
        (&["check", "show", "ali.no.such"], "stance check list"),
        (&["exception", "add", "5", "--reason", ""], "reason"),
        (&["exception", "remove", "99"], "99"),
        (&["key", "disable", "LTAInobody"], "LTAInobody"),
    ] {
        let done = place.run(args);
        assert_eq!(done.code, Some(2), "{args:?}: {}{}", done.out, done.err);
        assert!(done.err.contains(word), "{args:?}: {}", done.err);
        assert!(!done.err.contains("panicked"), "{}", done.err);
    }
}

#[test]
fn an_exception_turns_failures_into_whitelist_until_it_is_removed() {
    let place = Place::new();
    place.write("open.jsonl", &rds(&["1"], 3, true));
    place.ok(&["scan", "open.jsonl"]);
    let check = "ali.rds.whitelist_open";
    place.ok(&[
        "exception",
        "add",
        check,
        "--asset",
        "rm-00001",
        "--reason",
        "known",
        "--expires",
        "30d",
    ]);
    assert_eq!(
        statuses(&place, check)
            .iter()
            .filter(|s| *s == "WHITELIST")
            .count(),
        1
    );
    place.ok(&["exception", "add", check, "--reason", "all of them"]);
    assert_eq!(statuses(&place, check), ["WHITELIST"; 3]);
    assert_eq!(
        place.run(&["scan", "open.jsonl", "--fail-on", "high"]).code,
        Some(0)
    );
    let list = place.ok(&["exception", "list"]);
    let ids: Vec<&str> = list
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    for id in ids {
        place.ok(&["exception", "remove", id]);
    }
    assert_eq!(statuses(&place, check), ["NOT_PASS"; 3]);
    place.ok(&["db", "check"]);
}

#[test]
fn a_scan_as_of_another_time_changes_no_clock_but_that_of_the_checks() {
    let place = Place::new();
    place.write("open.jsonl", &rds(&["1"], 1, true));
    place.ok(&["scan", "open.jsonl"]);
    let check = "ali.rds.whitelist_open";
    place.ok(&[
        "exception",
        "add",
        check,
        "--reason",
        "known",
        "--expires",
        "30d",
    ]);
    let report = place.json(&[
        "scan",
        "open.jsonl",
        "--now",
        "2099-01-01T00:00:00Z",
        "--format",
        "json",
    ]);
    let last = report["results"][0]["last_time"].as_str().unwrap();
    assert!(last < "2098", "{last}");
    assert_eq!(statuses(&place, check), ["WHITELIST"]);
}

#[test]
fn what_is_no_snapshot_file_is_refused() {
    let place = Place::new();
    place.write("empty.jsonl", "");
    std::fs::create_dir(place.path("folder")).unwrap();
    for path in ["empty.jsonl", "folder", "/dev/null"] {
        let done = place.run(&["scan", path]);
        assert_eq!(done.code, Some(2), "{path}: {}{}", done.out, done.err);
    }
}

#[test]
fn a_giant_whitelist_is_judged_quickly() {
    let place = Place::new();
    let list: Vec<String> = (0..100_000)
        .map(|n| format!("10.{}.{}.{}/32", n >> 16, (n >> 8) & 255, n & 255))
        .collect();
    let text = rds(&["1"], 1, false).replace("10.0.0.0/8", &list.join(","));
    place.write("giant.jsonl", &text);
    let began = std::time::Instant::now();
    place.ok(&["scan", "giant.jsonl"]);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert_eq!(statuses(&place, "ali.rds.whitelist_open"), ["PASS"]);
}

#[test]
fn an_instance_that_comes_twice_is_one() {
    let place = Place::new();
    let mut lines: Vec<String> = rds(&["1"], 1, false).lines().map(str::to_owned).collect();
    lines.insert(4, instance("1", 0, true).to_string());
    lines[5] = r#"{"end":{"assets":2,"coverage":1}}"#.to_owned();
    place.write("twice.jsonl", &(lines.join("\n") + "\n"));
    place.ok(&["scan", "twice.jsonl"]);
    // A contradiction never reads as a pass.
    assert_eq!(statuses(&place, "ali.rds.whitelist_open"), ["NOT_PASS"]);
}
