//! Credentials for a registry: given with the command, or kept by Docker and the container tools.

mod file;
mod helper;

use super::options::{RegistryOptions, Secret};

/// What a registry is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A user and a password.
    Password { user: String, secret: Secret },
    /// A token that is exchanged for others at the token server.
    Identity(Secret),
    /// A token that is shown as it is.
    Bearer(Secret),
}

/// What was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The credential; none: the registry is asked anonymously.
    pub(super) credential: Option<Credential>,
    /// Where it came from or why there is none, for people; never the secret.
    pub(super) source: String,
}

/// Looks for credentials for `repository` at `registry` (its host and port).
pub(super) fn find(registry: &str, repository: &str, options: &RegistryOptions) -> Found {
    if let Some(given) = &options.credentials {
        return Found {
            credential: Some(Credential::Password {
                user: given.user.clone(),
                secret: given.secret.clone(),
            }),
            source: format!("the given credentials of user `{}`", shown(&given.user)),
        };
    }
    let mut notes = Vec::new();
    for path in &options.files.files {
        let file = match file::read(path) {
            Ok(Some(file)) => file,
            Ok(None) => continue,
            Err(why) => {
                notes.push(format!("`{}` cannot be used: {why}", path.display()));
                continue;
            }
        };
        let helpers = options.files.helpers.as_deref();
        match file.credential(registry, repository, helpers, &mut notes) {
            Some((credential, from)) => {
                let source = format!("{from} of `{}`", path.display());
                return Found {
                    credential: Some(credential),
                    source,
                };
            }
            None => notes.push(format!("`{}` has none for it", path.display())),
        }
    }
    let looked = if notes.is_empty() {
        "no credentials are kept".to_owned()
    } else {
        notes.join("; ")
    };
    Found {
        credential: None,
        source: format!("no credentials ({looked})"),
    }
}

/// A user's name as it is shown: printable and short.
fn shown(user: &str) -> String {
    user.chars().filter(|c| !c.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests;
