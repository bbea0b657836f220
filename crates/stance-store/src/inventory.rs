//! What is known of accounts, assets and coverage.

use stance_model::record::Account;
use stance_model::{Coverage, CoverageStatus, Provider, TenantId};

use crate::db::rows;
use crate::error::{During, StoreError};
use crate::store::Store;

/// How completely something was read, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCoverage {
    /// How completely.
    pub coverage: Coverage,
    /// The task that read it last.
    pub task_id: i64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl Store {
    /// How completely each (account, region, asset type) was last read, in this order.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn coverage(&self, tenant: &TenantId) -> Result<Vec<StoredCoverage>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT c.provider, c.account, v.region, v.asset_type, v.status, v.reason, v.task_id, v.at_ms \
                   FROM coverage v JOIN account c ON c.tenant_no = v.tenant_no AND c.account_no = v.account_no \
                   WHERE v.tenant_no = $1 ORDER BY c.provider, c.account, v.region, v.asset_type";
        let found: Vec<Row> = rows(sql)
            .bind(tenant)
            .fetch_all(&self.db().read)
            .await
            .during("reading the coverage")?;
        found.into_iter().map(from_row).collect()
    }

    /// The accounts that tasks have looked at, by provider and id.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn accounts(&self, tenant: &TenantId) -> Result<Vec<Account>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT provider, account, name FROM account WHERE tenant_no = $1 ORDER BY provider, account";
        let found: Vec<(String, String, String)> = rows(sql)
            .bind(tenant)
            .fetch_all(&self.db().read)
            .await
            .during("reading the accounts")?;
        found
            .into_iter()
            .map(|(p, id, name)| {
                Ok(Account {
                    provider: provider(&p)?,
                    id,
                    name,
                })
            })
            .collect()
    }

    /// How many assets are known and not gone.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn asset_count(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(0);
        };
        let sql =
            "SELECT CAST(coalesce(sum(assets), 0) AS BIGINT) FROM account WHERE tenant_no = $1";
        let (count,): (i64,) = rows(sql)
            .bind(tenant)
            .fetch_one(&self.db().read)
            .await
            .during("counting the assets")?;
        Ok(count.max(0).cast_unsigned())
    }
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    i64,
);

fn from_row(row: Row) -> Result<StoredCoverage, StoreError> {
    let (provider_key, account, region, asset_type, status, reason, task_id, at_ms) = row;
    let reason = reason
        .map(|r| serde_json::from_str(&r).map_err(|_| broken("reason", &r)))
        .transpose()?;
    let coverage = Coverage {
        provider: provider(&provider_key)?,
        account,
        region,
        asset_type: asset_type
            .parse()
            .map_err(|_| broken("asset type", &asset_type))?,
        status: coverage_status(&status)?,
        reason,
    };
    Ok(StoredCoverage {
        coverage,
        task_id,
        at_ms,
    })
}

/// The provider of a stored key.
pub(crate) fn provider(key: &str) -> Result<Provider, StoreError> {
    key.parse().map_err(|_| broken("provider", key))
}

fn coverage_status(key: &str) -> Result<CoverageStatus, StoreError> {
    use CoverageStatus::{Failed, NotActivated, NotOffered, Ok as Whole, Partial};
    let all = [Whole, Partial, Failed, NotActivated, NotOffered];
    all.into_iter()
        .find(|s| s.key() == key)
        .ok_or_else(|| broken("coverage status", key))
}

/// Something stored that cannot be read.
pub(crate) fn broken(what: &str, text: &str) -> StoreError {
    StoreError::corrupt(format!("`{text}` as {what}"))
}
