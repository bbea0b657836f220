//! Alibaba Cloud: the environment, then the profile of its command line.

use std::path::PathBuf;

use serde::Deserialize;
use stance_model::{ReasonKind, bounded};

use super::Surroundings;
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::keys::KeySource;

/// The most bytes of the file of profiles.
const MAX_BYTES: u64 = 1 << 20;

/// The order in which keys are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
}

impl Chain {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        Self { surroundings }
    }

    fn environment(&self) -> Option<Credential> {
        let variable = |name: &str| self.surroundings.variable(name);
        let id = variable("ALIBABA_CLOUD_ACCESS_KEY_ID")?;
        let secret = variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET")?;
        let token = variable("ALIBABA_CLOUD_SECURITY_TOKEN").map(str::to_owned);
        Some(Credential::new(id, secret, token))
    }

    /// `~/.aliyun/config.json`, as `aliyun configure` writes it.
    fn cli_profile(&self) -> Result<Option<Credential>, Failure> {
        let Some(path) = self.file().filter(|path| path.is_file()) else {
            return Ok(None);
        };
        let broken = |why: String| {
            let message = format!("`{}` cannot be used: {why}", path.display());
            Failure::own(ReasonKind::CredentialInvalid, "", message)
        };
        let text = bounded::read_text(&path, MAX_BYTES).map_err(|e| broken(e.to_string()))?;
        // The parser's words may quote the file, which holds secrets.
        let file: File = serde_json::from_str(&text)
            .map_err(|e| broken(format!("line {} is not as expected", e.line())))?;
        let wanted = self.surroundings.profile.clone();
        let variable = self.surroundings.variable("ALIBABA_CLOUD_PROFILE");
        let wanted = wanted.or_else(|| variable.map(str::to_owned));
        let wanted = wanted.unwrap_or(file.current);
        let profile = file.profiles.into_iter().find(|p| p.name == wanted);
        let Some(profile) = profile else {
            return Err(broken(format!("it has no profile `{wanted}`")));
        };
        match profile.mode.as_str() {
            "AK" | "StsToken" => Ok(Some(Credential::new(
                profile.access_key_id,
                profile.access_key_secret,
                Some(profile.sts_token),
            ))),
            other => Err(broken(format!(
                "profile `{wanted}` has the mode {other}, which is not supported"
            ))),
        }
    }

    fn file(&self) -> Option<PathBuf> {
        Some(self.surroundings.home.as_ref()?.join(".aliyun/config.json"))
    }
}

impl KeySource for Chain {
    fn fetch(&self) -> Result<Credential, Failure> {
        if let Some(found) = self.environment() {
            return Ok(found);
        }
        self.cli_profile()?.ok_or_else(|| {
            let why = "no keys of Alibaba Cloud: set ALIBABA_CLOUD_ACCESS_KEY_ID and \
                       ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`";
            Failure::own(ReasonKind::CredentialInvalid, "", why)
        })
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    current: String,
    #[serde(default)]
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    access_key_id: String,
    #[serde(default)]
    access_key_secret: String,
    #[serde(default)]
    sts_token: String,
}
