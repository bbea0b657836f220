//! Where keys come from: each cloud's own order of places, as its official tools have it.

mod aliyun;
mod aws;
mod azure;
#[cfg(test)]
mod fake;
mod huawei;
mod program;
mod sections;
mod tencent;

use std::collections::BTreeMap;
use std::path::PathBuf;

use stance_model::{Provider, ReasonKind};

use super::failure::Failure;
use super::keys::KeySource;

/// The surroundings in which keys are looked for.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The environment's variables.
    pub variables: BTreeMap<String, String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The profile that the person named, where the tools of the cloud have profiles.
    pub profile: Option<String>,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars().collect(),
            home: std::env::home_dir(),
            profile: None,
        }
    }

    /// A variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.get(name).map(|value| value.trim());
        found.filter(|value| !value.is_empty())
    }
}

/// The keys of a provider, looked for in the order of its official tools.
///
/// # Errors
/// [`Failure`] when the provider has no live accounts.
pub fn keys_of(
    provider: Provider,
    surroundings: &Surroundings,
) -> Result<Box<dyn KeySource>, Failure> {
    match provider {
        Provider::Aliyun => Ok(Box::new(aliyun::Chain::new(surroundings.clone()))),
        Provider::Aws => Ok(Box::new(aws::Chain::new(surroundings.clone()))),
        Provider::Tencent => Ok(Box::new(tencent::Chain::new(surroundings.clone()))),
        Provider::Huawei => Ok(Box::new(huawei::Chain::new(surroundings.clone()))),
        Provider::Azure => Ok(Box::new(azure::Chain::new(surroundings.clone())?)),
        other => Err(Failure::own(
            ReasonKind::CredentialInvalid,
            "",
            format!("accounts of {other} are not read"),
        )),
    }
}

/// Where calls go instead of the hosts that the catalogue names: other clouds of the same provider.
///
/// # Errors
/// [`Failure`] when the environment names a cloud that cannot be understood.
pub fn hosts_of(
    provider: Provider,
    surroundings: &Surroundings,
) -> Result<BTreeMap<String, String>, Failure> {
    match provider {
        Provider::Azure => Ok(azure::Cloud::of(surroundings)?.hosts()),
        _ => Ok(BTreeMap::new()),
    }
}
