//! Images that the registry of the tests has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::server::{Handler, Reply, Seen};
use crate::source::digest::Digest;

pub(super) const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub(super) const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// What a repository holds, by tag or digest.
#[derive(Clone, Default)]
pub(super) struct Store {
    manifests: BTreeMap<String, (String, Vec<u8>)>,
    blobs: BTreeMap<String, Vec<u8>>,
}

pub(super) fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

impl Store {
    /// One image `v1` of two layers.
    pub(super) fn one() -> Self {
        let mut store = Self::default();
        let manifest = store.image(OCI, "amd64");
        store.tag("v1", OCI, &manifest);
        store
    }

    /// Adds a blob.
    pub(super) fn blob(&mut self, bytes: &[u8]) -> String {
        let digest = digest(bytes);
        self.blobs.insert(digest.clone(), bytes.to_vec());
        digest
    }

    /// Adds the blobs of an image and gives its manifest.
    pub(super) fn image(&mut self, form: &str, architecture: &str) -> Value {
        let config = json!({
            "os": "linux", "architecture": architecture, "config": {"User": "app"},
            "rootfs": {"type": "layers", "diff_ids": ["sha256:1", "sha256:2"]},
            "history": [{"created_by": "ADD one"}, {"created_by": "ADD two"}],
        });
        let config = config.to_string().into_bytes();
        let layers = [first_layer(), second_layer()].map(|bytes| {
            json!({"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": self.blob(&bytes), "size": bytes.len()})
        });
        json!({
            "schemaVersion": 2, "mediaType": form,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": self.blob(&config), "size": config.len()},
            "layers": layers,
        })
    }

    /// Adds a manifest or an index under a tag and its digest, which it gives.
    pub(super) fn tag(&mut self, tag: &str, form: &str, document: &Value) -> String {
        let bytes = document.to_string().into_bytes();
        let digest = digest(&bytes);
        for name in [tag, &digest] {
            self.manifests
                .insert(name.to_owned(), (form.to_owned(), bytes.clone()));
        }
        digest
    }

    /// Replaces what is served under a name.
    pub(super) fn replace(&mut self, name: &str, bytes: &[u8]) {
        if let Some((_, held)) = self.manifests.get_mut(name) {
            *held = bytes.to_vec();
        }
        if let Some(held) = self.blobs.get_mut(name) {
            *held = bytes.to_vec();
        }
    }

    /// What the API answers for `shop/web`.
    pub(super) fn answer(&self, seen: &Seen) -> Reply {
        if seen.path == "/v2/" {
            return Reply::body("{}");
        }
        let Some((kind, name)) = seen
            .path
            .strip_prefix("/v2/shop/web/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return Reply::status(404);
        };
        let missing = || {
            Reply::Whole(
                404,
                Vec::new(),
                br#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#.to_vec(),
            )
        };
        match kind {
            "manifests" => self
                .manifests
                .get(name)
                .map_or_else(missing, |(form, bytes)| {
                    Reply::body(bytes.clone()).with("Content-Type", form)
                }),
            _ => self
                .blobs
                .get(name)
                .map_or_else(missing, |bytes| Reply::body(bytes.clone())),
        }
    }

    /// Serves it, unless `first` has another answer.
    pub(super) fn handler(
        self,
        first: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
    ) -> Handler {
        Box::new(move |seen| first(seen).unwrap_or_else(|| self.answer(seen)))
    }

    /// Serves it to whoever shows this `Authorization`; others get this challenge.
    pub(super) fn guarded(
        self,
        wanted: &'static str,
        challenge: impl Fn() -> String + Send + Sync + 'static,
    ) -> Handler {
        self.handler(move |seen| {
            let refused = seen.path.starts_with("/v2/") && seen.header("authorization") != wanted;
            refused.then(|| Reply::status(401).with("Www-Authenticate", challenge()))
        })
    }
}

/// A layer's bytes; what is in them does not matter here.
pub(super) fn first_layer() -> Vec<u8> {
    b"first layer ".repeat(20_000)
}

/// Another layer's bytes.
pub(super) fn second_layer() -> Vec<u8> {
    b"second".to_vec()
}
