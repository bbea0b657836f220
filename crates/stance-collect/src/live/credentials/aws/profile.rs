//! `~/.aws/config` and `~/.aws/credentials`: profiles with keys, roles, single sign-on or a command.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::sections::sections;
use super::sts::Role;
use super::{Chain, invalid, process, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;

/// The most profiles that lead from one to the next.
const MAX_PROFILES: usize = 8;

/// The values of a section.
type Section = BTreeMap<String, String>;

/// The sections of both files.
pub(super) struct Files {
    pub(super) config: BTreeMap<String, Section>,
    credentials: BTreeMap<String, Section>,
}

/// A profile: what both files say of it.
pub(super) struct Profile<'f> {
    pub(super) name: &'f str,
    config: Option<&'f Section>,
    credentials: Option<&'f Section>,
}

impl Profile<'_> {
    /// A value that is there and not empty.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let mut places = [self.credentials, self.config].into_iter().flatten();
        places.find_map(|section| filled(section, key))
    }

    fn keys(section: Option<&Section>) -> Option<Credential> {
        let section = section?;
        let token = filled(section, "aws_session_token").map(str::to_owned);
        let id = filled(section, "aws_access_key_id")?;
        Some(Credential::new(
            id,
            filled(section, "aws_secret_access_key")?,
            token,
        ))
    }
}

/// A value of a section that is not empty.
pub(super) fn filled<'s>(section: &'s Section, key: &str) -> Option<&'s str> {
    let value = section.get(key).map(String::as_str);
    value.filter(|value| !value.is_empty())
}

impl Files {
    fn profile<'f>(&'f self, name: &'f str) -> Option<Profile<'f>> {
        let config = match name {
            "default" => self.config.get("default"),
            name => self.config.get(&format!("profile {name}")),
        };
        let credentials = self.credentials.get(name);
        (config.is_some() || credentials.is_some()).then_some(Profile {
            name,
            config,
            credentials,
        })
    }
}

impl Chain {
    /// The keys of the profile that the person, or the environment, names; otherwise of `default`, where there is one.
    pub(super) fn of_profiles(&self) -> Result<Option<Credential>, Failure> {
        let variable = |name: &str| self.surroundings.variable(name);
        let named = self.surroundings.profile.as_deref();
        let named = named.or_else(|| variable("AWS_PROFILE"));
        let files = self.files()?;
        let name = named.unwrap_or("default");
        if files.profile(name).is_none() && named.is_none() {
            return Ok(None);
        }
        let found = self.of_profile(&files, name, &mut Vec::new())?;
        if found.is_none() && named.is_some() {
            return Err(invalid(format!("the profile `{name}` of AWS has no keys")));
        }
        Ok(found)
    }

    fn files(&self) -> Result<Files, Failure> {
        let file = |variable: &str, name: &str| {
            let named = self.surroundings.variable(variable).map(PathBuf::from);
            named.or_else(|| Some(self.surroundings.home.as_ref()?.join(".aws").join(name)))
        };
        Ok(Files {
            config: sections_of(file("AWS_CONFIG_FILE", "config"))?,
            credentials: sections_of(file("AWS_SHARED_CREDENTIALS_FILE", "credentials"))?,
        })
    }

    fn of_profile<'f>(
        &self,
        files: &'f Files,
        name: &'f str,
        behind: &mut Vec<&'f str>,
    ) -> Result<Option<Credential>, Failure> {
        let Some(profile) = files.profile(name) else {
            return Err(invalid(format!("there is no profile `{name}` of AWS")));
        };
        // A profile may name itself as the source: its own keys then enter its role.
        let itself = behind.contains(&name);
        if itself || behind.len() >= MAX_PROFILES {
            let own = Profile::keys(profile.credentials).or_else(|| Profile::keys(profile.config));
            let why = || invalid(format!("the profile `{name}` of AWS leads back to itself"));
            return own.map(Some).ok_or_else(why);
        }
        behind.push(name);
        if let Some(role) = profile.value("role_arn") {
            return self.of_role(files, &profile, role, behind).map(Some);
        }
        if let Some(found) = self.of_sso(files, &profile)? {
            return Ok(Some(found));
        }
        if let Some(found) = Profile::keys(profile.credentials) {
            return Ok(Some(found));
        }
        if let Some(command) = profile.value("credential_process") {
            return process::keys_of(command).map(Some);
        }
        Ok(Profile::keys(profile.config))
    }

    /// The keys of a role, by the token in a file or by the keys of another profile or place.
    fn of_role<'f>(
        &self,
        files: &'f Files,
        profile: &Profile<'f>,
        role: &str,
        behind: &mut Vec<&'f str>,
    ) -> Result<Credential, Failure> {
        let session = profile.value("role_session_name").unwrap_or("stance");
        if let Some(file) = profile.value("web_identity_token_file") {
            return self.with_token(Path::new(file), role, session);
        }
        if profile.value("mfa_serial").is_some() {
            let why = "asks for a code of an MFA device, which nobody is there to enter";
            return Err(invalid(format!(
                "the profile `{}` of AWS {why}",
                profile.name
            )));
        }
        let by = self.source_of(files, profile, behind)?;
        let by = by.ok_or_else(|| {
            let why = "has a role, but no keys to enter it with";
            invalid(format!("the profile `{}` of AWS {why}", profile.name))
        })?;
        let role = Role {
            arn: role,
            session,
            external_id: profile.value("external_id"),
            seconds: profile.value("duration_seconds"),
        };
        self.assumed(&role, &by)
    }

    fn source_of<'f>(
        &self,
        files: &'f Files,
        profile: &Profile<'f>,
        behind: &mut Vec<&'f str>,
    ) -> Result<Option<Credential>, Failure> {
        let sections = [profile.credentials, profile.config];
        let mut named = sections.into_iter().flatten();
        if let Some(source) = named.find_map(|section| filled(section, "source_profile")) {
            return self.of_profile(files, source, behind);
        }
        match profile.value("credential_source") {
            Some("Environment") => Ok(self.of_environment()),
            Some("Ec2InstanceMetadata") => self.of_machine(),
            Some("EcsContainer") => self.of_container(),
            _ => Ok(None),
        }
    }
}

fn sections_of(path: Option<PathBuf>) -> Result<BTreeMap<String, Section>, Failure> {
    match path.filter(|path| path.is_file()) {
        Some(path) => Ok(sections(&read(&path)?)),
        None => Ok(BTreeMap::new()),
    }
}
