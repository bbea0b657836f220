//! Databases: RDS, MongoDB, Redis, PolarDB and AnalyticDB for PostgreSQL.
//!
//! Each file has a table of instances; a row names an instance and its quirks, which are what sets it apart from a
//! healthy one of its kind. What the calls answer follows from the row.

mod gpdb;
mod mongodb;
mod polardb;
mod rds;
mod redis;

use serde_json::{Value, json};

use super::{Account, Draft, Estate, PROD, ali_id, denied, number, pick, token, zone};

/// All days of the week as backup policies spell them.
const EVERY_DAY: &str = "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday";

/// Adds all databases.
pub(crate) fn add(estate: &mut Estate) {
    rds::add(estate);
    mongodb::add(estate);
    redis::add(estate);
    polardb::add(estate);
    gpdb::add(estate);
}

/// An instance: where it is, what it is called and what sets it apart from a healthy one (`Q`).
struct Site<Q: 'static> {
    account: Account,
    region: &'static str,
    name: &'static str,
    quirks: &'static [Q],
    id: String,
}

impl<Q: Copy + PartialEq> Site<Q> {
    /// An instance whose id begins with `prefix`.
    fn new(
        prefix: &str,
        account: Account,
        region: &'static str,
        name: &'static str,
        quirks: &'static [Q],
    ) -> Self {
        let id = ali_id(prefix, region, &format!("{} {name}", account.name));
        Self {
            account,
            region,
            name,
            quirks,
            id,
        }
    }

    fn has(&self, quirk: Q) -> bool {
        self.quirks.contains(&quirk)
    }

    /// What `pick` takes out of the first quirk that it knows.
    fn find<T>(&self, pick: impl Fn(Q) -> Option<T>) -> Option<T> {
        self.quirks.iter().copied().find_map(pick)
    }

    /// What `pick` takes out of all quirks that it knows.
    fn all<T>(&self, pick: impl Fn(Q) -> Option<T>) -> Vec<T> {
        self.quirks.iter().copied().filter_map(pick).collect()
    }

    /// `healthy`, or `odd` for an instance with the quirk.
    fn unless<'t>(&self, quirk: Q, healthy: &'t str, odd: &'t str) -> &'t str {
        if self.has(quirk) { odd } else { healthy }
    }

    /// The asset with what its calls answered; those in `refused` were denied instead.
    fn draft(
        &self,
        asset_type: &'static str,
        answers: Vec<(&'static str, Value)>,
        refused: &[&str],
    ) -> Draft {
        let env = if self.account == PROD { "prod" } else { "dev" };
        let draft = Draft::new(self.account, self.region, asset_type, &self.id, self.name)
            .zone(&zone(self.region))
            .tag("env", env)
            .tag(
                "team",
                pick(self.name, &["storefront", "payments", "logistics", "data"]),
            );
        answers.into_iter().fold(draft, |draft, (call, answer)| {
            if refused.contains(&call) {
                draft.unknown(call, denied("Forbidden.RAM"))
            } else {
                draft.fact(call, answer)
            }
        })
    }
}

/// A moment between 2019 and 2024, RFC 3339.
fn created(seed: &str) -> String {
    let bits = number(&format!("{seed} created"));
    let (year, month, day) = (2019 + bits % 6, 1 + (bits >> 8) % 12, 1 + (bits >> 16) % 28);
    format!(
        "{year}-{month:02}-{day:02}T{:02}:{:02}:12Z",
        (bits >> 24) % 24,
        (bits >> 32) % 60
    )
}

/// A global whitelist template that is attached to an instance, as `DescribeGlobalSecurityIPGroupRelation` shows it.
fn global_group(region: &str, name: &str, addresses: &str) -> Value {
    json!({
        "GlobalSecurityGroupId": format!("g-{}", token(&format!("{region} {name}"), 20)),
        "GlobalIgName": name,
        "GIpList": addresses,
        "RegionId": region,
    })
}
