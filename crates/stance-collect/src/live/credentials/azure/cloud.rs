//! Which of Microsoft's clouds is meant: the public one, that of China, that of the US government, or one of its own.

use std::collections::BTreeMap;

use super::invalid;
use crate::live::credentials::Surroundings;
use crate::live::failure::Failure;

/// The host that calls name, whichever cloud they go to.
const MANAGEMENT: &str = "management.azure.com";

/// Hosts that give tokens, and those of Azure Resource Manager beside them.
const CLOUDS: [(&str, &str); 3] = [
    ("login.microsoftonline.com", MANAGEMENT),
    ("login.chinacloudapi.cn", "management.chinacloudapi.cn"),
    ("login.microsoftonline.us", "management.usgovcloudapi.net"),
];

/// Where a cloud is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::live::credentials) struct Cloud {
    /// The host that gives tokens.
    pub(super) authority: String,
    /// The host of Azure Resource Manager.
    pub(super) management: String,
}

impl Cloud {
    /// `AZURE_AUTHORITY_HOST` and `AZURE_RESOURCE_MANAGER`; the latter follows from the former where it is one that is
    /// known.
    pub(in crate::live::credentials) fn of(surroundings: &Surroundings) -> Result<Self, Failure> {
        let named = |name: &str| match surroundings.variable(name) {
            Some(text) => host(name, text).map(Some),
            None => Ok(None),
        };
        let authority = named("AZURE_AUTHORITY_HOST")?;
        let authority = authority.unwrap_or_else(|| "login.microsoftonline.com".to_owned());
        let known = CLOUDS.iter().find(|(login, _)| *login == authority);
        let management = match (named("AZURE_RESOURCE_MANAGER")?, known) {
            (Some(host), _) => host,
            (None, Some((_, host))) => (*host).to_owned(),
            (None, None) => {
                return Err(invalid(format!(
                    "`{authority}` is no login host that is known: set AZURE_RESOURCE_MANAGER too"
                )));
            }
        };
        Ok(Self {
            authority,
            management,
        })
    }

    /// What tokens are asked for.
    pub(super) fn resource(&self) -> String {
        format!("https://{}", self.management)
    }

    /// Where calls go instead of the host that they name.
    pub(in crate::live::credentials) fn hosts(&self) -> BTreeMap<String, String> {
        let other = self.management != MANAGEMENT;
        let pair = other.then(|| (MANAGEMENT.to_owned(), self.management.clone()));
        pair.into_iter().collect()
    }
}

/// The host of `https://host/`; a scheme may be left out. Nothing else: keys go there.
fn host(name: &str, text: &str) -> Result<String, Failure> {
    let host = text.strip_prefix("https://").unwrap_or(text);
    let host = host.trim_end_matches('/').to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
    match !host.is_empty() && host.chars().all(plain) && !host.contains("..") {
        true => Ok(host),
        false => Err(invalid(format!(
            "{name} is an address such as https://host"
        ))),
    }
}
