//! What a request claims about its caller, in either of the two schemes, and the test of the claim.

mod date;
mod v1;
mod v3;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use sha2::Sha256;

use crate::error::ApiError;
use crate::incoming::Incoming;

/// How long a mismatch message may be; what is longer is left out of it, so that an answer cannot be made much
/// larger than its request.
const SHOWN: usize = 16 << 10;

/// What a request says of itself. Nothing of it is proved before [`Claim::holds`].
#[derive(Debug)]
pub(crate) struct Claim {
    /// The operation.
    pub(crate) action: String,
    /// The version of the API.
    pub(crate) version: String,
    /// The access key's id.
    pub(crate) key_id: String,
    /// The security token of a temporary key.
    pub(crate) token: Option<String>,
    /// The nonce.
    pub(crate) nonce: String,
    /// When it was signed.
    pub(crate) at: Timestamp,
    signed: Signed,
}

/// What was signed, and the signature.
#[derive(Debug)]
enum Signed {
    V1 {
        string_to_sign: String,
        signature: Vec<u8>,
    },
    V3 {
        string_to_sign: String,
        canonical: String,
        signature: Vec<u8>,
    },
}

impl Claim {
    /// Reads the claim of a request. The `Authorization` header decides the scheme: clients that sign by V1 send
    /// `x-acs-action` too.
    pub(crate) fn read(incoming: &Incoming) -> Result<Self, ApiError> {
        let authorization = incoming
            .headers
            .get("authorization")
            .map(|v| v.as_bytes())
            .unwrap_or_default();
        let claim = if authorization.starts_with(b"ACS3-") {
            v3::read(incoming)?
        } else {
            v1::read(incoming)?
        };
        claim.check_form()?;
        Ok(claim)
    }

    /// Refuses words that no client makes, before anything looks them up or logs them.
    fn check_form(&self) -> Result<(), ApiError> {
        let word = |text: &str, max: usize| {
            (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        if !word(&self.action, 128) {
            return Err(ApiError::ActionNotFound);
        }
        if !word(&self.version, 32) {
            return Err(ApiError::InvalidVersion);
        }
        if !word(&self.key_id, 128) {
            return Err(ApiError::KeyNotFound);
        }
        if !word(&self.nonce, 128) {
            return Err(ApiError::Invalid {
                name: "SignatureNonce",
                why: "",
            });
        }
        if self.token.as_ref().is_some_and(|token| !word(token, 4096)) {
            return Err(ApiError::InvalidSecurityToken(
                crate::error::TokenFault::Malformed,
            ));
        }
        Ok(())
    }

    /// Whether `secret` made the signature; in constant time.
    pub(crate) fn holds(&self, secret: &[u8]) -> bool {
        match &self.signed {
            Signed::V1 {
                string_to_sign,
                signature,
            } => {
                let key = [secret, b"&"].concat();
                Hmac::<Sha1>::new_from_slice(&key).is_ok_and(|mac| {
                    mac.chain_update(string_to_sign)
                        .verify_slice(signature)
                        .is_ok()
                })
            }
            Signed::V3 {
                string_to_sign,
                signature,
                ..
            } => Hmac::<Sha256>::new_from_slice(secret).is_ok_and(|mac| {
                mac.chain_update(string_to_sign)
                    .verify_slice(signature)
                    .is_ok()
            }),
        }
    }

    /// The error for a signature that does not hold: it shows what was signed here, for the caller to compare.
    pub(crate) fn mismatch(self) -> ApiError {
        match self.signed {
            Signed::V1 { string_to_sign, .. } => ApiError::SignatureV1(shown(string_to_sign)),
            Signed::V3 {
                string_to_sign,
                canonical,
                ..
            } => ApiError::SignatureV3 {
                string_to_sign,
                canonical: shown(canonical),
            },
        }
    }
}

fn shown(text: String) -> String {
    if text.len() > SHOWN {
        "(too long to show)".to_owned()
    } else {
        text
    }
}

/// The refusal of bearer tokens, in either scheme.
fn bearer_refused() -> ApiError {
    ApiError::Invalid {
        name: "SignatureType",
        why: " Bearer tokens are not supported; sign with an access key.",
    }
}

#[cfg(test)]
mod tests;
