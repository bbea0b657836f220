//! Microsoft Entra ID: a service principal proves who it is and is given a token.

use std::path::Path;

use stance_model::bounded;

use super::cloud::Cloud;
use super::{invalid, token_of};
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::request::Request;
use crate::live::sign::encoded;
use crate::live::transport::{Network, Transport};

/// The most bytes of a file with a token.
const MAX_BYTES: u64 = 1 << 20;

/// How a principal proves who it is.
pub(super) enum Proof {
    /// With its secret.
    Secret(String),
    /// With the token of an identity provider that it trusts, such as that of a Kubernetes cluster.
    Assertion(String),
}

impl Proof {
    /// The token in a file, which is written anew from time to time.
    pub(super) fn of_file(path: &Path) -> Result<Self, Failure> {
        let text = bounded::read_text(path, MAX_BYTES)
            .map_err(|e| invalid(format!("`{}` cannot be used: {e}", path.display())))?;
        Ok(Self::Assertion(text.trim().to_owned()))
    }
}

/// A service principal.
pub(super) struct Principal<'p> {
    pub(super) tenant: &'p str,
    pub(super) client: &'p str,
    pub(super) proof: Proof,
}

impl Principal<'_> {
    /// A token for Azure Resource Manager.
    pub(super) fn token(&self, authority: &Network, cloud: &Cloud) -> Result<Credential, Failure> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if !self.tenant.chars().all(plain) {
            return Err(invalid("AZURE_TENANT_ID is the id or a domain of a tenant"));
        }
        let mut request = Request {
            method: "POST".to_owned(),
            host: cloud.authority.clone(),
            path: format!("/{}/oauth2/v2.0/token", self.tenant),
            body: self.form(cloud).into_bytes(),
            ..Request::default()
        };
        request.set("content-type", "application/x-www-form-urlencoded");
        token_of(&authority.send(&request)?, &cloud.authority)
    }

    fn form(&self, cloud: &Cloud) -> String {
        let scope = format!("{}/.default", cloud.resource());
        let mut pairs = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client),
            ("scope", &scope),
        ];
        match &self.proof {
            Proof::Secret(secret) => pairs.push(("client_secret", secret)),
            Proof::Assertion(token) => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                pairs.push(("client_assertion_type", kind));
                pairs.push(("client_assertion", token));
            }
        }
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}
