//! Asking.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection};
use stance_model::exception::Exception;
use stance_model::query::PageRequest;
use stance_model::{CheckId, CheckStatus, TenantId};
use stance_store::{ResultFilter, Sort, Store};

use crate::estate::{self, Scale};

type Failure = Box<dyn std::error::Error>;

/// Asks each kind of question many times; prints the median and the slowest in a hundred.
pub(crate) async fn run(store: &Store, url: &str, scale: Scale) -> Result<(), Failure> {
    let ask = Ask {
        store,
        tenant: estate::tenants().pop().unwrap_or_default(),
        scale,
    };
    println!("\nquery                                     p50 ms    p99 ms   answers");
    let counters = ask
        .time("rollups", async |_| {
            Ok(store.rollups(&ask.tenant, None).await?.len())
        })
        .await?;
    ask.time("asset_rollups, 1 id", async |n| {
        ask.asset_rollups(n, 1).await
    })
    .await?;
    ask.time("asset_rollups, 100 ids", async |n| {
        ask.asset_rollups(n, 100).await
    })
    .await?;
    let not_pass = || ResultFilter {
        statuses: vec![CheckStatus::NotPass],
        ..ResultFilter::default()
    };
    ask.time("list NOT_PASS, page 1", async |n| {
        ask.list(n, not_pass(), 1).await
    })
    .await?;
    let by_status = || ResultFilter {
        sort: Sort::Status,
        ..ResultFilter::default()
    };
    ask.time("list all by status, page 1", async |n| {
        ask.list(n, by_status(), 1).await
    })
    .await?;
    let deep = u32::try_from(scale.assets / 10)?;
    let name = format!("list all by status, page {deep}");
    ask.time(&name, async |n| ask.list(n, by_status(), deep).await)
        .await?;
    ask.time("list name contains", async |n| {
        let filter = ResultFilter {
            name_contains: Some(format!("EB-{}", n % 10)),
            ..ResultFilter::default()
        };
        ask.list(n, filter, 1).await
    })
    .await?;
    ask.time("list 20 ids", async |n| {
        let filter = ResultFilter {
            asset_ids: ask.ids(n, 20),
            ..ResultFilter::default()
        };
        ask.list(n, filter, 1).await
    })
    .await?;
    ask.time("except one asset, and back (durable)", async |n| {
        ask.except(n).await
    })
    .await?;
    ask.time("use a nonce (durable)", async |n| {
        Ok(usize::from(
            store
                .use_nonce("bench", &n.to_string(), 1, 1_000_000)
                .await?,
        ))
    })
    .await?;
    let rows = ask.count_rows(url).await?;
    println!(
        "counting the same from rows is {:.0} times dearer than from counters",
        rows / counters
    );
    Ok(())
}

struct Ask<'a> {
    store: &'a Store,
    tenant: TenantId,
    scale: Scale,
}

impl Ask<'_> {
    /// The median in seconds.
    async fn time(
        &self,
        name: &str,
        ask: impl AsyncFn(usize) -> Result<usize, Failure>,
    ) -> Result<f64, Failure> {
        let mut times: Vec<Duration> = Vec::new();
        let mut answers = 0;
        for round in 0..self.scale.rounds {
            let begun = Instant::now();
            answers = ask(round).await?;
            times.push(begun.elapsed());
        }
        times.sort();
        let at = |percent: usize| {
            times
                .get((times.len() - 1) * percent / 100)
                .map_or(0.0, Duration::as_secs_f64)
        };
        println!(
            "{name:38} {:9.2} {:9.2} {answers:9}",
            at(50) * 1e3,
            at(99) * 1e3
        );
        Ok(at(50))
    }

    fn check(&self, round: usize) -> Result<CheckId, Failure> {
        Ok(CheckId::new(
            1 + i64::try_from(round * 7 % self.scale.checks)?,
        )?)
    }

    fn ids(&self, round: usize, count: usize) -> Vec<String> {
        (0..count)
            .map(|n| estate::asset_id(n % 5, (round * 31 + n * 17) % self.scale.assets))
            .collect()
    }

    async fn asset_rollups(&self, round: usize, count: usize) -> Result<usize, Failure> {
        Ok(self
            .store
            .asset_rollups(&self.tenant, &self.ids(round, count), None)
            .await?
            .len())
    }

    async fn list(
        &self,
        round: usize,
        filter: ResultFilter,
        number: u32,
    ) -> Result<usize, Failure> {
        let filter = ResultFilter {
            check_ids: vec![self.check(round)?],
            ..filter
        };
        let page = self
            .store
            .list_results(&self.tenant, &filter, PageRequest { number, size: 20 })
            .await?;
        Ok(page.items.len())
    }

    async fn except(&self, round: usize) -> Result<usize, Failure> {
        let exception = Exception {
            id: 0,
            check_id: self.check(round)?,
            asset_ids: self.ids(round, 1),
            reason: "bench".to_owned(),
            author: "bench".to_owned(),
            created_ms: 1,
            expires_ms: None,
        };
        let added = self.store.add_exception(&self.tenant, &exception).await?;
        Ok(usize::from(
            self.store
                .remove_exception(&self.tenant, added.id, 2)
                .await?,
        ))
    }

    /// The baseline: what `rollups` answers, counted from the results.
    async fn count_rows(&self, url: &str) -> Result<f64, Failure> {
        const SQL: &str = "SELECT r.check_id, r.account_no, r.status, count(*) FROM result r \
             JOIN tenant t ON t.tenant_no = r.tenant_no WHERE t.name = $1 \
             GROUP BY r.check_id, r.account_no, r.status";
        let mut times = Vec::new();
        for _ in 0..3 {
            let mut connection = AnyConnection::connect(url).await?;
            let begun = Instant::now();
            sqlx::query(SQL)
                .bind(self.tenant.as_str())
                .fetch_all(&mut connection)
                .await?;
            times.push(begun.elapsed().as_secs_f64());
            connection.close().await?;
        }
        times.sort_by(f64::total_cmp);
        let median = times.get(1).copied().unwrap_or_default();
        println!(
            "{:38} {:9.2}",
            "the same as rollups, from rows",
            median * 1e3
        );
        Ok(median)
    }
}
