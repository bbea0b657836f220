//! What jobs of cron run is seen wherever it lies, and what is not seen is not judged.

use serde_json::Value;
use stance_rootfs::Limits;

use crate::make::{Header, Image, Tar};
use crate::run::{Found, Scan, scan_layers};

const DEEP: &str = "data/a/b/c/run";

fn program(tar: Tar, mode: u64, uid: u64) -> Tar {
    let header = Header {
        name: DEEP.as_bytes(),
        mode,
        uid,
        size: 1,
        ..Header::default()
    };
    tar.header(&header).content(b"x")
}

fn job(tar: Tar) -> Tar {
    tar.file("etc/cron.d/job", &format!("@daily root /{DEEP} -v\n"))
}

fn open(found: &Found) -> Value {
    found.fact("/cron/jobs")[0]["writable"].clone()
}

#[test]
fn a_program_that_had_gone_by_before_its_table_is_seen() {
    for (mode, uid, wanted) in [(0o755, 0, false), (0o757, 0, true), (0o755, 1000, true)] {
        let same = job(program(Tar::default(), mode, uid)).end();
        assert_eq!(open(&scan_layers(&[same])), wanted, "{mode:o} {uid}");
        let lower = program(Tar::default(), mode, uid).end();
        let found = scan_layers(&[lower, job(Tar::default()).end()]);
        assert_eq!(open(&found), wanted, "{mode:o} {uid}, of a lower layer");
    }
}

#[test]
fn a_program_behind_a_link_is_seen() {
    let tar = program(Tar::default(), 0o755, 1000).link("etc/run", &format!("/{DEEP}"));
    let tar = tar.file("etc/crontab", "0 1 * * * root /etc/run\n");
    assert_eq!(open(&scan_layers(&[tar.end()])), true);
}

#[test]
fn a_program_that_is_not_there_is_none() {
    let found = scan_layers(&[job(Tar::default().file("x", "x")).end()]);
    assert_eq!(open(&found), false);
}

#[test]
fn a_program_too_many_to_be_seen_is_not_known() {
    let jobs: String = (0..400)
        .map(|n| format!("@daily root /data/a/b/c/run{n}\n"))
        .collect();
    let programs = (0..400).fold(Tar::default(), |tar, n| {
        tar.file(&format!("data/a/b/c/run{n}"), "x")
    });
    let found = scan_layers(&[programs.file("etc/crontab", &jobs).end()]);
    let jobs = found.fact("/cron/jobs");
    let jobs = jobs.as_array().unwrap();
    let known = jobs.iter().filter(|job| job["writable"] == false).count();
    let unknown = jobs.iter().filter(|job| job.get("writable").is_none());
    assert!(known > 200 && unknown.count() > 100, "{known} are known");
}

#[test]
fn a_folder_with_more_entries_than_are_kept_is_not_taken_for_empty() {
    let mut tar = Tar::default().link("home", "srv/home");
    for n in 0..200 {
        tar = tar.file(&format!("srv/home/user{n}/x{n}"), "x");
    }
    let limits = Limits {
        tree_bytes: 40 << 10,
        ..Limits::default()
    };
    let scan = Scan {
        limits,
        ..Scan::default()
    };
    let found = scan.image(&Image::of(&[job(program(tar, 0o755, 1000)).end()]));
    let known = found.0.facts.get("cron");
    let writable = known.map(|cron| cron["jobs"][0].get("writable").cloned());
    assert_ne!(writable.flatten(), Some(Value::Bool(false)));
}
