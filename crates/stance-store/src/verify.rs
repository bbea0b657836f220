//! Checking that a database is sound: its files, and that what is kept twice agrees.

use std::collections::{BTreeMap, HashMap};

use sqlx::FromRow;
use sqlx::any::AnyRow;
use stance_model::view::Counts;

use crate::commit::counters::tally;
use crate::commit::gone::status_of;
use crate::db::{Tx, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::scope;
use crate::store::Store;

const DOING: &str = "verifying the database";

/// Problems listed of one kind; the rest is counted.
const LISTED: usize = 20;

impl Store {
    /// Checks the database and says what is wrong, in words; nothing said: it is sound. The counters are compared
    /// with a recount of all results, so this takes about two seconds per million of them. SQLite's own check of
    /// the file comes first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn verify(&self) -> Result<Vec<String>, StoreError> {
        let mut tx = self.db().begin_read(DOING).await?;
        let mut problems = Problems::default();
        if self.dialect() == Dialect::Sqlite {
            check_file(&mut tx, &mut problems).await?;
        }
        check_counters(&mut tx, &mut problems).await?;
        check_scopes(&mut tx, &mut problems).await?;
        for (what, sql) in COUNTED {
            let found: Vec<(i64,)> = all(&mut tx, sql).await?;
            let count = found.first().map_or(0, |(count,)| *count);
            problems.add_if(count > 0, || format!("{count} {what}"));
        }
        tx.rollback().await.during(DOING)?;
        Ok(problems.list())
    }
}

/// What there must be none of.
const COUNTED: &[(&str, &str)] = &[
    (
        "results of an asset that is unknown, gone, or of another account",
        "SELECT count(*) FROM result r LEFT JOIN asset a ON a.tenant_no = r.tenant_no AND a.asset_no = r.asset_no \
         WHERE a.asset_no IS NULL OR a.gone_ms IS NOT NULL OR a.account_no <> r.account_no",
    ),
    (
        "results that carry an exception and do not fail, or one that has ended or is of another check",
        "SELECT count(*) FROM result r LEFT JOIN exception e \
         ON e.tenant_no = r.tenant_no AND e.exception_id = r.exception_id AND e.check_id = r.check_id \
         WHERE r.exception_id IS NOT NULL AND (r.status <> 1 OR e.exception_id IS NULL OR e.ended_ms IS NOT NULL)",
    ),
    (
        "checks with results in an account and no time at which they looked at it",
        "SELECT count(*) FROM (SELECT DISTINCT tenant_no, check_id, account_no FROM result) AS r \
         LEFT JOIN watermark w \
         ON w.tenant_no = r.tenant_no AND w.check_id = r.check_id AND w.account_no = r.account_no \
         WHERE w.check_id IS NULL",
    ),
    (
        "images without an asset, or with another id than their asset",
        "SELECT count(*) FROM image i LEFT JOIN asset a ON a.tenant_no = i.tenant_no AND a.asset_no = i.asset_no \
         WHERE a.asset_no IS NULL OR a.id <> i.uuid",
    ),
    (
        "items of images whose state is not that of their result",
        "SELECT count(*) FROM image_item f \
         LEFT JOIN asset a ON a.tenant_no = f.tenant_no AND a.asset_no = f.asset_no \
         LEFT JOIN result r ON r.tenant_no = f.tenant_no AND r.check_id = f.check_id AND r.account_no = a.account_no \
         AND r.asset_no = f.asset_no WHERE (f.state = 1) <> (coalesce(r.status, 0) = 1) \
         OR (f.state = 2 AND coalesce(r.status, 0) <> 3)",
    ),
    (
        "failing items of images that are not remembered, or not by their history",
        "SELECT count(*) FROM (SELECT DISTINCT h.tenant_no, h.check_id, h.asset_no FROM history h \
         JOIN asset a ON a.tenant_no = h.tenant_no AND a.asset_no = h.asset_no \
         JOIN account c ON c.tenant_no = a.tenant_no AND c.account_no = a.account_no \
         WHERE c.provider = 'image' AND h.to_status = 1) AS failed \
         FULL JOIN image_item f \
         ON f.tenant_no = failed.tenant_no AND f.check_id = failed.check_id AND f.asset_no = failed.asset_no \
         WHERE f.asset_no IS NULL OR failed.asset_no IS NULL",
    ),
    (
        "accounts whose number of assets is not that of their rows",
        "SELECT count(*) FROM account c WHERE c.assets <> (SELECT count(*) FROM asset a \
         WHERE a.tenant_no = c.tenant_no AND a.account_no = c.account_no AND a.gone_ms IS NULL)",
    ),
];

#[derive(Default)]
struct Problems {
    found: Vec<String>,
    more: usize,
}

