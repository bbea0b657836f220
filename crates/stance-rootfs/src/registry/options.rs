//! How registries are reached.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How registries are reached; the defaults are those of a command on a user's machine.
#[derive(Debug, Clone)]
pub struct RegistryOptions {
    /// Credentials for whatever registry is asked; none: those of [`RegistryOptions::files`].
    pub credentials: Option<Credentials>,
    /// Where credentials are kept.
    pub files: CredentialFiles,
    /// Whether HTTP without TLS is spoken. A loopback registry is tried so in any case when TLS fails.
    pub plain_http: bool,
    /// Whether certificates are taken unseen. Digests are checked all the same, but credentials may be stolen.
    pub insecure_tls: bool,
    /// A file of certificates (PEM) that are trusted besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer, or the next piece of one, may take.
    pub idle_timeout: Duration,
    /// How long a manifest, a configuration or a token may take in all.
    pub document_timeout: Duration,
    /// How often a request is sent before a failure that may pass (no connection, 429, 5xx) is final; at least once.
    pub attempts: u32,
    /// The pause before the second attempt; each further one is twice as long.
    pub backoff: Duration,
    /// The longest pause, also when the registry asks for more.
    pub longest_pause: Duration,
}

impl Default for RegistryOptions {
    fn default() -> Self {
        Self {
            credentials: None,
            files: CredentialFiles::of_user(),
            plain_http: false,
            insecure_tls: false,
            ca_file: None,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            document_timeout: Duration::from_secs(60),
            attempts: 4,
            backoff: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
        }
    }
}

/// A user and a password or token.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password or token.
    pub secret: Secret,
}

/// A text that does not show itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the request that carries it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where Docker and the container tools keep credentials.
#[derive(Debug, Clone, Default)]
pub struct CredentialFiles {
    /// Files in the form of Docker's `config.json`, asked in their order; what is not there is passed over.
    pub files: Vec<PathBuf>,
    /// The folder of the credential helpers `docker-credential-…`; none: those of the PATH.
    pub helpers: Option<PathBuf>,
}

impl CredentialFiles {
    /// Those of the user: `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`, then `$REGISTRY_AUTH_FILE`,
    /// `$XDG_RUNTIME_DIR/containers/auth.json` and `~/.config/containers/auth.json`.
    #[must_use]
    pub fn of_user() -> Self {
        let var = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let below = |name, path: &str| var(name).map(|folder| PathBuf::from(folder).join(path));
        let docker = below("DOCKER_CONFIG", "config.json");
        let config = below("XDG_CONFIG_HOME", "containers/auth.json");
        let files = [
            docker.or_else(|| below("HOME", ".docker/config.json")),
            var("REGISTRY_AUTH_FILE").map(PathBuf::from),
            below("XDG_RUNTIME_DIR", "containers/auth.json"),
            config.or_else(|| below("HOME", ".config/containers/auth.json")),
        ];
        Self {
            files: files.into_iter().flatten().collect(),
            helpers: None,
        }
    }
}
