//! Azure: a service principal of the environment, then the identity of the host, then the Azure CLI, in the order of the
//! official SDKs. What they give is a bearer token for Azure Resource Manager, good for about an hour.

mod cli;
mod cloud;
mod entra;
mod host;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use stance_model::ReasonKind;

use super::Surroundings;
use crate::live::answer::Answer;
use crate::live::credential::Credential;
use crate::live::failure::{Failure, kind};
use crate::live::keys::KeySource;
use crate::live::transport::Network;
pub(super) use cloud::Cloud;

/// The metadata service of the hosts; it is on the host's own network.
const METADATA: &str = "http://169.254.169.254";
/// How long it may take. Elsewhere than on a host there is none.
const METADATA_TIME: Duration = Duration::from_secs(3);
/// How long a token service may take.
const SERVICE_TIME: Duration = Duration::from_secs(20);

/// The order in which tokens are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
    cloud: Cloud,
    authority: Network,
    metadata: Network,
    /// The Azure CLI.
    program: PathBuf,
}

impl Chain {
    /// # Errors
    /// When the environment names a cloud that cannot be understood.
    pub(super) fn new(surroundings: Surroundings) -> Result<Self, Failure> {
        Ok(Self {
            cloud: Cloud::of(&surroundings)?,
            surroundings,
            authority: Network::new(SERVICE_TIME, None),
            metadata: Network::new(METADATA_TIME, Some(METADATA.to_owned())),
            program: PathBuf::from("az"),
        })
    }

    /// The service principal that the environment names, with its secret or with the token of another identity provider.
    fn of_environment(&self) -> Result<Option<Credential>, Failure> {
        let variable = |name: &str| self.surroundings.variable(name);
        let (Some(tenant), Some(client)) =
            (variable("AZURE_TENANT_ID"), variable("AZURE_CLIENT_ID"))
        else {
            return Ok(None);
        };
        let proof = if let Some(secret) = variable("AZURE_CLIENT_SECRET") {
            entra::Proof::Secret(secret.to_owned())
        } else if variable("AZURE_CLIENT_CERTIFICATE_PATH").is_some() {
            return Err(invalid(
                "certificates of service principals (AZURE_CLIENT_CERTIFICATE_PATH) are not read: set AZURE_CLIENT_SECRET \
                 or AZURE_FEDERATED_TOKEN_FILE",
            ));
        } else if let Some(file) = variable("AZURE_FEDERATED_TOKEN_FILE") {
            entra::Proof::of_file(&PathBuf::from(file))?
        } else {
            return Ok(None);
        };
        let principal = entra::Principal {
            tenant,
            client,
            proof,
        };
        principal.token(&self.authority, &self.cloud).map(Some)
    }

    fn of_host(&self) -> Result<Option<Credential>, Failure> {
        host::token(&self.surroundings, &self.metadata, &self.cloud)
    }

    fn of_cli(&self) -> Result<Option<Credential>, Failure> {
        cli::token(&self.program, &self.cloud)
    }
}

impl KeySource for Chain {
    fn fetch(&self) -> Result<Credential, Failure> {
        let places = [Self::of_environment, Self::of_host, Self::of_cli];
        for place in places {
            if let Some(found) = place(self)? {
                return Ok(found);
            }
        }
        Err(invalid(
            "no token for Azure: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, give the host a managed \
             identity, or run `az login`",
        ))
    }
}

fn invalid(why: impl Into<String>) -> Failure {
    Failure::own(ReasonKind::CredentialInvalid, "", why)
}

/// A bearer token.
fn bearer(token: &str) -> Credential {
    Credential::new("", token, None)
}

/// The token in an answer of a token service. Of a refusal only its code is told: its words may hold what was sent.
fn token_of(answer: &Answer, who: &str) -> Result<Credential, Failure> {
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    if answer.status == 200
        && let Some(token) = member("access_token").filter(|token| !token.is_empty())
    {
        return Ok(bearer(token));
    }
    let code = member("error").unwrap_or_default();
    let detail = member("error_description").unwrap_or_default();
    let detail = detail
        .split(':')
        .next()
        .filter(|word| word.starts_with("AADSTS"));
    let code: String = [Some(code), detail]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let mut failure = invalid(format!("{who} gives no token (HTTP {})", answer.status));
    if answer.status == 429 || answer.status >= 500 {
        failure.kind = kind(answer.status, "");
    }
    failure.code = code.trim().chars().take(100).collect();
    Err(failure)
}
