//! 47,000 assets of 20 accounts. Run it with
//! `cargo nextest run -p stance-cli --run-ignored only -E 'test(many)' --no-capture`.

use std::collections::BTreeMap;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::scene::{Provider, Snapshot, follow_ups, rpc};
use crate::place::Place;

const REGIONS: [&str; 4] = ["cn-hangzhou", "cn-shanghai", "cn-beijing", "ap-southeast-1"];
const ACCOUNTS: usize = 20;
/// Instances of one region of one account.
const INSTANCES: usize = 588;
/// Calls of one operation in a second, and how many may come at once.
const RATE: usize = 100;

fn estate() -> Vec<Value> {
    let ids: Vec<Value> = (0..ACCOUNTS)
        .map(|n| json!({"AccountId": (1_000_000_000_000_000 + n).to_string()}))
        .collect();
    let regions: Vec<Value> = REGIONS.iter().map(|r| json!({ "RegionId": r })).collect();
    let keys = json!({"AccessKeyId": "REDACTED", "AccessKeySecret": "REDACTED", "SecurityToken": "REDACTED"});
    let sts = "sts.aliyuncs.com";
    let mut all = vec![
        rpc(sts, "GetCallerIdentity", &[], ids[0].clone()),
        rpc(sts, "AssumeRole", &[], json!({ "Credentials": keys })),
        rpc(
            "ecs.aliyuncs.com",
            "DescribeRegions",
            &[],
            json!({"Regions": {"Region": regions}}),
        ),
        rpc(
            "resourcemanager.aliyuncs.com",
            "ListAccounts",
            &[],
            json!({"TotalCount": ACCOUNTS, "Accounts": {"Account": ids}}),
        ),
    ];
    for region in REGIONS {
        let items: Vec<Value> = (0..INSTANCES)
            .map(|n| json!({"DBInstanceId": format!("rm-{region}-{n}"), "Engine": "MySQL", "DBInstanceType": "Primary",
                "RegionId": region, "PayType": "Postpaid", "DeletionProtection": true}))
            .collect();
        let host = format!("rds.{region}.aliyuncs.com");
        let body = json!({"TotalRecordCount": INSTANCES, "Items": {"DBInstance": items}});
        all.push(rpc(
            &host,
            "DescribeDBInstances",
            &[("RegionId", region)],
            body,
        ));
    }
    let host = "rds.cn-hangzhou.aliyuncs.com";
    let arrays = json!([{"DBInstanceIPArrayName": "default", "SecurityIPList": "10.0.0.0/8"}]);
    let arrays = json!({"Items": {"DBInstanceIPArray": arrays}});
    all.push(rpc(host, "DescribeDBInstanceIPArrayList", &[], arrays));
    for (action, body) in follow_ups() {
        all.push(rpc(host, action, &[], body));
    }
    all
}

/// The most memory that a process had, in MB, looked at until it ends.
fn watched(child: &mut Child) -> usize {
    let (status, mut most) = (format!("/proc/{}/status", child.id()), 0);
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
        most = most.max(kilobytes.unwrap_or(0) / 1024);
        std::thread::sleep(Duration::from_millis(50));
    }
    most
}

#[test]
#[ignore = "two minutes: 47,000 assets"]
fn many_assets_of_many_accounts() {
    let place = Place::new();
    let lines: String = estate().iter().map(|line| format!("{line}\n")).collect();
    place.write("exchanges.jsonl", &lines);
    let provider = Provider::start(
        place,
        "exchanges.jsonl",
        &["--similar", "--page-size", "100"],
    );
    let rate = RATE.to_string();
    let args = [
        "collect",
        "aliyun",
        "--type",
        "aliyun/rds/instance",
        "--members",
        "Reader",
        "-o",
        "all.jsonl",
    ];
    let began = Instant::now();
    let mut child = provider
        .command_at(&args, &rate)
        .env("STANCE_LOG", "warn")
        .spawn()
        .unwrap();
    let megabytes = watched(&mut child);
    assert!(child.wait().unwrap().success());
    let seconds = began.elapsed().as_secs_f64();
    let snapshot = Snapshot::read(&provider.place, "all.jsonl");
    let (requests, flying, most) = requests(&provider);
    println!(
        "{} assets, {requests} requests, {seconds:.1} s, peak memory {megabytes} MB, in flight {flying}, \
         of one operation and region in a second {most}",
        snapshot.assets.len()
    );
    assert_eq!(snapshot.assets.len(), ACCOUNTS * REGIONS.len() * INSTANCES);
    assert!(snapshot.coverage.iter().all(|c| c["status"] == "ok"));
    assert!(megabytes < 512 && flying <= 16);
    // One account may end and the next begin within a second, each with what may come at once.
    assert!(most <= RATE + 2 * 2 * RATE, "{most}");
}

/// How many there were, the most in flight, and the most of one operation in one region in a second.
fn requests(provider: &Provider) -> (usize, usize, usize) {
    let log = std::fs::read_to_string(provider.place.path("log.jsonl")).unwrap();
    let (mut count, mut flying) = (0, 0);
    let mut by_second: BTreeMap<(String, i64), usize> = BTreeMap::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        count += 1;
        let now = usize::try_from(line["in_flight"].as_u64().unwrap()).unwrap();
        flying = flying.max(now);
        let second = line["at"].as_i64().unwrap() / 1_000;
        let operation = format!("{} {}", line["host"], line["action"]);
        *by_second.entry((operation, second)).or_default() += 1;
    }
    (count, flying, by_second.into_values().max().unwrap_or(0))
}
