//! A provider of the test's own: exchanges that a replay answers, and what is collected from it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::place::{Ended, Place, ended};

/// The key with which the tests sign.
pub(crate) const KEY: (&str, &str, &str) =
    ("testKeyId", "testKeySecretValue", "testSessionTokenValue");

/// How many instances there are.
pub(crate) const INSTANCES: usize = 6;

/// A replay that runs until the test is over.
pub(crate) struct Provider {
    pub(crate) place: Place,
    server: Child,
    address: String,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _gone = self.server.kill();
        let _reaped = self.server.wait();
    }
}

impl Provider {
    /// A replay of these exchanges, two elements a page, with these faults.
    pub(crate) fn new(exchanges: &[Value], faults: &Value) -> Self {
        let place = Place::new();
        let lines: String = exchanges.iter().map(|line| format!("{line}\n")).collect();
        place.write("exchanges.jsonl", &lines);
        place.write("faults.json", &faults.to_string());
        Self::start(
            place,
            "exchanges.jsonl",
            &["--similar", "--page-size", "2", "--faults", "faults.json"],
        )
    }

    /// A replay of a file.
    pub(crate) fn start(place: Place, file: &str, options: &[&str]) -> Self {
        let key = format!("{}:{}:{}", KEY.0, KEY.1, KEY.2);
        let listen = [
            "--listen",
            "127.0.0.1:0",
            "--log",
            "log.jsonl",
            "--key",
            &key,
        ];
        let args = [&["replay", file], options, &listen].concat();
        let mut server = place.command(&args).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self {
            place,
            server,
            address,
        }
    }

    /// Runs a command against it, with everything logged.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        let done = ended(
            self.command(&[args, &["--pause", "1"]].concat())
                .output()
                .unwrap(),
        );
        for text in [&done.out, &done.err] {
            assert!(
                !text.contains(KEY.1) && !text.contains(KEY.2),
                "a secret in {text}"
            );
        }
        done
    }

    /// Runs a command with another secret.
    pub(crate) fn run_as(&self, args: &[&str], secret: &str) -> Ended {
        let mut command = self.command(args);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret);
        ended(command.output().unwrap())
    }

    /// Starts a command against it.
    pub(crate) fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        self.command_at(args, "1000")
    }

    /// A command against it, with so many calls of one operation in a second.
    pub(crate) fn command_at(&self, args: &[&str], rate: &str) -> Command {
        let quick = ["--endpoint", &self.address, "--rate", rate];
        let mut command = self.place.command(&[args, &quick].concat());
        command.env("STANCE_LOG", "trace");
        for (cloud, id, secret, token) in [
            (
                "ALIBABA_CLOUD",
                "ACCESS_KEY_ID",
                "ACCESS_KEY_SECRET",
                "SECURITY_TOKEN",
            ),
            ("TENCENTCLOUD", "SECRET_ID", "SECRET_KEY", "SESSION_TOKEN"),
            ("HUAWEICLOUD_SDK", "AK", "SK", "SECURITY_TOKEN"),
        ] {
            command.env(format!("{cloud}_{id}"), KEY.0);
            command.env(format!("{cloud}_{secret}"), KEY.1);
            command.env(format!("{cloud}_{token}"), KEY.2);
        }
        command.env("TENCENTCLOUD_TOKEN", KEY.2);
        command
    }

    /// Collects a type; the records of the snapshot.
    pub(crate) fn collect(&self, asset_type: &str, options: &[&str]) -> Snapshot {
        let provider = asset_type.split('/').next().unwrap();
        let args = [
            "collect",
            provider,
            "--type",
            asset_type,
            "-o",
            "collected.jsonl",
        ];
        let done = self.run(&[&args, options].concat());
        assert_eq!(done.code, Some(0), "{}\n{}", done.out, done.err);
        Snapshot::read(&self.place, "collected.jsonl")
    }

    /// How often an action was asked for, in a region where one is given.
    pub(crate) fn requests(&self, action: &str, region: &str) -> usize {
        let log = std::fs::read_to_string(self.place.path("log.jsonl")).unwrap();
        let lines = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of = |line: &Value| {
            line["action"] == action && line["host"].as_str().unwrap().contains(region)
        };
        lines.filter(of).count()
    }
}

/// What was collected.
pub(crate) struct Snapshot {
    pub(crate) assets: Vec<Value>,
    pub(crate) coverage: Vec<Value>,
    pub(crate) text: String,
}

