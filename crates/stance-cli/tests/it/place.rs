//! A folder of the test's own, with commands that know no other place.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// A home of the test's own.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stance"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env(
                "STANCE_DB",
                format!("sqlite://{}", self.path("stance.db").display()),
            )
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        ended(self.command(args).output().unwrap())
    }

    /// Runs a command that must succeed; its output.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert_eq!(
            done.code,
            Some(0),
            "stance {args:?}\n{}\n{}",
            done.out,
            done.err
        );
        done.out
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args)).unwrap()
    }
}

pub(crate) fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The example estate.
pub(crate) fn estate() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/estate")
}

/// An account's RDS instances as a snapshot; `open`: the whitelist of each admits everybody.
pub(crate) fn rds(accounts: &[&str], count: usize, open: bool) -> String {
    let mut lines =
        vec![json!({"snapshot": {"format": 1, "at": "2026-01-01T00:00:00Z", "producer": "test"}})];
    for account in accounts {
        lines.push(json!({"account": {"provider": "aliyun", "id": account, "name": format!("name-{account}")}}));
        lines.push(
            json!({"coverage": {"provider": "aliyun", "account": account, "region": "cn-hangzhou",
            "type": "aliyun/rds/instance", "status": "ok"}}),
        );
        lines.extend((0..count).map(|number| instance(account, number, open)));
    }
    let total = accounts.len() * count;
    lines.push(json!({"end": {"assets": total, "coverage": accounts.len()}}));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// One RDS instance.
pub(crate) fn instance(account: &str, number: usize, open: bool) -> Value {
    let list = if open {
        "10.0.0.0/8,0.0.0.0/0"
    } else {
        "10.0.0.0/8"
    };
    json!({"asset": {"provider": "aliyun", "account": account, "region": "cn-hangzhou", "type": "aliyun/rds/instance",
        "id": format!("rm-{number:05}"), "name": format!("db {number}"),
        "facts": {
            "list": {"DBInstanceId": format!("rm-{number:05}"), "Engine": "MySQL", "DBInstanceType": "Primary", "RegionId": "cn-hangzhou"},
            "ip_array": {"Items": {"DBInstanceIPArray": [{"DBInstanceIPArrayName": "default", "SecurityIPList": list}]}}}}})
}
