//! What an asset document says of the image that it is.

use serde::Deserialize;
use sonic_rs::JsonValueTrait;
use stance_collect::snapshot::AssetDoc;
use stance_model::Provider;
use stance_store::ImageRow;

/// The longest text of an image that is kept, in characters.
const TEXT: usize = 500;

/// `facts.image` as readers write it. A snapshot may come from elsewhere, so nothing is taken for granted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Facts {
    kind: Option<String>,
    registry: Option<String>,
    repo_namespace: Option<String>,
    repo_name: Option<String>,
    tag: Option<String>,
    digest: Option<String>,
    image_id: Option<String>,
    size: Option<i64>,
    created: Option<i64>,
    os: Option<String>,
    architecture: Option<String>,
    container_id: Option<String>,
    container_name: Option<String>,
    layers: Option<Vec<serde::de::IgnoredAny>>,
}

/// The row of an asset that is an image; none for any other asset. What its document does not say stays empty.
pub(super) fn image_row(asset: &AssetDoc, index: u32) -> Option<ImageRow> {
    if asset.provider != Provider::Image {
        return None;
    }
    let facts = asset
        .value
        .get("facts")
        .and_then(|facts| facts.get("image"));
    let facts: Facts = facts
        .and_then(|image| sonic_rs::from_value(image).ok())
        .unwrap_or_default();
    let of_type = asset.asset_type.as_str().rsplit('/').next();
    Some(ImageRow {
        asset: index,
        kind: kind(facts.kind.as_deref(), of_type.unwrap_or_default()).to_owned(),
        registry: text(facts.registry.or_else(|| Some(asset.account.clone()))),
        repo_namespace: text(facts.repo_namespace),
        repo_name: text(facts.repo_name),
        tag: text(facts.tag),
        digest: text(facts.digest),
        image_id: text(facts.image_id),
        size: facts.size.unwrap_or_default().max(0),
        created_ms: facts.created,
        os: text(facts.os),
        architecture: text(facts.architecture),
        container_id: text(facts.container_id),
        container_name: text(facts.container_name),
        layers: facts
            .layers
            .map_or(0, |layers| i64::try_from(layers.len()).unwrap_or(i64::MAX)),
    })
}

/// The type of the asset decides between images and containers, so that the two are never mixed up.
fn kind(said: Option<&str>, of_type: &str) -> &'static str {
    match (of_type, said) {
        ("container", _) => "container",
        (_, Some("rootfs")) => "rootfs",
        _ => "image",
    }
}

fn text(text: Option<String>) -> String {
    text.unwrap_or_default().chars().take(TEXT).collect()
}

/// Whether it is an image or a host of which something could not be read.
pub(super) fn is_unread(asset: &AssetDoc) -> bool {
    let alone = matches!(asset.provider, Provider::Image | Provider::Host);
    let unknown = asset.value.get("unknown");
    alone
        && unknown
            .and_then(sonic_rs::JsonContainerTrait::as_object)
            .is_some_and(|calls| !calls.is_empty())
}
