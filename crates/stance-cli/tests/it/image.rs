//! `stance scan image` on folders: what is picked, what is accepted, how it ends.

use serde_json::Value;

use crate::place::Place;

/// A made-up key that has the form of a real one.
const KEY: &str = "ghp_0fA9bC3dE7fG1hJ5kL9mN3pQ7rS1tU2NWMBK";

fn rootfs() -> Place {
    let place = Place::new();
    place.write(
        "root/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\n",
    );
    place.write(
        "root/etc/shadow",
        "root:*:19000:0:99999:7:::\ntoor::19000:0:99999:7:::\n",
    );
    place.write("root/srv/app/.env", &format!("GITHUB_TOKEN={KEY}\n"));
    place.write("root/srv/app/ci/.env", &format!("GITHUB_TOKEN={KEY}\n"));
    place
}

fn json(place: &Place, more: &[&str]) -> Value {
    let args = [&["scan", "image", "dir:root", "--format", "json"], more].concat();
    let ended = place.run(&args);
    serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{}", ended.err))
}

fn status(report: &Value, item: &str) -> Option<String> {
    let results = report["results"].as_array().unwrap();
    let found = results.iter().find(|result| result["check"] == item)?;
    Some(found["status"].as_str().unwrap().to_owned())
}

#[test]
fn findings_name_their_path_and_line_and_never_the_secret() {
    let place = rootfs();
    let report = json(&place, &[]);
    let results = report["results"].as_array().unwrap();
    let token = results
        .iter()
        .find(|r| r["check"] == "github_token")
        .unwrap();
    assert_eq!(token["status"], "NOT_PASS");
    assert_eq!(token["baseline"]["class"], "ak_leak");
    let places = token["evidence"]["findings"]["places"].as_array().unwrap();
    let at: Vec<_> = places.iter().map(|p| (&p["path"], &p["line"])).collect();
    assert_eq!(at.len(), 2, "{at:?}");
    assert!(
        at.contains(&(&Value::from("/srv/app/.env"), &Value::from(1))),
        "{at:?}"
    );
    assert_eq!(status(&report, "non_pwd_user").as_deref(), Some("NOT_PASS"));
    assert_eq!(status(&report, "extra_uid0").as_deref(), Some("NOT_PASS"));
    let table = place.ok(&["scan", "image", "dir:root", "--limit", "0"]);
    assert!(
        table.contains("/srv/app/.env:1") && table.contains("/etc/shadow:2"),
        "{table}"
    );
    assert!(!report.to_string().contains(KEY) && !table.contains(KEY));
}

#[test]
fn baselines_are_picked_and_skipped_by_class_name_and_item() {
    let place = rootfs();
    let report = json(
        &place,
        &["--baseline", "ak_leak", "--skip", "password_leak"],
    );
    assert_eq!(status(&report, "github_token").as_deref(), Some("NOT_PASS"));
    assert_eq!(status(&report, "netrc_password"), None);
    assert_eq!(status(&report, "non_pwd_user"), None);
    let one = json(&place, &["--baseline", "non_pwd_user"]);
    assert_eq!(one["results"].as_array().unwrap().len(), 1);
    for args in [["--baseline", "nothing"], ["--skip", "nothing"]] {
        let ended = place.run(&[&["scan", "image", "dir:root"], &args[..]].concat());
        assert_eq!(ended.code, Some(2));
        assert!(ended.err.contains("`nothing`"), "{}", ended.err);
    }
}

#[test]
fn the_exit_code_says_whether_the_gate_holds() {
    let place = rootfs();
    let code = |args: &[&str]| place.run(&[&["scan", "image"], args].concat()).code;
    assert_eq!(code(&["dir:root", "--fail-on", "high"]), Some(1));
    assert_eq!(code(&["dir:root"]), Some(0));
    assert_eq!(
        code(&["dir:root", "--baseline", "sudo", "--fail-on", "low"]),
        Some(0)
    );
    assert_eq!(code(&["dir:gone"]), Some(2));
    assert_eq!(
        code(&["dir:root", "dir:gone", "--fail-on", "high"]),
        Some(2)
    );
}

#[test]
fn what_is_ignored_is_excepted_with_its_reason_until_it_ends() {
    let place = rootfs();
    let ignore = |entries: &str| {
        place.write(".stance-ignore.yaml", entries);
        json(&place, &["--baseline", "github_token"])
    };
    let part = ignore("- {item: github_token, path: 'srv/app/ci/**', reason: of the tests}\n");
    assert_eq!(status(&part, "github_token").as_deref(), Some("NOT_PASS"));
    let places = &part["results"][0]["evidence"]["findings"]["places"];
    assert_eq!(places.as_array().unwrap().len(), 1, "{places}");
    let all = ignore("- {item: github_token, image: '*', reason: a demonstration}\n");
    assert_eq!(status(&all, "github_token").as_deref(), Some("WHITELIST"));
    assert!(
        all["results"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("a demonstration")
    );
    assert_eq!(all["summary"]["counts"]["excepted"], 1);
    assert_eq!(all["summary"]["high"], 0);
    let ended = ignore("- {item: github_token, reason: old, expires: 2020-01-31}\n");
    assert_eq!(status(&ended, "github_token").as_deref(), Some("NOT_PASS"));
    let elsewhere = ignore("- {item: github_token, image: 'other*', reason: elsewhere}\n");
    assert_eq!(
        status(&elsewhere, "github_token").as_deref(),
        Some("NOT_PASS")
    );
}

#[test]
fn a_broken_ignore_file_says_what_is_wrong() {
    let place = rootfs();
    for (text, words) in [
        ("- {item: no_such_item, reason: x}", "no_such_item"),
        ("- {item: github_token, reason: ''}", "reason"),
        ("- {item: github_token, reason: x, expires: soon}", "soon"),
        ("- {item: github_token, reason: x, path: '[a'}", "[a"),
        ("- {item: github_token}", "reason"),
        ("- {item: github_token, reason: x, until: 2027}", "until"),
        ("{", ".stance-ignore.yaml"),
    ] {
        place.write(".stance-ignore.yaml", text);
        let ended = place.run(&["scan", "image", "dir:root"]);
        assert_eq!(ended.code, Some(2), "{text}");
        assert!(ended.err.contains(words), "{text}: {}", ended.err);
    }
}

#[test]
fn what_was_found_once_and_is_gone_is_fixed() {
    let place = rootfs();
    json(&place, &[]);
    std::fs::remove_dir_all(place.path("root/srv")).unwrap();
    let report = json(&place, &[]);
    assert_eq!(status(&report, "github_token").as_deref(), Some("PASS"));
    let id = report["results"][0]["asset_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let history = place.ok(&["history", "github_token", &id]);
    assert!(history.contains("fail → pass"), "{history}");
}
