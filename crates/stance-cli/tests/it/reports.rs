//! Formats and files of reports, and the manners of the terminal.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::place::{Place, ended, rds};

fn scanned() -> Place {
    let place = Place::new();
    place.write("open.jsonl", &rds(&["1", "2"], 3, true));
    place.ok(&["scan", "open.jsonl"]);
    place
}

#[test]
fn every_format_is_written_to_standard_output_and_to_a_file() {
    let place = scanned();
    for format in ["table", "json", "csv", "sarif", "ocsf", "junit", "html"] {
        let args = ["results", "--status", "NOT_PASS", "--format", format];
        let out = place.ok(&args);
        assert!(out.contains("rm-00001"), "{format}: {out}");
        assert!(
            !out.contains('\u{1b}'),
            "{format} has colours although piped"
        );
        let file = place.path(&format!("report.{format}"));
        place.ok(&[&args[..], &["--output", file.to_str().unwrap()]].concat());
        assert!(
            std::fs::read_to_string(&file).unwrap().contains("rm-00001"),
            "{format}"
        );
    }
    let sarif: Value = serde_json::from_str(&place.ok(&["results", "--format", "sarif"])).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let junit = place.ok(&["results", "--format", "junit"]);
    assert!(junit.contains("<testsuites"), "{junit}");
}

#[test]
fn filters_hold_together() {
    let place = scanned();
    let count = |args: &[&str]| {
        let args = [&["results", "--format", "json"], args].concat();
        place.json(&args)["results"].as_array().unwrap().len()
    };
    assert_eq!(count(&["--check", "5"]), 6);
    assert_eq!(count(&["--check", "5", "--account", "2"]), 3);
    assert_eq!(
        count(&["--check", "5", "--account", "2", "--asset", "rm-00001"]),
        1
    );
    assert_eq!(count(&["--check", "5", "--status", "PASS"]), 0);
    assert_eq!(count(&["--check", "5", "--region", "cn-beijing"]), 0);
    assert_eq!(count(&["--check", "5", "--risk", "low"]), 0);
    assert_eq!(count(&["--check", "5", "--provider", "aws"]), 0);
    assert_eq!(
        count(&[
            "--search",
            "白名单",
            "--instance-type",
            "rds",
            "--status",
            "NOT_PASS"
        ]),
        6
    );
}

#[test]
fn the_head_of_a_report_counts_what_is_selected() {
    let place = scanned();
    let head = |args: &[&str]| {
        let args = [&["results", "--check", "5", "--format", "json"], args].concat();
        place.json(&args)["summary"].clone()
    };
    assert_eq!(
        (
            head(&[])["counts"]["fail"].as_i64(),
            head(&[])["high"].as_i64()
        ),
        (Some(6), Some(6))
    );
    let one = head(&["--account", "2"]);
    assert_eq!(
        (
            one["counts"]["fail"].as_i64(),
            one["accounts"].as_i64(),
            one["assets"].as_i64()
        ),
        (Some(3), Some(1), Some(3))
    );
    assert_eq!(
        head(&["--asset", "rm-00001", "--status", "PASS"])["counts"]["fail"].as_i64(),
        Some(2)
    );
    let unknown = place.run(&["results", "--account", "404"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("404"), "{}", unknown.err);
    assert_eq!(place.run(&["results", "--status", "FAILED"]).code, Some(2));
}

#[test]
fn a_pipe_given_as_output_is_written_to_and_stays_one() {
    let place = scanned();
    let fifo = place.path("fifo");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let mut child = place
        .command(&[
            "results",
            "--format",
            "json",
            "--output",
            fifo.to_str().unwrap(),
        ])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let text = std::fs::read_to_string(&fifo).unwrap();
    assert!(child.wait().unwrap().success() && text.contains("rm-00001"));
    assert!(!fifo.is_file() && fifo.exists());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = scanned();
    let mut child = place
        .command(&["check", "list", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut head = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let done = ended(child.wait_with_output().unwrap());
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
}

#[test]
fn help_has_examples_and_completions_are_there() {
    let place = Place::new();
    for command in ["quickstart", "scan", "serve", "results", "history"] {
        let help = place.ok(&[command, "--help"]);
        assert!(help.contains("Example"), "{command}: {help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            place.ok(&["completions", shell]).contains("quickstart"),
            "{shell}"
        );
    }
}

#[test]
fn a_secret_is_shown_once_and_kept_sealed() {
    let place = Place::new();
    let key = place.json(&["key", "create", "--format", "json"]);
    let secret = key["access_key_secret"].as_str().unwrap();
    let list = place.ok(&["key", "list"]) + &place.ok(&["key", "list", "--format", "json"]);
    assert!(list.contains(key["access_key_id"].as_str().unwrap()) && !list.contains(secret));
    for file in ["stance.db", "stance.db-wal", "stance.db.key"] {
        let bytes = std::fs::read(place.path(file)).unwrap_or_default();
        assert!(
            !bytes.windows(secret.len()).any(|w| w == secret.as_bytes()),
            "{file} holds the secret in clear"
        );
    }
}