impl Problems {
    fn add_if(&mut self, wrong: bool, what: impl FnOnce() -> String) {
        if wrong && self.found.len() < LISTED * 4 {
            self.found.push(what());
        } else if wrong {
            self.more += 1;
        }
    }

    fn list(mut self) -> Vec<String> {
        if self.more > 0 {
            self.found.push(format!("and {} more", self.more));
        }
        self.found
    }
}

async fn check_file(tx: &mut Tx, problems: &mut Problems) -> Result<(), StoreError> {
    let found: Vec<(String,)> = all(tx, "PRAGMA integrity_check").await?;
    for (line,) in found {
        problems.add_if(line != "ok", || format!("integrity check: {line}"));
    }
    let broken: Vec<(String, String)> =
        all(tx, "SELECT \"table\", parent FROM pragma_foreign_key_check").await?;
    for (table, parent) in broken {
        problems.add_if(true, || {
            format!("a row of `{table}` refers to no row of `{parent}`")
        });
    }
    Ok(())
}

type Key = (i64, i64, i64, String);
/// Of `rollup`.
type Kept = (i64, i64, i64, String, i64, i64, i64, i64, i64);
/// Of a recount.
type Counted = (i64, i64, i64, String, i32, i32, i64);

/// Counters against a recount.
async fn check_counters(tx: &mut Tx, problems: &mut Problems) -> Result<(), StoreError> {
    let sql = "SELECT r.tenant_no, r.check_id, r.account_no, coalesce(a.region, ''), r.status, \
               CASE WHEN r.exception_id IS NULL THEN 0 ELSE 1 END AS excepted, count(*) \
               FROM result r LEFT JOIN asset a ON a.tenant_no = r.tenant_no AND a.asset_no = r.asset_no \
               GROUP BY r.tenant_no, r.check_id, r.account_no, a.region, r.status, excepted";
    let found: Vec<Counted> = all(tx, sql).await?;
    let mut recount: BTreeMap<Key, Counts> = BTreeMap::new();
    for (tenant, check, account, region, status, excepted, count) in found {
        let counts = recount.entry((tenant, check, account, region)).or_default();
        tally(counts, status_of(status)?, excepted == 1, count);
    }
    let sql = "SELECT tenant_no, check_id, account_no, region, pass, fail, excepted, not_applicable, unknown FROM rollup";
    let found: Vec<Kept> = all(tx, sql).await?;
    for (tenant, check, account, region, pass, fail, excepted, not_applicable, unknown) in found {
        let kept = Counts {
            pass,
            fail,
            excepted,
            not_applicable,
            unknown,
        };
        let key = (tenant, check, account, region);
        let counted = recount.remove(&key).unwrap_or_default();
        problems.add_if(kept != counted, || disagree(&key, &kept, &counted));
    }
    for (key, counted) in recount {
        problems.add_if(true, || disagree(&key, &Counts::default(), &counted));
    }
    Ok(())
}

fn disagree((tenant, check, account, region): &Key, kept: &Counts, counted: &Counts) -> String {
    format!(
        "counters of tenant {tenant}, check {check}, account {account}, region `{region}` say {kept:?}, and the \
         results are {counted:?}"
    )
}

/// The checks that each asset says it has results for, against the results: how many, their sum, the sum of their
/// squares.
async fn check_scopes(tx: &mut Tx, problems: &mut Problems) -> Result<(), StoreError> {
    type Print = (i64, i64, i64);
    let sql = "SELECT tenant_no, asset_no, count(*), CAST(sum(check_id) AS BIGINT), \
               CAST(sum(CAST(check_id AS BIGINT) * check_id) AS BIGINT) FROM result GROUP BY tenant_no, asset_no";
    let found: Vec<(i64, i64, i64, i64, i64)> = all(tx, sql).await?;
    let mut prints: HashMap<(i64, i64), Print> = found
        .into_iter()
        .map(|(t, a, n, s, q)| ((t, a), (n, s, q)))
        .collect();
    let assets: Vec<(i64, i64, String)> = all(
        tx,
        "SELECT tenant_no, asset_no, checks FROM asset WHERE checks <> ''",
    )
    .await?;
    for (tenant, asset, checks) in assets {
        let print = scope::decode(&checks)?
            .iter()
            .fold((0, 0, 0), |(n, s, q), c| (n + 1, s + c, q + c * c));
        let wrong = prints.remove(&(tenant, asset)) != Some(print);
        problems.add_if(wrong, || {
            format!("asset {asset} of tenant {tenant} has other results than its list of checks")
        });
    }
    let count = prints.len();
    problems.add_if(count > 0, || {
        format!("{count} assets with results and an empty list of checks")
    });
    Ok(())
}

async fn all<O>(tx: &mut Tx, sql: &'static str) -> Result<Vec<O>, StoreError>
where
    O: Send + Unpin + for<'r> FromRow<'r, AnyRow>,
{
    rows(sql).fetch_all(&mut **tx).await.during(DOING)
}
