//! AWS: the environment, the token of a workload, the profiles of its command line, the container, then the machine, in
//! the order of the official tools. A profile that a person named goes before everything.

mod host;
mod process;
mod profile;
mod sso;
mod sts;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use stance_model::{ReasonKind, bounded};

use super::Surroundings;
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::keys::KeySource;
use crate::live::transport::Network;

/// The most bytes of a file of keys or of a token.
const MAX_BYTES: u64 = 1 << 20;
/// How long the services of AWS may take.
const TIME: Duration = Duration::from_secs(20);

/// The order in which keys are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
    /// STS and the portal of IAM Identity Center.
    services: Network,
    /// Where the container's service is that is named by a path alone.
    container: String,
    /// Where the machine's metadata service is.
    machine: String,
}

impl Chain {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        let named = surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        let machine = named.unwrap_or("http://169.254.169.254");
        Self {
            services: Network::new(TIME, None),
            container: "http://169.254.170.2".to_owned(),
            machine: machine.trim_end_matches('/').to_owned(),
            surroundings,
        }
    }

    fn of_environment(&self) -> Option<Credential> {
        let variable = |name: &str| self.surroundings.variable(name);
        let id = variable("AWS_ACCESS_KEY_ID")?;
        let secret = variable("AWS_SECRET_ACCESS_KEY")?;
        let token = variable("AWS_SESSION_TOKEN").map(str::to_owned);
        Some(Credential::new(id, secret, token))
    }

    /// The token of a workload, such as a pod of EKS.
    fn of_workload(&self) -> Result<Option<Credential>, Failure> {
        let variable = |name: &str| self.surroundings.variable(name);
        let file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
        let (Some(file), Some(role)) = (file, variable("AWS_ROLE_ARN")) else {
            return Ok(None);
        };
        let session = variable("AWS_ROLE_SESSION_NAME").unwrap_or("stance");
        self.with_token(Path::new(file), role, session).map(Some)
    }
}

impl KeySource for Chain {
    fn fetch(&self) -> Result<Credential, Failure> {
        if self.surroundings.profile.is_none() {
            if let Some(found) = self.of_environment() {
                return Ok(found);
            }
            if let Some(found) = self.of_workload()? {
                return Ok(found);
            }
        }
        for place in [Self::of_profiles, Self::of_container, Self::of_machine] {
            if let Some(found) = place(self)? {
                return Ok(found);
            }
        }
        Err(invalid(
            "no keys of AWS: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run `aws configure`, or give the machine \
             a role",
        ))
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    bounded::read_text(path, MAX_BYTES)
        .map_err(|error| invalid(format!("`{}` cannot be used: {error}", path.display())))
}

/// The keys in an answer, by the names of their parts.
fn keys(value: &Value, names: [&str; 3]) -> Option<Credential> {
    let [id, secret, token] = names;
    let part = |name| value.get(name).and_then(Value::as_str);
    let filled = |name| part(name).filter(|text| !text.is_empty());
    let token = part(token).map(str::to_owned);
    Some(Credential::new(filled(id)?, filled(secret)?, token))
}

fn invalid(why: impl Into<String>) -> Failure {
    Failure::own(ReasonKind::CredentialInvalid, "", why)
}
