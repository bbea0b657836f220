//! Names of images, and how people say which one is to be scanned.

mod grammar;
mod image_ref;
mod uuid;

pub use image_ref::ImageRef;
pub(crate) use uuid::image_uuid;

use std::fmt;
use std::str::FromStr;

/// The registry of names that say none.
const DOCKER_HUB: &str = "docker.io";
/// Where Docker Hub keeps names of one part.
const LIBRARY: &str = "library/";

/// The name of an image in a registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// A text that is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no image: {why}")]
pub struct ReferenceError {
    text: String,
    why: String,
}

impl ReferenceError {
    /// The most of the text that is repeated in the message.
    const SHOWN: usize = 200;

    fn new(text: &str, why: impl Into<String>) -> Self {
        let shown = text.chars().take(Self::SHOWN);
        Self {
            text: shown.flat_map(char::escape_default).collect(),
            why: why.into(),
        }
    }
}

impl Reference {
    /// The registry's host and port: `docker.io`, `127.0.0.1:5000`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The whole path in the registry: `library/debian`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The path but for its last part; empty where there is only one.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.repository
            .rsplit_once('/')
            .map_or("", |(first, _)| first)
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        let parts = self.repository.rsplit_once('/');
        parts.map_or(self.repository.as_str(), |(_, last)| last)
    }

    /// The tag; `latest` where neither a tag nor a digest was written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if one was written.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// What a registry is asked for: the digest, else the tag.
    #[must_use]
    pub fn wanted(&self) -> &str {
        let wanted = self.digest.as_deref().or(self.tag.as_deref());
        wanted.unwrap_or("latest")
    }

    /// The name as people write it, without the digest where it has a tag: what the history of an image follows.
    #[must_use]
    pub fn tracked(&self) -> String {
        let name = self.short_name();
        match (&self.tag, &self.digest) {
            (Some(tag), _) => format!("{name}:{tag}"),
            (None, Some(digest)) => format!("{name}@{digest}"),
            (None, None) => name,
        }
    }

    fn short_name(&self) -> String {
        let first = self.repository.split('/').next().unwrap_or_default();
        if self.registry != DOCKER_HUB || grammar::is_host(first) {
            return format!("{}/{}", self.registry, self.repository);
        }
        match self.repository.strip_prefix(LIBRARY) {
            Some(name) if !name.contains('/') => name.to_owned(),
            _ => self.repository.clone(),
        }
    }
}

/// The registry of a host; its case does not matter, except that upper case may be all that makes it a host.
fn registry(host: &str) -> String {
    let lower = host.to_ascii_lowercase();
    match lower.as_str() {
        "docker.io" | "index.docker.io" | "registry-1.docker.io" => DOCKER_HUB.to_owned(),
        _ if grammar::is_host(&lower) => lower,
        _ => host.to_owned(),
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let parts = grammar::parse(text)?;
        let registry = parts.host.map_or_else(|| DOCKER_HUB.to_owned(), registry);
        let repository = if registry == DOCKER_HUB && !parts.path.contains('/') {
            format!("{LIBRARY}{}", parts.path)
        } else {
            parts.path.to_owned()
        };
        let tag = match (parts.tag, parts.digest) {
            (None, None) => Some("latest"),
            (tag, _) => tag,
        };
        Ok(Self {
            registry,
            repository,
            tag: tag.map(str::to_owned),
            digest: parts.digest.map(str::to_owned),
        })
    }
}

impl fmt::Display for Reference {
    /// As people write it: `debian:12`, `shop/web:v1`, `127.0.0.1:5000/web@sha256:…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short_name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// A name of an image that is in no registry, taken apart as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalName<'n> {
    /// The path but for its last part.
    pub(crate) namespace: &'n str,
    /// The last part without its tag.
    pub(crate) name: &'n str,
    /// The tag; empty where there is none.
    pub(crate) tag: &'n str,
}

impl<'n> LocalName<'n> {
    /// Takes a name apart: `/srv/images:web:v1`, `planted:v1`, `/srv/root`.
    pub(crate) fn of(text: &'n str) -> Self {
        let (path, tag) = grammar::split_tag(text);
        let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
        Self {
            namespace,
            name,
            tag: tag.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
