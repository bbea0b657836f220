//! Exceptions: accepting results with a reason.

use stance_model::exception::Exception;
use stance_model::query::CheckRef;

use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// The longest reason, in bytes: what the store keeps.
const REASON_BYTES: usize = 16 << 10;

/// The most assets that one exception names.
const ASSETS: usize = 10_000;

/// An exception that is asked for.
#[derive(Debug, Clone)]
pub struct NewException {
    /// The check.
    pub check: CheckRef,
    /// The assets it is limited to, by the provider's ids; empty: the whole check.
    pub asset_ids: Vec<String>,
    /// Why.
    pub reason: String,
    /// Until when, in milliseconds since 1970; none: for good.
    pub expires_ms: Option<i64>,
}

impl Service {
    /// Accepts the failures of a check, or of some assets under it.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::UnknownCheck`], [`ServiceError::Invalid`].
    pub async fn add_exception(
        &self,
        caller: &Caller,
        new: NewException,
    ) -> Result<Exception, ServiceError> {
        caller.authorise("stance:CreateException")?;
        let check_id = self.find_check(&new.check)?.id;
        let now = self.clock.now_ms();
        let invalid = |what, why: &str| {
            Err(ServiceError::Invalid {
                what,
                why: why.to_owned(),
            })
        };
        if new.reason.trim().is_empty() || new.reason.len() > REASON_BYTES {
            return invalid("reason", "must say why, in at most 16384 bytes");
        }
        if new.asset_ids.len() > ASSETS || new.asset_ids.iter().any(String::is_empty) {
            return invalid("assets", "must be at most 10000 ids that are not empty");
        }
        if new.expires_ms.is_some_and(|at| at <= now) {
            return invalid("expiry", "must lie in the future");
        }
        let exception = Exception {
            id: 0,
            check_id,
            asset_ids: new.asset_ids,
            reason: new.reason,
            author: caller.principal.clone(),
            created_ms: now,
            expires_ms: new.expires_ms,
        };
        Ok(self.store.add_exception(&caller.tenant, &exception).await?)
    }

    /// The exceptions in force.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn list_exceptions(&self, caller: &Caller) -> Result<Vec<Exception>, ServiceError> {
        caller.authorise("stance:ListExceptions")?;
        self.expire(caller).await?;
        Ok(self.store.list_exceptions(&caller.tenant).await?)
    }

    /// Takes an exception back; `false`: there is none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn remove_exception(&self, caller: &Caller, id: i64) -> Result<bool, ServiceError> {
        caller.authorise("stance:DeleteException")?;
        Ok(self
            .store
            .remove_exception(&caller.tenant, id, self.clock.now_ms())
            .await?)
    }

    /// Ends the exceptions whose time has come; asked before every reading that shows their effect.
    pub(crate) async fn expire(&self, caller: &Caller) -> Result<(), ServiceError> {
        self.store
            .expire_exceptions(&caller.tenant, self.clock.now_ms())
            .await?;
        Ok(())
    }
}
