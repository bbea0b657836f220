//! What an image says of itself: `facts.image`, `facts.config` and `facts.history`.
//!
//! A value of another type than documented is left out, so that whatever asks for it is unknown; nothing is guessed.
//! Values that may be secrets are masked.

mod config;
mod history;
mod mask;
mod said;
mod variable;

pub(crate) use history::{Step, instructions, steps};
pub(crate) use mask::mask_text;
pub(crate) use said::said;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use stance_model::{Reason, ReasonKind};

use crate::reference::{LocalName, Reference};
use crate::source::{ImageKind, ImageMeta, LayerSource};

/// The account of what is in no registry.
pub(crate) const LOCAL: &str = "local";

/// The facts of an image, and what could not be read.
pub(crate) type Facts = (Map<String, Value>, BTreeMap<String, Reason>);

/// The facts `image`, `config` and `history`.
pub(crate) fn facts(meta: &ImageMeta, layers: &[LayerSource]) -> Facts {
    let (mut facts, mut unknown) = (Map::new(), BTreeMap::new());
    facts.insert("image".into(), image(meta, layers));
    if let Some(reason) = &meta.config_unread {
        let names = ["config", "history"].map(str::to_owned);
        unknown.extend(names.map(|name| (name, reason.clone())));
        return (facts, unknown);
    }
    let document = match &meta.config {
        None => {
            facts.insert("config".into(), Value::Null);
            facts.insert("history".into(), Value::Null);
            return (facts, unknown);
        }
        Some(document) => document,
    };
    let parts = [
        ("config", config::facts(document, oci_only(meta))),
        ("history", history::facts(document, layers)),
    ];
    for (name, part) in parts {
        match part {
            Ok(value) => drop(facts.insert(name.to_owned(), value)),
            Err(reason) => drop(unknown.insert(name.to_owned(), reason)),
        }
    }
    (facts, unknown)
}

/// Whether the image is of OCI's own media types, whose configuration has no place for a HEALTHCHECK.
fn oci_only(meta: &ImageMeta) -> bool {
    meta.manifest_type.starts_with("application/vnd.oci.")
}

fn image(meta: &ImageMeta, layers: &[LayerSource]) -> Value {
    let name = Named::of(meta);
    let size = layers.iter().filter_map(|layer| layer.size);
    let layer = |layer: &LayerSource| {
        json!({
            "digest": layer.shown_digest(),
            "size": layer.size,
            "instruction": mask_text(&layer.instruction),
        })
    };
    let mut facts = json!({
        "reference": meta.reference,
        "registry": meta.account,
        "repo_namespace": name.namespace,
        "repo_name": name.name,
        "tag": name.tag,
        "digest": meta.manifest_digest.as_deref().unwrap_or_default(),
        "image_id": meta.config_digest.as_deref().unwrap_or_default(),
        "created": meta.config.as_ref().and_then(created),
        "size": size.fold(0, u64::saturating_add),
        "os": meta.platform.os,
        "architecture": meta.platform.architecture,
        "kind": kind_name(meta.kind),
        "layers": layers.iter().map(layer).collect::<Vec<_>>(),
    });
    if let (Some(container), Some(facts)) = (&meta.container, facts.as_object_mut()) {
        facts.insert("container_id".into(), json!(container.id));
        facts.insert("container_name".into(), json!(container.name));
    }
    facts
}

/// The name of a kind, as in `facts.image.kind` and `origin.kind`.
pub(crate) fn kind_name(kind: ImageKind) -> &'static str {
    match kind {
        ImageKind::Image => "image",
        ImageKind::Container => "container",
        ImageKind::Rootfs => "rootfs",
    }
}

/// The parts of an image's name.
struct Named {
    namespace: String,
    name: String,
    tag: String,
}

impl Named {
    /// Of the image's own name; of a container, the name of the image that it was made from.
    fn of(meta: &ImageMeta) -> Self {
        let container = meta.container.as_ref();
        let written = container.map_or(meta.reference.as_str(), |c| c.image.as_str());
        let registry = meta.account != LOCAL || container.is_some();
        match written.parse::<Reference>() {
            Ok(reference) if registry => Self {
                namespace: reference.namespace().to_owned(),
                name: reference.name().to_owned(),
                tag: reference.tag().unwrap_or_default().to_owned(),
            },
            _ => {
                let local = LocalName::of(written);
                Self {
                    namespace: local.namespace.to_owned(),
                    name: local.name.to_owned(),
                    tag: local.tag.to_owned(),
                }
            }
        }
    }
}

/// When the image was made, milliseconds since 1970; none where it does not say.
fn created(document: &Value) -> Option<i64> {
    let created = document.get("created")?.as_str()?;
    let at: Timestamp = created.parse().ok()?;
    (at.as_second() > 0).then(|| at.as_millisecond())
}

/// A configuration that is not what it should be.
fn mistyped(what: &str) -> Reason {
    Reason::new(
        ReasonKind::TypeMismatch,
        format!("the image's configuration: {what}"),
    )
}

#[cfg(test)]
mod tests;
