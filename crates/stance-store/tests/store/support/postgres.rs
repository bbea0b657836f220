//! A throw-away PostgreSQL server, one for the process that runs the test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AnyConnection, Connection, Executor};

/// Starts a server on a socket in a folder of its own and says where. It stops, and the folder goes, when its input
/// closes: at the end of this process, however that comes.
const SCRIPT: &str = r#"
set -e
bin=$1
dir=$(mktemp -d /tmp/stance-test.XXXXXX)
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
"$bin/initdb" --no-sync --locale=C --encoding=UTF8 -A trust -U postgres -D "$dir/data" >"$dir/log" 2>&1
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -c listen_addresses='' -c fsync=off -c shared_buffers=64MB" \
    start >/dev/null 2>&1 </dev/null
echo "$dir"
cat >/dev/null
"#;

struct Server {
    socket: String,
    // Held for its input, which is closed when this process ends.
    _child: Child,
}

/// The URL of an empty database.
pub(crate) async fn fresh_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
    sqlx::any::install_default_drivers();
    let mut admin = AnyConnection::connect(&url("postgres")).await.unwrap();
    admin
        .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .await
        .unwrap();
    admin.close().await.unwrap();
    url(&name)
}

fn url(database: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let socket = &SERVER.get_or_init(start).socket;
    format!("postgres://postgres@localhost/{database}?host={socket}")
}

fn start() -> Server {
    let bin = programs();
    let shell = ["sh", "-c", SCRIPT, "sh", bin.to_str().unwrap()];
    // The server refuses to run as root.
    let mut command = if is_root() {
        Command::new("runuser")
    } else {
        Command::new("env")
    };
    if is_root() {
        command.args(["-u", "postgres", "--"]);
    }
    let mut child = command
        .args(shell)
        .current_dir("/tmp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut socket = String::new();
    #[expect(clippy::disallowed_methods, reason = "one line of our own script")]
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut socket)
        .unwrap();
    assert!(
        socket.ends_with('\n'),
        "PostgreSQL of {} did not start",
        bin.display()
    );
    Server {
        socket: socket.trim().to_owned(),
        _child: child,
    }
}

/// The folder of the newest server that is installed.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"));
    let mut all: Vec<PathBuf> = debian.filter(|bin| bin.join("initdb").exists()).collect();
    all.sort();
    all.pop().expect(
        "PostgreSQL is not installed, and the store must be tested on it: run `cargo xtask setup`",
    )
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .unwrap()
        .stdout
        .trim_ascii()
        == b"0"
}
