//! `kill -9` of a process that commits in a loop: nothing acknowledged is lost, nothing half is left.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use stance_model::{CoverageStatus, ResultStatus, TenantId};
use stance_store::{AccountBatch, NewTask, ResultFilter, Store};

use crate::support::{Engine, Scene, batch, check};

/// The variable by which the child is told where the database is.
const URL: &str = "STANCE_TEST_KILL_URL";
const ASSETS: usize = 400;
const CHECKS: usize = 3;

/// What the child stores in its `step`-th commit. Statuses, evidence and one asset in ten change with each step, so
/// that a commit writes, deletes and counts.
fn batch_of(step: u64) -> AccountBatch {
    let mut all = batch("1").cover(CoverageStatus::Ok);
    for at in 0..ASSETS {
        if at % 10 == 3 && (at / 10 + step as usize).is_multiple_of(2) {
            continue;
        }
        all = all.asset(&format!("rm-{at:03}"));
        for id in 1..=CHECKS {
            all = all.result(id as i64, ResultStatus::ALL[(at + step as usize + id) % 4]);
        }
    }
    let mut all = all.done();
    for result in all.results.iter_mut().flat_map(|c| &mut c.results) {
        result.evidence = Some(step.to_string());
    }
    all
}

/// The step whose batch the store holds, wholly; 0 for none.
async fn stored_step(scene: &Scene) -> u64 {
    let mut found = scene.all(&ResultFilter::default()).await;
    let Some(step) = found
        .first()
        .map(|r| r.evidence.as_ref().unwrap().parse().unwrap())
    else {
        return 0;
    };
    let wanted = batch_of(step);
    let mut rows = Vec::new();
    for one in &wanted.results {
        for result in &one.results {
            let id = wanted.assets[result.asset as usize].id.clone();
            rows.push((one.check_id, id, result.status, result.evidence.clone()));
        }
    }
    rows.sort();
    found.sort_by_key(|r| (r.check_id, r.asset_id.clone()));
    let found: Vec<_> = found
        .into_iter()
        .map(|r| (r.check_id, r.asset_id, r.status, r.evidence))
        .collect();
    assert_eq!(found, rows, "half a commit");
    step
}

/// Runs as a process of its own, started by the trials below; alone it does nothing.
#[test]
#[ignore = "started by the trials of this file"]
fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(&url).await.unwrap();
        let first = std::env::var("STANCE_TEST_KILL_STEP")
            .unwrap()
            .parse::<u64>()
            .unwrap();
        let task = NewTask {
            kind: "kill".into(),
            source: "child".into(),
            checks: vec![check(1)],
            lease_ms: 60_000,
        };
        let lease = store
            .create_task(&TenantId::default(), &task, 1_000)
            .await
            .unwrap();
        for step in first.. {
            println!("storing {step}");
            store
                .commit_account(&lease, &batch_of(step), 2_000)
                .await
                .unwrap();
            println!("stored {step}");
        }
    });
}

fn start(url: &str, step: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["kill::child", "--exact", "--ignored", "--nocapture"])
        .env(URL, url)
        .env("STANCE_TEST_KILL_STEP", step.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child `delay` after its first acknowledgement; answers the steps that it last began and acknowledged.
fn kill_after(mut child: Child, delay: Duration) -> (u64, u64) {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (tell, first) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let (mut begun, mut stored) = (0, 0);
        #[expect(clippy::disallowed_methods, reason = "the output of our own child")]
        for line in output.lines().map_while(Result::ok) {
            if let Some((_, step)) = line.rsplit_once("storing ") {
                begun = step.parse().unwrap();
            } else if let Some((_, step)) = line.rsplit_once("stored ") {
                stored = step.parse().unwrap();
                let _ = tell.send(());
            }
        }
        (begun, stored)
    });
    first
        .recv_timeout(Duration::from_secs(60))
        .expect("the child stores nothing");
    std::thread::sleep(delay);
    assert_eq!(
        child.try_wait().unwrap(),
        None,
        "the child is alive until it is killed"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn trial(engine: Engine, rounds: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let scene = Scene::new(engine).await;
        let (mut step, mut felt) = (0, 0);
        for round in 0..rounds {
            // Delays that fall anywhere in a commit, which takes some tens of milliseconds.
            let delay = Duration::from_micros(round * 7_919 % 60_000);
            let child = start(&scene.url, step + 1);
            let (begun, acknowledged) =
                tokio::task::spawn_blocking(move || kill_after(child, delay))
                    .await
                    .unwrap();
            let problems = scene.store.verify().await.unwrap();
            assert_eq!(problems, Vec::<String>::new(), "round {round}");
            let stored = stored_step(&scene).await;
            assert!(acknowledged > step, "round {round} stored nothing");
            assert!(
                stored >= acknowledged,
                "round {round}: {acknowledged} was acknowledged, {stored} is stored"
            );
            felt += u64::from(begun > acknowledged);
            step = stored;
        }
        assert!(
            felt * 2 > rounds,
            "only {felt} of {rounds} were killed while they stored something"
        );
    });
}

#[test]
fn nothing_is_lost_on_sqlite() {
    trial(Engine::Sqlite, 24);
}

#[test]
fn nothing_is_lost_on_postgres() {
    trial(Engine::Postgres, 12);
}
