//! `kill -9` in the middle of a scan, many times: each account is as before or as after, never between.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::place::{Place, rds};

const ROUNDS: u64 = 24;
const ACCOUNTS: [&str; 4] = ["1", "2", "3", "4"];

#[test]
fn killed_at_any_moment_nothing_is_half() {
    let place = Place::new();
    place.write("closed.jsonl", &rds(&ACCOUNTS, 400, false));
    place.write("open.jsonl", &rds(&ACCOUNTS, 400, true));
    let began = Instant::now();
    place.ok(&["scan", "closed.jsonl"]);
    let whole = began.elapsed().max(Duration::from_millis(200));
    let (mut killed, mut between) = (0, 0);
    for round in 0..ROUNDS {
        let file = if round % 2 == 0 {
            "open.jsonl"
        } else {
            "closed.jsonl"
        };
        let mut child = place
            .command(&["scan", file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the time that a scan takes.
        std::thread::sleep(
            whole * u32::try_from(round * 7 % ROUNDS).unwrap() / u32::try_from(ROUNDS).unwrap(),
        );
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        place.ok(&["db", "check"]);
        let states = states(&place);
        between += u32::from(states.len() > 1);
    }
    assert!(
        killed >= 6,
        "the kills came too late to mean anything: {killed} of {ROUNDS}"
    );
    println!(
        "killed {killed} of {ROUNDS} scans in {whole:?}; {between} times some accounts were new and some old"
    );
    place.ok(&["scan", "open.jsonl"]);
    assert_eq!(states(&place), BTreeSet::from(["NOT_PASS".to_owned()]));
    place.ok(&["db", "check"]);
}

/// The statuses over all accounts; within one account there is only ever one.
fn states(place: &Place) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for account in ACCOUNTS {
        let report = place.json(&[
            "results",
            "--check",
            "ali.rds.whitelist_open",
            "--account",
            account,
            "--format",
            "json",
        ]);
        let results = report["results"].as_array().unwrap();
        assert_eq!(results.len(), 400);
        let own: BTreeSet<String> = results
            .iter()
            .map(|r| r["status"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(own.len(), 1, "account {account} is half new: {own:?}");
        all.extend(own);
    }
    all
}
