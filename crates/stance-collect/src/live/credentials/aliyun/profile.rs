//! `~/.aliyun/config.json`, as `aliyun configure` writes it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::way::{Role, Way};
use super::{broken, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;

/// How many profiles may stand on one another.
const MAX_CHAIN: usize = 8;

/// The way to keys that a profile describes; without a name, the current one.
pub(super) fn way(path: &Path, named: Option<&str>) -> Result<Way, Failure> {
    let text = read(path)?;
    // The parser's words may quote the file, which holds secrets.
    let file: File = serde_json::from_str(&text)
        .map_err(|e| broken(path, &format!("line {} is not as expected", e.line())))?;
    let source = Source { path, file };
    source.way(named.unwrap_or(&source.file.current), 0)
}

struct Source<'s> {
    path: &'s Path,
    file: File,
}

impl Source<'_> {
    fn way(&self, name: &str, depth: usize) -> Result<Way, Failure> {
        if depth > MAX_CHAIN {
            return Err(self.broken(name, "its source profiles lead in a circle"));
        }
        let profile = self.file.profiles.iter().find(|p| p.name == name);
        let profile = profile.ok_or_else(|| {
            let why =
                format!("it has no profile `{name}`: name one of it, or run `aliyun configure`");
            broken(self.path, &why)
        })?;
        match profile.mode.as_str() {
            "AK" => self.keys(profile, None),
            "StsToken" => self.keys(profile, Some(profile.sts_token.clone())),
            "RamRoleArn" => Ok(Way::Role {
                role: profile.role()?,
                from: Box::new(self.keys(profile, Some(profile.sts_token.clone()))?),
            }),
            "ChainableRamRoleArn" => Ok(Way::Role {
                role: profile.role()?,
                from: Box::new(self.way(&profile.source_profile, depth + 1)?),
            }),
            "EcsRamRole" => Ok(Way::Host {
                role: filled(&profile.ram_role_name),
            }),
            "OIDC" => Ok(Way::Token {
                role: profile.role()?,
                provider: profile.oidc_provider_arn.clone(),
                file: PathBuf::from(&profile.oidc_token_file),
            }),
            other => {
                let why = format!(
                    "its mode {other} needs the command line itself: use AK, StsToken, RamRoleArn, \
                     ChainableRamRoleArn, EcsRamRole or OIDC, or set the environment's keys"
                );
                Err(self.broken(name, &why))
            }
        }
    }

    fn keys(&self, profile: &Profile, token: Option<String>) -> Result<Way, Failure> {
        let (id, secret) = (&profile.access_key_id, &profile.access_key_secret);
        if id.is_empty() || secret.is_empty() {
            return Err(self.broken(&profile.name, "it has no key: run `aliyun configure`"));
        }
        Ok(Way::Keys(Credential::new(id, secret, token)))
    }

    fn broken(&self, name: &str, why: &str) -> Failure {
        broken(self.path, &format!("profile `{name}`: {why}"))
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: Vec<Profile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Profile {
    name: String,
    mode: String,
    access_key_id: String,
    access_key_secret: String,
    sts_token: String,
    sts_region: String,
    ram_role_name: String,
    ram_role_arn: String,
    ram_session_name: String,
    /// How the session is called, where a token is exchanged.
    role_session_name: String,
    external_id: String,
    policy: String,
    expired_seconds: u64,
    source_profile: String,
    oidc_provider_arn: String,
    oidc_token_file: String,
}

impl Profile {
    fn role(&self) -> Result<Role, Failure> {
        let session = filled(&self.ram_session_name).or_else(|| filled(&self.role_session_name));
        let region = filled(&self.sts_region);
        let role = Role::new(&self.ram_role_arn, session.as_deref(), region.as_deref())?;
        Ok(Role {
            external_id: filled(&self.external_id),
            policy: filled(&self.policy),
            seconds: match self.expired_seconds {
                0 => role.seconds,
                seconds => seconds,
            },
            ..role
        })
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
