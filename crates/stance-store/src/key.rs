//! Access keys.

use std::fmt;

use stance_model::TenantId;

use crate::db::{command, rows};
use crate::error::{During, StoreError};
use crate::inventory::broken;
use crate::store::Store;
use crate::text::{self, bound, take};

/// An access key as it is kept. The secret is sealed with the server's key file before it comes here.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Its id, unique over all tenants; it comes before the tenant is known.
    pub id: String,
    /// Whose it is.
    pub tenant: TenantId,
    /// The secret, sealed.
    pub secret_sealed: Vec<u8>,
    /// What it may do: a RAM policy document.
    pub policy: String,
    /// Whether it may be used.
    pub enabled: bool,
    /// A hash of the security token that must come with it, for temporary keys.
    pub token_hash: Option<String>,
    /// Until when it may be used, in milliseconds since 1970.
    pub expires_ms: Option<i64>,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// What it is for, in words.
    pub comment: String,
}

impl fmt::Debug for AccessKey {
    /// Without the secret and the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("AccessKey");
        out.field("id", &self.id)
            .field("tenant", &self.tenant)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "k.key_id, t.name, k.secret_sealed, k.policy, CASE WHEN k.enabled = 1 THEN 1 ELSE 0 END, \
     k.token_hash, k.expires_ms, k.created_ms, k.comment \
     FROM access_key k JOIN tenant t ON t.tenant_no = k.tenant_no";

type Row = (
    String,
    String,
    Vec<u8>,
    String,
    i64,
    Option<String>,
    Option<i64>,
    i64,
    String,
);

impl Store {
    /// Keeps a new access key.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when there is one with its id; [`StoreError::TooLarge`] for long texts.
    pub async fn create_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        let id = take("id of an access key, in bytes", &key.id, text::SHORT)?.into_owned();
        let policy =
            take("policy of an access key, in bytes", &key.policy, text::LONG)?.into_owned();
        let comment = take(
            "comment of an access key, in bytes",
            &key.comment,
            text::NAME,
        )?
        .into_owned();
        bound(
            "secret of an access key, in bytes",
            key.secret_sealed.len(),
            text::NAME,
        )?;
        let tenant = self.ensure_tenant(&key.tenant).await?;
        let sql = "INSERT INTO access_key \
                   (key_id, tenant_no, secret_sealed, policy, enabled, token_hash, expires_ms, created_ms, comment) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key_id) DO NOTHING";
        let query = command(sql)
            .bind(id)
            .bind(tenant)
            .bind(key.secret_sealed.clone())
            .bind(policy);
        let query = query
            .bind(i32::from(key.enabled))
            .bind(key.token_hash.clone());
        let query = query
            .bind(key.expires_ms)
            .bind(key.created_ms)
            .bind(comment);
        let done = query
            .execute(&self.db().write)
            .await
            .during("creating the access key")?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Invalid {
                what: format!("access key `{}`", key.id),
                why: "it exists already",
            });
        }
        Ok(())
    }

    /// The access key with this id, of whatever tenant.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn get_key(&self, id: &str) -> Result<Option<AccessKey>, StoreError> {
        let query = rows(format!("SELECT {COLUMNS} WHERE k.key_id = $1"))
            .bind(text::clean(id).into_owned());
        let found: Option<Row> = query
            .fetch_optional(&self.db().read)
            .await
            .during("reading the access key")?;
        found.map(from_row).transpose()
    }

    /// The access keys of a tenant, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn list_keys(&self, tenant: &TenantId) -> Result<Vec<AccessKey>, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let sql =
            format!("SELECT {COLUMNS} WHERE k.tenant_no = $1 ORDER BY k.created_ms, k.key_id");
        let found: Vec<Row> = rows(sql)
            .bind(tenant)
            .fetch_all(&self.db().read)
            .await
            .during("reading the access keys")?;
        found.into_iter().map(from_row).collect()
    }

    /// Enables or disables an access key; false: the tenant has none with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_key_enabled(
        &self,
        tenant: &TenantId,
        id: &str,
        enabled: bool,
    ) -> Result<bool, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(false);
        };
        let sql = "UPDATE access_key SET enabled = $3 WHERE key_id = $2 AND tenant_no = $1";
        let query = command(sql)
            .bind(tenant)
            .bind(text::clean(id).into_owned())
            .bind(i32::from(enabled));
        let done = query
            .execute(&self.db().write)
            .await
            .during("changing the access key")?;
        Ok(done.rows_affected() > 0)
    }

    /// Deletes an access key; false: the tenant has none with this id.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_key(&self, tenant: &TenantId, id: &str) -> Result<bool, StoreError> {
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(false);
        };
        let query =
            command("DELETE FROM access_key WHERE key_id = $2 AND tenant_no = $1").bind(tenant);
        let query = query.bind(text::clean(id).into_owned());
        let done = query
            .execute(&self.db().write)
            .await
            .during("deleting the access key")?;
        Ok(done.rows_affected() > 0)
    }
}

fn from_row(row: Row) -> Result<AccessKey, StoreError> {
    let (id, tenant, secret_sealed, policy, enabled, token_hash, expires_ms, created_ms, comment) =
        row;
    let tenant = TenantId::new(&*tenant).map_err(|_| broken("tenant", &tenant))?;
    let enabled = enabled == 1;
    Ok(AccessKey {
        id,
        tenant,
        secret_sealed,
        policy,
        enabled,
        token_hash,
        expires_ms,
        created_ms,
        comment,
    })
}
