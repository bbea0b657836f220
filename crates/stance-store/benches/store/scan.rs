//! Storing.

use std::fmt;
use std::hint::black_box;

use stance_store::{CommitStats, NewTask, Store, TaskState};

use crate::estate::{self, ACCOUNTS, Scale, TENANTS};
use crate::machine::{Meter, Spent};

/// What a pass over everything took.
pub(crate) struct Pass {
    spent: Spent,
    results: usize,
    written: u64,
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_second = self.results as f64 / self.spent.wall.as_secs_f64();
        write!(
            f,
            "{}, {:9.0} results/s, {} written",
            self.spent, per_second, self.written
        )
    }
}

/// What the made-up estate itself costs.
pub(crate) fn generate_only(scale: Scale) {
    for _ in 0..TENANTS {
        for account in 0..ACCOUNTS {
            let _ = black_box(estate::batch(scale, account, 1));
        }
    }
}

/// Stores what a pass finds: one task a tenant, one commit an account.
pub(crate) async fn run(
    store: &Store,
    scale: Scale,
    pass: u64,
) -> Result<Pass, Box<dyn std::error::Error>> {
    let meter = Meter::start();
    let mut total = CommitStats::default();
    let now = 1_700_000_000_000 + i64::try_from(pass)? * 86_400_000;
    for tenant in estate::tenants() {
        let task = NewTask {
            kind: "scan".to_owned(),
            source: "bench".to_owned(),
            checks: estate::check_ids(scale),
            lease_ms: 3_600_000,
        };
        let lease = store.create_task(&tenant, &task, now).await?;
        for account in 0..ACCOUNTS {
            let batch = estate::batch(scale, account, pass)?;
            let stats = store.commit_account(&lease, &batch, now).await?;
            total.results_written += stats.results_written;
            store
                .renew(&lease, i64::try_from(account)? + 1, 5, now)
                .await?;
        }
        store.finish_task(&lease, TaskState::Done, "", now).await?;
    }
    Ok(Pass {
        spent: meter.stop(),
        results: scale.results(),
        written: total.results_written,
    })
}

/// Prints each later pass as a share of the first, both without the cost of making the estate up.
pub(crate) fn compare(generated: &Spent, first: &Pass, later: &[(&str, &Pass)]) {
    let net = |pass: &Pass| (pass.spent.cpu - generated.cpu).max(0.01);
    println!(
        "\nnet of generating, CPU: first {:.2} s, {:.2} M results per CPU s",
        net(first),
        million(first, net(first))
    );
    for (name, pass) in later {
        println!(
            "  {name}: {:.2} s, {:.2} M results per CPU s, {:.2} of the first",
            net(pass),
            million(pass, net(pass)),
            net(pass) / net(first)
        );
    }
}

fn million(pass: &Pass, seconds: f64) -> f64 {
    pass.results as f64 / seconds / 1e6
}
