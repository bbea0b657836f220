//! Whether to believe a claim. The order of the tests keeps error codes right and nonces safe.

use jiff::{SignedDuration, Timestamp};
use stance_service::{Caller, Service, SigningKey};

use crate::error::{ApiError, TokenFault};
use crate::signature::Claim;

/// How far the time of a request may be off, either way.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// The caller that signed the request: time window, key, its state and token, signature, and only then the nonce;
/// consumed any earlier, a stranger could burn the nonces of others.
pub(crate) async fn authenticate(service: &Service, claim: Claim) -> Result<Caller, ApiError> {
    let now = service.clock().now();
    if now.duration_since(claim.at).abs() > WINDOW {
        return Err(ApiError::TimeExpired);
    }
    // Whatever goes wrong here is wrong with our store, not with the request.
    let found = service.find_key(&claim.key_id).await;
    let key = found
        .map_err(|error| ApiError::ours(&error))?
        .ok_or(ApiError::KeyNotFound)?;
    check_state(&key, &claim, now)?;
    if !claim.holds(key.secret.as_bytes()) {
        return Err(claim.mismatch());
    }
    let fresh = service.use_nonce(&claim.key_id, &claim.nonce).await;
    if !fresh.map_err(|error| ApiError::ours(&error))? {
        return Err(ApiError::NonceUsed);
    }
    Ok(key.caller)
}

/// Whether the key may be used at all, and with this token.
fn check_state(key: &SigningKey, claim: &Claim, now: Timestamp) -> Result<(), ApiError> {
    if !key.enabled {
        return Err(ApiError::KeyInactive);
    }
    let expired = key.expires_ms.is_some_and(|at| at <= now.as_millisecond());
    match (&key.token_hash, &claim.token) {
        (None, None) if expired => Err(ApiError::KeyInactive),
        (None, None) => Ok(()),
        (Some(_), None) => Err(ApiError::MissingSecurityToken),
        (None, Some(_)) => Err(ApiError::InvalidSecurityToken(TokenFault::Mismatch)),
        (Some(hash), Some(token)) if !Service::token_matches(hash, token) => {
            Err(ApiError::InvalidSecurityToken(TokenFault::Mismatch))
        }
        (Some(_), Some(_)) if expired => Err(ApiError::InvalidSecurityToken(TokenFault::Expired)),
        (Some(_), Some(_)) => Ok(()),
    }
}
