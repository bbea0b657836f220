//! Access keys: the credentials that the façade's clients sign with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use stance_store::AccessKey;
use subtle::ConstantTimeEq;

use crate::caller::{Caller, Policy};
use crate::error::ServiceError;
use crate::secret::{Secret, random};
use crate::service::Service;

/// How long a nonce is remembered: a request dated 15 minutes ahead stays valid for 30.
const NONCE_MS: i64 = 31 * 60 * 1_000;

/// The longest life of a temporary key.
const TEMPORARY_MS: i64 = 12 * 60 * 60 * 1_000;

/// A key that is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// The RAM policy document; none: everything of the façade.
    pub policy: Option<String>,
    /// What it is for, for people.
    pub comment: String,
    /// For a temporary key with a security token: how long it lives, in milliseconds; at most 12 hours.
    pub temporary_ms: Option<i64>,
}

/// A key that was made. The secret is shown this one time.
#[derive(Debug)]
pub struct CreatedKey {
    /// The id.
    pub id: String,
    /// The secret.
    pub secret: Secret,
    /// The security token of a temporary key.
    pub token: Option<Secret>,
    /// When a temporary key ends, in milliseconds since 1970.
    pub expires_ms: Option<i64>,
}

/// A key without its secret.
#[derive(Debug, Clone)]
pub struct KeySummary {
    /// The id.
    pub id: String,
    /// The policy document.
    pub policy: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Whether it is temporary.
    pub temporary: bool,
    /// When it ends, in milliseconds since 1970.
    pub expires_ms: Option<i64>,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// What it is for.
    pub comment: String,
}

/// What a signature is verified with.
#[derive(Debug)]
pub struct SigningKey {
    /// The secret.
    pub secret: Secret,
    /// Whether the key is enabled.
    pub enabled: bool,
    /// Who signs with it.
    pub caller: Caller,
    /// For a temporary key: the hash of its token, for [`Service::token_matches`].
    pub token_hash: Option<String>,
    /// When it ends, in milliseconds since 1970.
    pub expires_ms: Option<i64>,
}

const EVERYTHING: &str =
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"yundun-sas:*","Resource":"*"}]}"#;

impl Service {
    /// Makes an access key for the caller's tenant.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Invalid`] for a policy or a life that cannot be.
    pub async fn create_key(
        &self,
        caller: &Caller,
        new: NewKey,
    ) -> Result<CreatedKey, ServiceError> {
        caller.authorise("stance:CreateKey")?;
        let policy = new.policy.unwrap_or_else(|| EVERYTHING.to_owned());
        Policy::parse(&policy).map_err(|error| invalid("policy", error.to_string()))?;
        let expires_ms = new.temporary_ms.map(|life| self.end(life)).transpose()?;
        let prefix = if expires_ms.is_some() { "STS." } else { "LTAI" };
        let id = format!("{prefix}{}", text(15)?);
        let secret = Secret::new(text(24)?.into_bytes());
        let token = if expires_ms.is_some() {
            Some(Secret::new(text(48)?.into_bytes()))
        } else {
            None
        };
        let key = AccessKey {
            id: id.clone(),
            tenant: caller.tenant.clone(),
            secret_sealed: self.sealing.seal(&id, &secret)?,
            policy,
            enabled: true,
            token_hash: token.as_ref().map(|token| hash(token.as_bytes())),
            expires_ms,
            created_ms: self.clock.now_ms(),
            comment: new.comment,
        };
        self.store.create_key(&key).await?;
        Ok(CreatedKey {
            id,
            secret,
            token,
            expires_ms,
        })
    }

    fn end(&self, life: i64) -> Result<i64, ServiceError> {
        if (1..=TEMPORARY_MS).contains(&life) {
            Ok(self.clock.now_ms() + life)
        } else {
            Err(invalid(
                "life of a temporary key",
                "must be more than nothing and at most 12 hours".to_owned(),
            ))
        }
    }

    /// The keys of the caller's tenant, without secrets.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn list_keys(&self, caller: &Caller) -> Result<Vec<KeySummary>, ServiceError> {
        caller.authorise("stance:ListKeys")?;
        let keys = self.store.list_keys(&caller.tenant).await?;
        Ok(keys.into_iter().map(summary).collect())
    }

    /// Enables or disables a key; `false`: there is none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn set_key_enabled(
        &self,
        caller: &Caller,
        id: &str,
        enabled: bool,
    ) -> Result<bool, ServiceError> {
        caller.authorise("stance:UpdateKey")?;
        Ok(self
            .store
            .set_key_enabled(&caller.tenant, id, enabled)
            .await?)
    }

    /// Deletes a key; `false`: there is none.
    ///
    /// # Errors
    /// [`ServiceError::NoPermission`], [`ServiceError::Store`].
    pub async fn delete_key(&self, caller: &Caller, id: &str) -> Result<bool, ServiceError> {
        caller.authorise("stance:DeleteKey")?;
        Ok(self.store.delete_key(&caller.tenant, id).await?)
    }

    /// What a signature by this key is verified with. For façades, before there is a caller.
    ///
    /// # Errors
    /// [`ServiceError::Store`]; [`ServiceError::Secret`] when it was sealed with another server's key.
    pub async fn find_key(&self, id: &str) -> Result<Option<SigningKey>, ServiceError> {
        let Some(key) = self.store.get_key(id).await? else {
            return Ok(None);
        };
        let secret = self.sealing.unseal(&key.id, &key.secret_sealed)?;
        let policy =
            Policy::parse(&key.policy).map_err(|error| invalid("policy", error.to_string()))?;
        let caller = Caller {
            tenant: key.tenant,
            principal: key.id,
            policy,
        };
        let (enabled, token_hash, expires_ms) = (key.enabled, key.token_hash, key.expires_ms);
        Ok(Some(SigningKey {
            secret,
            enabled,
            caller,
            token_hash,
            expires_ms,
        }))
    }

    /// Whether a security token is the one of that hash; in constant time.
    #[must_use]
    pub fn token_matches(token_hash: &str, token: &str) -> bool {
        hash(token.as_bytes())
            .as_bytes()
            .ct_eq(token_hash.as_bytes())
            .into()
    }

    /// Takes a nonce of a key; `false`: it was taken before.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn use_nonce(&self, key_id: &str, nonce: &str) -> Result<bool, ServiceError> {
        Ok(self
            .store
            .use_nonce(key_id, nonce, self.clock.now_ms(), NONCE_MS)
            .await?)
    }
}

fn summary(key: AccessKey) -> KeySummary {
    KeySummary {
        id: key.id,
        policy: key.policy,
        enabled: key.enabled,
        temporary: key.token_hash.is_some(),
        expires_ms: key.expires_ms,
        created_ms: key.created_ms,
        comment: key.comment,
    }
}

fn invalid(what: &'static str, why: String) -> ServiceError {
    ServiceError::Invalid { what, why }
}

/// A random text of letters and digits with the entropy of `bytes` bytes.
fn text(bytes: usize) -> Result<String, ServiceError> {
    let text = URL_SAFE_NO_PAD.encode(random(bytes)?);
    Ok(text.replace('-', "A").replace('_', "b"))
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