impl Snapshot {
    pub(crate) fn read(place: &Place, file: &str) -> Self {
        let text = std::fs::read_to_string(place.path(file)).unwrap();
        let records: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(records.last().unwrap().get("end").is_some(), "no end");
        assert!(!text.contains(KEY.1) && !text.contains(KEY.2));
        let of = |kind: &str| {
            let found = records.iter().filter_map(|record| record.get(kind));
            found.cloned().collect::<Vec<Value>>()
        };
        Self {
            assets: of("asset"),
            coverage: of("coverage"),
            text,
        }
    }

    /// Status, kind and code of the coverage of a region.
    pub(crate) fn covered(&self, region: &str) -> (String, String, String) {
        let found = self
            .coverage
            .iter()
            .find(|record| record["region"] == region);
        let record = found.unwrap_or_else(|| panic!("no coverage of {region}: {}", self.text));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            text(&record["status"]),
            text(&record["reason"]["kind"]),
            text(&record["reason"]["code"]),
        )
    }
}

/// An exchange of an RPC of Alibaba Cloud.
#[expect(clippy::needless_pass_by_value, reason = "callers write it in place")]
pub(crate) fn rpc(host: &str, action: &str, query: &[(&str, &str)], body: Value) -> Value {
    json!({"request": {"method": "POST", "host": host, "query": query, "headers": [["x-acs-action", action]]},
        "answer": {"status": 200, "body": body}})
}

/// The account of RDS instances: six in cn-hangzhou, the first of which admits everybody, and none in cn-shanghai.
pub(crate) fn rds() -> Vec<Value> {
    let hangzhou = "rds.cn-hangzhou.aliyuncs.com";
    let items: Vec<Value> = (0..INSTANCES)
        .map(|n| {
            json!({"DBInstanceId": format!("rm-{n}"), "DBInstanceDescription": format!("db {n}"), "Engine": "MySQL",
                "DBInstanceType": "Primary", "RegionId": "cn-hangzhou", "PayType": "Postpaid",
                "DeletionProtection": n % 2 == 0, "ConnectionPassword": KEY.1})
        })
        .collect();
    let listing = |host: &str, region: &str, items: &[Value]| {
        let query = [
            ("RegionId", region),
            ("PageSize", "100"),
            ("PageNumber", "1"),
        ];
        let body = json!({"TotalRecordCount": items.len(), "Items": {"DBInstance": items}});
        rpc(host, "DescribeDBInstances", &query, body)
    };
    let open = |n: &str, list: &str| {
        let body = json!({"Items": {"DBInstanceIPArray": [{"DBInstanceIPArrayName": "default", "SecurityIPList": list}]}});
        rpc(
            hangzhou,
            "DescribeDBInstanceIPArrayList",
            &[("DBInstanceId", n)],
            body,
        )
    };
    let mut all = vec![
        rpc(
            "sts.aliyuncs.com",
            "GetCallerIdentity",
            &[],
            json!({"AccountId": "1000000000000001"}),
        ),
        rpc(
            "ecs.aliyuncs.com",
            "DescribeRegions",
            &[],
            json!({"Regions": {"Region": [{"RegionId": "cn-hangzhou"}, {"RegionId": "cn-shanghai"}]}}),
        ),
        listing(hangzhou, "cn-hangzhou", &items),
        listing("rds.cn-shanghai.aliyuncs.com", "cn-shanghai", &[]),
        open("rm-0", "0.0.0.0/0"),
        open("rm-1", "10.0.0.0/8"),
    ];
    for (action, body) in follow_ups() {
        all.push(rpc(hangzhou, action, &[("DBInstanceId", "rm-1")], body));
    }
    all
}

/// Answers to the calls about an instance.
pub(crate) fn follow_ups() -> Vec<(&'static str, Value)> {
    vec![
        (
            "DescribeDBInstanceNetInfo",
            json!({"DBInstanceNetInfos": {"DBInstanceNetInfo": [{"IPType": "Private"}]}}),
        ),
        (
            "DescribeDBInstanceSSL",
            json!({"SSLEnabled": "Yes", "SSLExpireTime": "2099-01-01T00:00:00Z"}),
        ),
        ("DescribeDBInstanceTDE", json!({"TDEStatus": "Enabled"})),
        (
            "DescribeSQLCollectorPolicy",
            json!({"SQLCollectorStatus": "Enable"}),
        ),
        (
            "DescribeBackupPolicy",
            json!({"PreferredBackupPeriod": "Monday,Tuesday", "BackupRetentionPeriod": 7}),
        ),
        (
            "DescribeInstanceCrossBackupPolicy",
            json!({"BackupEnabled": "Enable"}),
        ),
        (
            "DescribeSQLCollectorRetention",
            json!({"ConfigValue": "180"}),
        ),
        (
            "DescribeParameters",
            json!({"RunningParameters": {"DBInstanceParameter": []}}),
        ),
    ]
}
