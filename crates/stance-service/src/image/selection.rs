//! Which images a request means, and by which references they are reached.
//!
//! A reference is never taken from a request or a snapshot as it is: it is put together from parts that are checked, on
//! a registry that the operator named.

use std::collections::BTreeSet;

use stance_model::query::PageRequest;
use stance_store::{ImageFilter, StoredImage};

use super::images::{LOCAL, view};
use super::scan_task::ScanRequest;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::service::Service;

/// How many images are read at a time, and how many are looked through for one request.
const CHUNK: u32 = 1_000;
const CHUNKS: u32 = 10;

/// One image to scan.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) reference: String,
    /// What is known of it already; empty where it is not.
    pub(super) digest: String,
    pub(super) uuid: String,
}

/// What a request selects.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub(super) targets: BTreeSet<Target>,
    /// How many images it means that cannot be scanned from here.
    pub(super) out_of_reach: usize,
}

impl Service {
    /// The images that a request means: those that are known and fit it, and those that it names in full and that are
    /// not known yet.
    pub(super) async fn select(
        &self,
        caller: &Caller,
        request: &ScanRequest,
        allowed: &[String],
    ) -> Result<Selection, ServiceError> {
        let mut selection = Selection::default();
        let mut known = Vec::new();
        for number in 1..=CHUNKS {
            let filter = ImageFilter {
                digests: request.digests.clone(),
                kinds: vec!["image".to_owned()],
                ..ImageFilter::default()
            };
            let page = PageRequest {
                number,
                size: CHUNK,
            };
            let images = self
                .store
                .images(&caller.tenant, &filter, page)
                .await?
                .items;
            let last = images.len() < CHUNK as usize;
            known.extend(images.into_iter().filter(|image| fits(image, request)));
            if last {
                break;
            }
        }
        for image in known {
            selection.add(image, allowed);
        }
        for target in named(request, allowed, &selection) {
            selection.targets.insert(target);
        }
        let foreign = request.registries.iter().filter(|r| !allowed.contains(r));
        selection.out_of_reach += foreign.count();
        Ok(selection)
    }
}

impl Selection {
    fn add(&mut self, image: StoredImage, allowed: &[String]) {
        let parts = Parts {
            registry: &image.registry,
            namespace: &image.repo_namespace,
            name: &image.repo_name,
            tag: &image.tag,
            digest: &image.digest,
        };
        match parts.reference(allowed) {
            Some(reference) => {
                self.targets.insert(Target {
                    reference,
                    digest: image.digest,
                    uuid: image.uuid,
                });
            }
            None => self.out_of_reach += 1,
        }
    }
}

fn fits(image: &StoredImage, request: &ScanRequest) -> bool {
    let any = |wanted: &[String], has: &str| wanted.is_empty() || wanted.iter().any(|w| w == has);
    let repository = view(image.clone()).repository();
    image.registry != LOCAL
        && any(&request.registries, &image.registry)
        && any(&request.repo_ids, &repository)
        && any(&request.repo_namespaces, &image.repo_namespace)
        && any(&request.repo_names, &image.repo_name)
        && any(&request.tags, &image.tag)
}

/// The images that a request names by repository and tag or digest and that are not known, where it is clear in which
/// registry they are.
fn named(request: &ScanRequest, allowed: &[String], found: &Selection) -> Vec<Target> {
    let registry = match (request.registries.as_slice(), allowed) {
        ([one], _) | ([], [one]) => one,
        _ => return Vec::new(),
    };
    if !found.targets.is_empty() || !request.repo_ids.is_empty() {
        return Vec::new();
    }
    let no_namespace = [String::new()];
    let namespaces = match request.repo_namespaces.as_slice() {
        [] => &no_namespace,
        some => some,
    };
    let (tags, digests) = (&request.tags, &request.digests);
    let versions = tags
        .iter()
        .map(|tag| (tag.as_str(), ""))
        .chain(digests.iter().map(|digest| ("", digest.as_str())));
    let versions: Vec<(&str, &str)> = versions.collect();
    let mut targets = Vec::new();
    for (namespace, name) in namespaces
        .iter()
        .flat_map(|namespace| request.repo_names.iter().map(move |name| (namespace, name)))
    {
        for (tag, digest) in &versions {
            let parts = Parts {
                registry,
                namespace,
                name,
                tag,
                digest,
            };
            targets.extend(parts.reference(allowed).map(|reference| Target {
                reference,
                digest: (*digest).to_owned(),
                uuid: String::new(),
            }));
        }
    }
    targets
}

/// The parts of a reference.
struct Parts<'a> {
    registry: &'a str,
    namespace: &'a str,
    name: &'a str,
    tag: &'a str,
    digest: &'a str,
}

impl Parts<'_> {
    /// The reference; none where a part is malformed or the registry is not allowed.
    fn reference(&self, allowed: &[String]) -> Option<String> {
        if !allowed.iter().any(|registry| registry == self.registry) {
            return None;
        }
        let repository = match self.namespace {
            "" => self.name.to_owned(),
            namespace => format!("{namespace}/{}", self.name),
        };
        if !is_repository(&repository) {
            return None;
        }
        let version = match (self.tag, self.digest) {
            ("", digest) if is_digest(digest) => format!("@{digest}"),
            (tag, _) if is_tag(tag) => format!(":{tag}"),
            _ => return None,
        };
        Some(format!("{}/{repository}{version}", self.registry))
    }
}

/// Lower-case components of letters, digits, `.`, `_` and `-`, which begin and end with a letter or digit.
fn is_repository(text: &str) -> bool {
    let component = |part: &str| {
        let mut chars = part.chars();
        let edge =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        edge(part.chars().next_back()) && edge(chars.next()) && chars.all(inner)
    };
    text.len() <= 255 && text.split('/').all(component)
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= 128
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || c == '.' || c == '-')
}

/// Whether it is the digest of a manifest.
fn is_digest(text: &str) -> bool {
    let hex = text.strip_prefix("sha256:");
    hex.is_some_and(|hex| {
        hex.len() == 64 && hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(registry: &str, namespace: &str, name: &str, tag: &str) -> Option<String> {
        let parts = Parts {
            registry,
            namespace,
            name,
            tag,
            digest: "",
        };
        parts.reference(&["registry.example:5000".to_owned()])
    }

    #[test]
    fn a_reference_lies_on_an_allowed_registry() {
        assert_eq!(
            reference("registry.example:5000", "shop", "web", "v1").as_deref(),
            Some("registry.example:5000/shop/web:v1")
        );
        for registry in [
            "evil.example",
            "registry.example",
            "",
            "registry.example:5000/x",
        ] {
            assert_eq!(reference(registry, "shop", "web", "v1"), None, "{registry}");
        }
    }

    #[test]
    fn parts_do_not_reach_beyond_themselves() {
        let host = "registry.example:5000";
        for (namespace, name, tag) in [
            ("..", "web", "v1"),
            ("shop", "../x", "v1"),
            ("shop", "web@evil", "v1"),
            ("shop", "we b", "v1"),
            ("shop", "", "v1"),
            ("//evil.example", "web", "v1"),
            ("shop", "web", ""),
            ("shop", "web", "v1/../../x"),
            ("shop", "web", "v1?x"),
            ("shop", "web", "-v1"),
            ("SHOP", "web", "v1"),
        ] {
            assert_eq!(
                reference(host, namespace, name, tag),
                None,
                "{namespace} {name} {tag}"
            );
        }
    }
}
