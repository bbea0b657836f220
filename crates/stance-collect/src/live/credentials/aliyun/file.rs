//! The credentials file of the SDKs: sections with a `type` and what that type needs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::sections::sections;
use super::way::{Role, Way};
use super::{broken, read};
use crate::live::credential::Credential;
use crate::live::failure::Failure;

/// The way to keys that a section describes.
pub(super) fn way(path: &Path, name: &str) -> Result<Way, Failure> {
    let mut all = sections(&read(path)?);
    let values = all
        .remove(name)
        .ok_or_else(|| broken(path, &format!("it has no section `{name}`")))?;
    let section = Section { path, name, values };
    section.way()
}

struct Section<'s> {
    path: &'s Path,
    name: &'s str,
    values: BTreeMap<String, String>,
}

impl Section<'_> {
    fn way(&self) -> Result<Way, Failure> {
        match self.value("type").unwrap_or("access_key") {
            "access_key" => self.keys(None),
            "sts" => self.keys(Some(self.needed("security_token")?.to_owned())),
            "ram_role_arn" => Ok(Way::Role {
                role: self.role()?,
                from: Box::new(self.keys(None)?),
            }),
            "oidc_role_arn" => Ok(Way::Token {
                role: self.role()?,
                provider: self.needed("oidc_provider_arn")?.to_owned(),
                file: PathBuf::from(self.needed("oidc_token_file_path")?),
            }),
            "ecs_ram_role" => Ok(Way::Host {
                role: self.value("role_name").map(str::to_owned),
            }),
            other => {
                let why = format!(
                    "the type {other} is not read: use access_key, sts, ram_role_arn, oidc_role_arn or ecs_ram_role"
                );
                Err(self.broken(&why))
            }
        }
    }

    fn keys(&self, token: Option<String>) -> Result<Way, Failure> {
        let (id, secret) = (
            self.needed("access_key_id")?,
            self.needed("access_key_secret")?,
        );
        Ok(Way::Keys(Credential::new(id, secret, token)))
    }

    fn role(&self) -> Result<Role, Failure> {
        let session = self.value("role_session_name");
        let role = Role::new(self.needed("role_arn")?, session, None)?;
        Ok(Role {
            policy: self.value("policy").map(str::to_owned),
            ..role
        })
    }

    /// What stands before a comment.
    fn value(&self, key: &str) -> Option<&str> {
        let value = self.values.get(key)?;
        let plain = value.split('#').next().unwrap_or_default().trim();
        (!plain.is_empty()).then_some(plain)
    }

    fn needed(&self, key: &str) -> Result<&str, Failure> {
        let missing = || self.broken(&format!("it has no `{key}`"));
        self.value(key).ok_or_else(missing)
    }

    fn broken(&self, why: &str) -> Failure {
        broken(self.path, &format!("section `{}`: {why}", self.name))
    }
}
