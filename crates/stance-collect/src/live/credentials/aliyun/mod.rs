//! Alibaba Cloud: the places in which keys are looked for, in the order of its official tools.

mod file;
mod host;
mod profile;
mod sts;
#[cfg(test)]
mod tests;
mod way;

use std::path::{Path, PathBuf};
use std::time::Duration;

use stance_model::{ReasonKind, bounded};

use super::Surroundings;
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::keys::KeySource;
use crate::live::transport::Network;
use way::{Role, Way};

/// The most bytes of a file of keys or of a token.
const MAX_BYTES: u64 = 1 << 20;
/// The metadata service of the hosts; it is on the host's own network.
const METADATA: &str = "http://100.100.100.200";
/// How long it may take. Elsewhere than on a host there is none.
const METADATA_TIME: Duration = Duration::from_secs(2);
/// How long the token service, or another that gives keys, may take.
const SERVICE_TIME: Duration = Duration::from_secs(20);

/// The order in which keys are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
    services: Services,
}

/// Who gives keys of roles.
struct Services {
    sts: Network,
    metadata: Network,
}

/// A place that keys are looked for in: what it is called, and the way to keys from it, where it is filled in.
type Place = (&'static str, fn(&Chain) -> Result<Option<Way>, Failure>);

/// Those of a host and of a neighbour are asked only where nothing is filled in.
const PLACES: [Place; 4] = [
    (
        "the environment (ALIBABA_CLOUD_ACCESS_KEY_ID)",
        Chain::environment,
    ),
    (
        "a token file (ALIBABA_CLOUD_OIDC_TOKEN_FILE)",
        Chain::token_file,
    ),
    ("the profile of `aliyun configure`", Chain::profile),
    ("the credentials file", Chain::credentials_file),
];

impl Chain {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        let services = Services {
            sts: Network::new(SERVICE_TIME, None),
            metadata: Network::new(METADATA_TIME, Some(METADATA.to_owned())),
        };
        Self {
            surroundings,
            services,
        }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.surroundings.variable(name)
    }

    fn is_on(&self, name: &str) -> bool {
        self.variable(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The profile that is wanted, where one is named.
    fn named(&self) -> Option<&str> {
        let named = self.surroundings.profile.as_deref();
        named.or_else(|| self.variable("ALIBABA_CLOUD_PROFILE"))
    }

    fn home(&self, rest: &str) -> Option<PathBuf> {
        Some(self.surroundings.home.as_ref()?.join(rest))
    }

    fn environment(&self) -> Result<Option<Way>, Failure> {
        // Who names a profile for this run wants it, and not what the environment happens to hold.
        if self.surroundings.profile.is_some() {
            return Ok(None);
        }
        let Some(id) = self.variable("ALIBABA_CLOUD_ACCESS_KEY_ID") else {
            return Ok(None);
        };
        let Some(secret) = self.variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET") else {
            return Err(invalid(
                "ALIBABA_CLOUD_ACCESS_KEY_ID is set, ALIBABA_CLOUD_ACCESS_KEY_SECRET is not: set both",
            ));
        };
        let token = self.variable("ALIBABA_CLOUD_SECURITY_TOKEN");
        let keys = Credential::new(id, secret, token.map(str::to_owned));
        Ok(Some(Way::Keys(keys)))
    }

    /// The role of a pod, or of a pipeline: its token is exchanged for keys.
    fn token_file(&self) -> Result<Option<Way>, Failure> {
        if self.surroundings.profile.is_some() {
            return Ok(None);
        }
        let (Some(role), Some(provider), Some(file)) = (
            self.variable("ALIBABA_CLOUD_ROLE_ARN"),
            self.variable("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
            self.variable("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
        ) else {
            return Ok(None);
        };
        let session = self.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME");
        Ok(Some(Way::Token {
            role: Role::new(role, session, self.variable("ALIBABA_CLOUD_STS_REGION"))?,
            provider: provider.to_owned(),
            file: PathBuf::from(file),
        }))
    }

    fn profile(&self) -> Result<Option<Way>, Failure> {
        if self.is_on("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
            return Ok(None);
        }
        let path = self.home(".aliyun/config.json");
        let Some(path) = path.filter(|path| path.is_file()) else {
            return Ok(None);
        };
        profile::way(&path, self.named()).map(Some)
    }

    fn credentials_file(&self) -> Result<Option<Way>, Failure> {
        let named = self.variable("ALIBABA_CLOUD_CREDENTIALS_FILE");
        let usual = [".alibabacloud/credentials.ini", ".alibabacloud/credentials"];
        let mut usual = usual.iter().filter_map(|rest| self.home(rest));
        let path = match named {
            Some(path) => PathBuf::from(path),
            None => match usual.find(|path| path.is_file()) {
                Some(path) => path,
                None => return Ok(None),
            },
        };
        file::way(&path, self.named().unwrap_or("default")).map(Some)
    }

    /// The role of the host that this runs on.
    fn host(&self) -> Result<Option<Credential>, Failure> {
        if self.is_on("ALIBABA_CLOUD_ECS_METADATA_DISABLED") {
            return Ok(None);
        }
        let role = self.variable("ALIBABA_CLOUD_ECS_METADATA");
        host::keys(&self.services.metadata, role)
    }

    /// A service beside this process that hands out keys.
    fn neighbour(&self) -> Result<Option<Credential>, Failure> {
        let address = self.variable("ALIBABA_CLOUD_CREDENTIALS_URI");
        address.map(host::keys_from).transpose()
    }

    fn nothing(&self) -> Failure {
        let mut tried: Vec<&str> = PLACES.iter().map(|(name, _)| *name).collect();
        tried.extend([
            "the RAM role of the ECS instance",
            "ALIBABA_CLOUD_CREDENTIALS_URI",
        ]);
        let wanted = self
            .named()
            .map(|name| format!(" for the profile `{name}`"));
        invalid(&format!(
            "no keys of Alibaba Cloud{}: looked in {}. Set ALIBABA_CLOUD_ACCESS_KEY_ID and \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`",
            wanted.unwrap_or_default(),
            tried.join(", "),
        ))
    }
}

impl KeySource for Chain {
    /// The first place that is filled in decides: where its keys cannot be had, others are not asked, whose keys may
    /// be of another account.
    fn fetch(&self) -> Result<Credential, Failure> {
        for (name, place) in PLACES {
            if let Some(way) = place(self)? {
                return way
                    .keys(&self.services)
                    .map_err(|failure| of(name, failure));
            }
        }
        if let Some(keys) = self.host()? {
            return Ok(keys);
        }
        self.neighbour()?.ok_or_else(|| self.nothing())
    }
}

/// A failure with the place that it happened in.
fn of(name: &str, mut failure: Failure) -> Failure {
    failure.message = format!("keys from {name}: {}", failure.message);
    failure
}

fn invalid(why: &str) -> Failure {
    Failure::own(ReasonKind::CredentialInvalid, "", why)
}

/// A file that cannot be used.
fn broken(path: &Path, why: &str) -> Failure {
    invalid(&format!("`{}` cannot be used: {why}", path.display()))
}

fn read(path: &Path) -> Result<String, Failure> {
    bounded::read_text(path, MAX_BYTES).map_err(|error| broken(path, &error.to_string()))
}
