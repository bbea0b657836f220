//! Docker's `config.json` and the container tools' `auth.json`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde::Deserialize;
use stance_model::bounded;

use super::{Credential, helper, shown};
use crate::registry::options::Secret;

/// The most bytes of such a file.
const LIMIT: u64 = 1 << 20;
/// What Docker calls its Hub in its file and to its helpers.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// The parts that are read; the rest is passed over.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct File {
    auths: BTreeMap<String, Option<Auth>>,
    creds_store: String,
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Auth {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
    registrytoken: String,
}

/// Reads such a file; none: it is not there.
///
/// # Errors
/// Why it cannot be used; never what is in it.
pub(super) fn read(path: &Path) -> Result<Option<File>, String> {
    let text = match bounded::read_text(path, LIMIT) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e.to_string()),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    // The parser's message may repeat a value.
    serde_json::from_str(&text).map(Some).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        format!("it is not in the form of Docker's configuration (line {line}, column {column})")
    })
}

impl File {
    /// The credential for a repository at a registry, and where in the file it is: a helper, the store, or an entry.
    pub(super) fn credential(
        &self,
        registry: &str,
        repository: &str,
        helpers: Option<&Path>,
        notes: &mut Vec<String>,
    ) -> Option<(Credential, String)> {
        let named = self.helper_of(registry);
        let store = Some(self.creds_store.as_str()).filter(|name| !name.is_empty());
        let server = if registry == "docker.io" {
            DOCKER_HUB
        } else {
            registry
        };
        for name in named.into_iter().chain(store) {
            match helper::get(name, server, helpers) {
                Ok(Some(credential)) => {
                    return Some((credential, format!("the credential helper `{name}`")));
                }
                Ok(None) => {}
                Err(why) => notes.push(format!("the credential helper `{name}` failed: {why}")),
            }
        }
        let (key, auth) = self.entry_of(registry, repository)?;
        let credential = auth.credential()?;
        let whose = match &credential {
            Credential::Password { user, .. } => format!("user `{}`", shown(user)),
            Credential::Identity(_) | Credential::Bearer(_) => "a token".to_owned(),
        };
        Some((credential, format!("{whose} for `{key}`")))
    }

    fn helper_of(&self, registry: &str) -> Option<&str> {
        let found = self
            .cred_helpers
            .iter()
            .find(|(key, _)| host_of(key) == registry);
        found.map(|(_, name)| name.as_str())
    }

    /// The entry whose key fits best: the longest beginning of `registry/repository`, then the registry alone.
    fn entry_of(&self, registry: &str, repository: &str) -> Option<(&str, &Auth)> {
        let whole = format!("{registry}/{repository}");
        let fits = |key: &str| {
            let rest = whole.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let entries = self.auths.iter().filter_map(|(key, auth)| {
            let auth = auth.as_ref().filter(|auth| !auth.is_empty())?;
            let bare = bare_key(key);
            let length = match host_of(key) == registry && is_docker_key(key) {
                true => registry.len(),
                false if fits(&bare) => bare.len(),
                false => return None,
            };
            Some((length, key.as_str(), auth))
        });
        let best = entries.max_by_key(|(length, ..)| *length);
        best.map(|(_, key, auth)| (key, auth))
    }
}

/// The key without its scheme and final slash; Docker Hub by its usual name.
fn bare_key(key: &str) -> String {
    let bare = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"));
    let bare = bare
        .unwrap_or(key)
        .trim_end_matches('/')
        .to_ascii_lowercase();
    match bare.split_once('/') {
        Some((host, path)) if is_hub(host) => format!("docker.io/{path}"),
        None if is_hub(&bare) => "docker.io".to_owned(),
        _ => bare,
    }
}

/// Docker's keys end in the version of the API, or are addresses.
fn is_docker_key(key: &str) -> bool {
    let path = key.trim_end_matches('/');
    path.ends_with("/v1") || path.ends_with("/v2") || key.contains("://")
}

fn host_of(key: &str) -> String {
    let bare = bare_key(key);
    bare.split('/').next().unwrap_or_default().to_owned()
}

fn is_hub(host: &str) -> bool {
    matches!(
        host,
        "docker.io" | "index.docker.io" | "registry-1.docker.io"
    )
}

impl Auth {
    fn is_empty(&self) -> bool {
        [
            &self.auth,
            &self.username,
            &self.identitytoken,
            &self.registrytoken,
        ]
        .iter()
        .all(|text| text.is_empty())
    }

    fn credential(&self) -> Option<Credential> {
        if !self.identitytoken.is_empty() {
            return Some(Credential::Identity(Secret::new(
                self.identitytoken.as_str(),
            )));
        }
        if !self.registrytoken.is_empty() {
            return Some(Credential::Bearer(Secret::new(self.registrytoken.as_str())));
        }
        let (user, password) = match self.auth.as_str() {
            "" => (self.username.clone(), self.password.clone()),
            auth => decoded(auth)?,
        };
        (!user.is_empty()).then(|| Credential::Password {
            user,
            secret: Secret::new(password),
        })
    }
}

/// `user:password` in base 64; Docker's own encoding ends in NUL bytes at times.
fn decoded(auth: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(auth.trim());
    let bytes = bytes
        .or_else(|_| STANDARD_NO_PAD.decode(auth.trim()))
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.trim_end_matches('\0').to_owned()))
}
