//! Ways to keys: keys themselves, or roles that are taken on with others.

use std::path::PathBuf;

use super::{Services, broken, host, invalid, read, sts};
use crate::live::credential::Credential;
use crate::live::failure::Failure;

/// A way to keys.
#[derive(Debug)]
pub(super) enum Way {
    /// Keys.
    Keys(Credential),
    /// A role that is taken on with the keys of another way.
    Role { role: Role, from: Box<Way> },
    /// A role that a token in a file is exchanged for.
    Token {
        role: Role,
        provider: String,
        file: PathBuf,
    },
    /// The role of the host; none: the one that it has.
    Host { role: Option<String> },
}

/// A role, and how it is taken on.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) arn: String,
    /// How the session is called in logs.
    pub(super) session: String,
    pub(super) external_id: Option<String>,
    pub(super) policy: Option<String>,
    /// How long its keys are good for.
    pub(super) seconds: u64,
    /// Whom it is asked of.
    pub(super) host: String,
}

impl Role {
    /// A role, asked for in a region where one is named.
    pub(super) fn new(
        arn: &str,
        session: Option<&str>,
        region: Option<&str>,
    ) -> Result<Self, Failure> {
        let host = match region {
            None => "sts.aliyuncs.com".to_owned(),
            Some(region) if is_region(region) => format!("sts.{region}.aliyuncs.com"),
            Some(region) => return Err(invalid(&format!("`{region}` is no region of STS"))),
        };
        if arn.is_empty() {
            return Err(invalid("a role to take on is not named"));
        }
        Ok(Self {
            arn: arn.to_owned(),
            session: session.unwrap_or("stance").to_owned(),
            external_id: None,
            policy: None,
            seconds: 3600,
            host,
        })
    }
}

/// Requests are signed for the host that it becomes part of.
fn is_region(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(plain)
}

impl Way {
    /// The keys at its end.
    pub(super) fn keys(&self, services: &Services) -> Result<Credential, Failure> {
        match self {
            Self::Keys(keys) => Ok(keys.clone()),
            Self::Role { role, from } => sts::assume(&services.sts, &from.keys(services)?, role),
            Self::Token {
                role,
                provider,
                file,
            } => {
                let token = read(file)?;
                let token = token.trim();
                if token.is_empty() {
                    return Err(broken(file, "it is empty"));
                }
                sts::exchange(&services.sts, role, provider, token)
            }
            Self::Host { role } => host::keys(&services.metadata, role.as_deref())?
                .ok_or_else(|| invalid("there is no role of an ECS instance here")),
        }
    }
}
