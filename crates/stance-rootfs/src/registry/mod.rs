//! Images in a registry, by the distribution API: its manifest and configuration are read and verified at once, its
//! layers as they are asked for.

mod blob;
mod challenge;
mod credentials;
mod failure;
mod http;
mod options;
mod pull;
mod session;
mod token;
mod url;

pub use options::{CredentialFiles, Credentials, RegistryOptions, Secret};

use std::io::Read;
use std::sync::atomic::AtomicBool;

use stance_model::{Reason, ReasonKind};

use crate::error::ScanError;
use crate::limits::Limits;
use crate::reference::Reference;
use crate::source::digest::Digest;
use crate::source::{ImageMeta, LayerSource, Source};

use blob::BlobReader;
use failure::{Failure, Tried};
use http::Http;
use session::Session;

/// An image in a registry.
pub(crate) struct RegistrySource<'c> {
    session: Session<'c>,
    meta: ImageMeta,
    layers: Vec<LayerSource>,
    limit: u64,
}

impl<'c> RegistrySource<'c> {
    /// Finds the image: of an index, the one for `platform` (`os/architecture[/variant]`; none: this host's).
    ///
    /// # Errors
    /// There is no such image, it cannot be had, or it is none; with the host, the source of the credentials and what to
    /// do.
    pub(crate) fn open(
        reference: &Reference,
        platform: Option<&str>,
        options: &RegistryOptions,
        limits: &Limits,
        cancel: &'c AtomicBool,
    ) -> Result<Self, ScanError> {
        let name = reference.to_string();
        let told = |failure: &Failure, host: &str, credentials: &str| {
            failure.scan_error(&Tried {
                reference: &name,
                host,
                credentials,
            })
        };
        let registry = reference.registry();
        let start = Http::new(options, cancel)
            .map_err(|failure| (failure, String::new()))
            .and_then(|http| Session::start(http, registry, reference.repository()));
        let session =
            start.map_err(|(failure, credentials)| told(&failure, registry, &credentials))?;
        let pulled = pull::pull(&session, reference, platform, limits);
        let pulled = pulled.map_err(|error| match error {
            pull::Error::Image(error) => error,
            pull::Error::Registry(failure) => told(&failure, session.host(), session.credentials()),
        })?;
        Ok(Self {
            session,
            meta: pulled.meta,
            layers: pulled.layers,
            limit: limits.total_bytes,
        })
    }
}

impl Source for RegistrySource<'_> {
    fn image(&self) -> &ImageMeta {
        &self.meta
    }

    fn layers(&self) -> &[LayerSource] {
        &self.layers
    }

    fn open(&self, layer: usize) -> Result<Box<dyn Read + Send + '_>, Reason> {
        let Some(layer) = self.layers.get(layer) else {
            return Err(Reason::new(
                ReasonKind::NotFound,
                format!("there is no layer {layer}"),
            ));
        };
        let digest = layer.digest.as_deref().unwrap_or_default();
        if is_foreign(&layer.media_type) {
            let message = format!(
                "layer {digest} may not be distributed, so the registry does not have it; it was not fetched from elsewhere"
            );
            return Err(Reason::new(ReasonKind::NotCollected, message));
        }
        if Digest::parse(digest).is_none() {
            let message = format!("layer `{digest}` is named by no digest that can be asked for");
            return Err(Reason::new(ReasonKind::BadResponse, message));
        }
        match BlobReader::open(&self.session, digest, layer.size, self.limit) {
            Ok(reader) => Ok(Box::new(reader)),
            Err(failure) => Err(failure.reason(self.session.host(), &format!("layer {digest}"))),
        }
    }
}

/// Whether a layer's media type says that it may not be distributed.
fn is_foreign(media_type: &str) -> bool {
    media_type.contains("nondistributable") || media_type.contains(".foreign.")
}

#[cfg(test)]
mod tests;
