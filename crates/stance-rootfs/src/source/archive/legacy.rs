//! The form of Docker before 1.10: `repositories` names the topmost layer, each layer's `json` the one below it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Contents, Store};
use crate::error::{ScanError, ScanErrorKind};
use crate::image::LOCAL;
use crate::source::manifest;
use crate::source::oci::{Parts as _, Wanted};
use crate::source::{ImageKind, ImageMeta, LayerSource, Platform};

type Repositories = BTreeMap<String, BTreeMap<String, String>>;

/// Finds the image.
pub(super) fn image(store: &Store, wanted: Wanted<'_>) -> Result<Contents, ScanError> {
    let from = store.shown();
    let bytes = store.required("repositories", wanted.limits.document_bytes)?;
    let repositories: Repositories = serde_json::from_slice(&bytes).map_err(|e| {
        let message = format!("repositories of {from} is none of Docker's: {e}");
        ScanError::new(ScanErrorKind::NotAnImage, message)
    })?;
    let (reference, top) = chosen(&repositories, wanted.name, &from)?;
    let mut chain = chain(store, &top, wanted)?;
    let config = chain
        .last()
        .map(|(_, json)| json.clone())
        .unwrap_or_default();
    let platform = Platform::of_config(&config);
    manifest::check_platform(&platform, wanted.platform, &from)?;
    let layers = chain
        .iter()
        .map(|(id, json)| layer(store, id, json))
        .collect();
    Ok(Contents {
        image: ImageMeta {
            account: LOCAL.into(),
            reference,
            kind: ImageKind::Image,
            manifest_digest: None,
            manifest_type: String::new(),
            config_digest: None,
            platform,
            config: Some(config),
            config_unread: None,
            container: None,
        },
        layers,
        members: chain
            .drain(..)
            .map(|(id, _)| Some(format!("{id}/layer.tar")))
            .collect(),
    })
}

fn chosen(
    repositories: &Repositories,
    name: Option<&str>,
    from: &str,
) -> Result<(String, String), ScanError> {
    let each = repositories.iter().flat_map(|(repository, tags)| {
        tags.iter()
            .map(move |(tag, id)| (format!("{repository}:{tag}"), id.clone()))
    });
    let images: Vec<(String, String)> = each.collect();
    let found = match (name, images.as_slice()) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(name), all) => all.iter().find(|(reference, _)| reference == name),
    };
    found.cloned().ok_or_else(|| {
        let there: Vec<&str> = images
            .iter()
            .map(|(name, _)| name.as_str())
            .take(20)
            .collect();
        let message = format!(
            "{from}: name one of its images after a colon: {}",
            there.join(", ")
        );
        ScanError::new(ScanErrorKind::NotFound, message)
    })
}

/// The layers with their documents, from the lowest.
fn chain(store: &Store, top: &str, wanted: Wanted<'_>) -> Result<Vec<(String, Value)>, ScanError> {
    let mut chain = Vec::new();
    let mut next = Some(top.to_owned());
    while let Some(id) = next {
        if chain.len() >= wanted.limits.layers {
            let message = format!(
                "{} has more than {} layers",
                store.shown(),
                wanted.limits.layers
            );
            return Err(ScanError::new(ScanErrorKind::Limit, message));
        }
        let name = format!("{id}/json");
        let bytes = store.required(&name, wanted.limits.document_bytes)?;
        let json = manifest::parse_config(&bytes, &name)?;
        next = json
            .get("parent")
            .and_then(Value::as_str)
            .map(str::to_owned);
        chain.push((id, json));
    }
    chain.reverse();
    Ok(chain)
}

fn layer(store: &Store, id: &str, json: &Value) -> LayerSource {
    let command = json
        .pointer("/container_config/Cmd")
        .and_then(Value::as_array);
    let words = command.into_iter().flatten().filter_map(Value::as_str);
    let line = words.collect::<Vec<_>>().join(" ");
    LayerSource {
        size: store
            .index
            .find(&format!("{id}/layer.tar"))
            .map(|slot| slot.size),
        instruction: crate::image::mask_text(&line),
        ..LayerSource::default()
    }
}
