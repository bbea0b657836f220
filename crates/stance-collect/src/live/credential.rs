//! What signs a request. Secrets are never shown: `Debug` leaves them out.

use std::fmt;

/// A key pair, or a bearer token, with the time at which it runs out.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    id: String,
    secret: String,
    token: Option<String>,
}

impl Credential {
    /// A key pair; temporary ones have a session token.
    pub fn new(id: impl Into<String>, secret: impl Into<String>, token: Option<String>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            token: token.filter(|token| !token.is_empty()),
        }
    }

    /// The key's id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The secret, or the bearer token.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// The session token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id.get(..4).unwrap_or_default();
        write!(f, "Credential({id}…)")
    }
}
