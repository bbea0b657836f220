//! The store: one handle, cheap to clone.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use stance_model::TenantId;

use crate::db::{Db, Tx, command, commit, rows};
use crate::dialect::Dialect;
use crate::error::{During, StoreError};
use crate::open;

/// An open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    /// Numbers of tenants; a number never changes.
    tenants: RwLock<HashMap<TenantId, i64>>,
    nonces: AtomicU64,
    uncounted: AtomicU64,
}

impl Store {
    /// Opens `sqlite://FILE` (created, readable by its owner only, when there is none) or `postgres://…`, and brings
    /// its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the URL is none of these, the database cannot be reached, holds something else,
    /// or was made by a newer version.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = open::open(url).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                tenants: RwLock::default(),
                nonces: AtomicU64::new(0),
                uncounted: AtomicU64::new(0),
            }),
        })
    }

    /// Closes all connections, after what is under way; for an orderly end of the program.
    pub async fn close(&self) {
        self.db().write.close().await;
        self.db().read.close().await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.inner.db.dialect
    }

    /// Counts uses of nonces, so that old ones are deleted now and then.
    pub(crate) fn nonces(&self) -> &AtomicU64 {
        &self.inner.nonces
    }

    /// Rows written since statistics were last refreshed.
    pub(crate) fn uncounted(&self) -> &AtomicU64 {
        &self.inner.uncounted
    }

    /// The number of a tenant; none while nothing is stored for it.
    pub(crate) async fn tenant(&self, tenant: &TenantId) -> Result<Option<i64>, StoreError> {
        let known = self
            .inner
            .tenants
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(tenant)
            .copied();
        if known.is_some() {
            return Ok(known);
        }
        let found: Option<(i64,)> = rows("SELECT tenant_no FROM tenant WHERE name = $1")
            .bind(tenant.as_str().to_owned())
            .fetch_optional(&self.db().read)
            .await
            .during("looking up the tenant")?;
        Ok(found.map(|(number,)| self.remember(tenant, number)))
    }

    /// The number of a tenant, which is given one when it has none.
    pub(crate) async fn ensure_tenant(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        const DOING: &str = "adding the tenant";
        if let Some(number) = self.tenant(tenant).await? {
            return Ok(number);
        }
        // In a transaction of its own: the number is remembered, so it must not be rolled back with other work.
        let mut tx = self.db().begin_write(DOING).await?;
        command("INSERT INTO tenant (name) VALUES ($1) ON CONFLICT (name) DO NOTHING")
            .bind(tenant.as_str().to_owned())
            .execute(&mut *tx)
            .await
            .during(DOING)?;
        commit(tx, DOING).await?;
        self.tenant(tenant)
            .await?
            .ok_or_else(|| StoreError::corrupt("no number for a tenant just added"))
    }

    fn remember(&self, tenant: &TenantId, number: i64) -> i64 {
        self.inner
            .tenants
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(tenant.clone(), number);
        number
    }
}

/// How a transaction holds its tenant. Commits share it; a change of exceptions has it alone, because it touches the
/// results of all accounts and must see those that a commit is just adding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Shared,
    Alone,
}

/// Holds the tenant until the end of the transaction.
///
/// INVARIANT: locks are taken in the order task, tenant, account, rows of the account; every transaction that takes
/// more than one does so in that order, so none can wait in a circle.
pub(crate) async fn hold_tenant(
    tx: &mut Tx,
    dialect: Dialect,
    tenant: i64,
    hold: Hold,
) -> Result<(), StoreError> {
    let lock = if hold == Hold::Alone {
        dialect.for_update()
    } else {
        dialect.for_share()
    };
    let found: Option<(i64,)> = rows(format!(
        "SELECT tenant_no FROM tenant WHERE tenant_no = $1 {lock}"
    ))
    .bind(tenant)
    .fetch_optional(&mut **tx)
    .await
    .during("locking the tenant")?;
    found
        .map(drop)
        .ok_or_else(|| StoreError::corrupt("no row for a tenant that was known"))
}
