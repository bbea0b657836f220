//! The service: the use cases over one store, one catalogue and one clock.

use std::sync::Arc;

use stance_catalog::{Catalog, Check};
use stance_model::query::CheckRef;
use stance_model::record::Account;
use stance_model::{CheckId, Clock};
use stance_store::Store;

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::image::{ImageScanner, ImageScans};
use crate::secret::SealingKey;

/// The use cases of Stance. Cheap to clone; clones share everything.
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) store: Store,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) sealing: SealingKey,
    pub(crate) clock: Clock,
    /// What scans the images that requests name; none: they cannot.
    pub(crate) image_scans: Option<Arc<ImageScans>>,
}

impl Service {
    /// A service over a store.
    #[must_use]
    pub fn new(store: Store, catalog: Arc<Catalog>, sealing: SealingKey, clock: Clock) -> Self {
        Self {
            store,
            catalog,
            sealing,
            clock,
            image_scans: None,
        }
    }

    /// The same service, which scans images that requests name.
    #[must_use]
    pub fn with_image_scanner(mut self, scanner: Arc<dyn ImageScanner>) -> Self {
        self.image_scans = Some(Arc::new(ImageScans::new(scanner)));
        self
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The catalogue.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Problems of the store: counters that disagree with rows, damage of the file. None: it is sound.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn verify_store(&self, caller: &Caller) -> Result<Vec<String>, ServiceError> {
        caller.authorise("stance:VerifyStore")?;
        Ok(self.store.verify().await?)
    }

    /// Ends tasks whose process died: they are failed, and their checks no longer CHECKING. Changes nothing else, so
    /// anybody may ask for it.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn recover(&self) -> Result<u64, ServiceError> {
        Ok(self.store.recover_tasks(self.clock.now_ms()).await?)
    }

    /// Ends image scans that run in the background and lets the store finish what it does. The process may end after
    /// it.
    pub async fn close(&self) {
        if let Some(scans) = &self.image_scans {
            scans.stop().await;
        }
        self.store.close().await;
    }

    /// The last tasks, newest first.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn tasks(
        &self,
        caller: &Caller,
        limit: u32,
    ) -> Result<Vec<stance_store::Task>, ServiceError> {
        caller.authorise("stance:ListTasks")?;
        Ok(self.store.tasks(&caller.tenant, limit).await?)
    }

    /// How the status of one pair changed, newest first.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::UnknownCheck`], [`ServiceError::Store`].
    pub async fn history(
        &self,
        caller: &Caller,
        check: &CheckRef,
        asset_id: &str,
        limit: u32,
    ) -> Result<Vec<stance_store::StatusChange>, ServiceError> {
        caller.authorise("stance:ListHistory")?;
        let check = self.find_check(check)?;
        Ok(self
            .store
            .history(&caller.tenant, check.id, asset_id, limit)
            .await?)
    }

    /// The accounts that were scanned.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<Account>, ServiceError> {
        caller.authorise("stance:ListAccounts")?;
        Ok(self.store.accounts(&caller.tenant).await?)
    }

    /// The check that a person means.
    ///
    /// # Errors
    /// [`ServiceError::UnknownCheck`].
    pub fn find_check(&self, check: &CheckRef) -> Result<&Arc<Check>, ServiceError> {
        match check {
            CheckRef::Id(id) => self.catalog.get(*id),
            CheckRef::Key(key) => self.catalog.by_key(key),
        }
        .ok_or_else(|| ServiceError::UnknownCheck {
            given: match check {
                CheckRef::Id(id) => id.to_string(),
                CheckRef::Key(key) => key.clone(),
            },
        })
    }

    /// The check of a number from outside.
    pub(crate) fn check_of(&self, id: i64) -> Result<&Arc<Check>, ServiceError> {
        CheckId::new(id)
            .ok()
            .and_then(|id| self.catalog.get(id))
            .ok_or_else(|| ServiceError::UnknownCheck {
                given: id.to_string(),
            })
    }
}
