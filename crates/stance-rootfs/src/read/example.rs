//! Facts of a few files, for the examples of items: by the same readers that read images.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stance_model::Reason;

use super::{ReadContext, read_all};
use crate::image;
use crate::password::PasswordOptions;
use crate::root::{Content, Place, Root, RootBuilder};
use crate::secret::{SecretHit, SecretScanner, SecretStream};
use crate::source::{ImageKind, ImageMeta, LayerSource, Platform};

/// The reference of an example that does not say another.
const REFERENCE: &str = "example:v1";

/// The beginning of a reference that makes an example an image of OCI's own media types.
const OCI: &str = "oci:";

/// A file, a directory or a link of an example.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExampleFile {
    /// What it holds.
    pub text: String,
    /// The permission bits, `0o7777` at most; none: 0644, of a directory 0755.
    pub mode: Option<u32>,
    /// The owner.
    pub uid: u64,
    /// The group.
    pub gid: u64,
    /// Where it points, if it is a symbolic link.
    pub link: Option<String>,
    /// Whether it is a directory.
    pub dir: bool,
}

/// The facts of an example's files by path, of its image (`config`, `history`, `reference`; none: it is a folder), and
/// of the secrets that the scanner finds in both; and what could not be read. A `reference` that begins with `oci:`
/// stands for an image of OCI's own media types, any other for one of Docker's.
#[must_use]
pub fn facts_of_files(
    files: &BTreeMap<String, ExampleFile>,
    image: Option<&Value>,
    scanner: Option<&SecretScanner>,
) -> (Map<String, Value>, BTreeMap<String, Reason>) {
    let root = root(files);
    let meta = meta(image);
    let passwords = PasswordOptions::default();
    let (mut facts, mut unknown) = read_all(
        &root,
        &ReadContext {
            passwords: &passwords,
            config: meta.config.as_ref(),
            config_unread: None,
        },
    );
    let of_image = image::facts(&meta, &layers(&meta));
    facts.extend(of_image.0);
    unknown.extend(of_image.1);
    if let Some(scanner) = scanner {
        let found = secrets(&root, meta.config.as_ref(), scanner);
        facts.insert("secrets".to_owned(), found);
    }
    (facts, unknown)
}

fn root(files: &BTreeMap<String, ExampleFile>) -> Root {
    let mut root = RootBuilder::default();
    for (path, file) in files {
        root = match &file.link {
            Some(target) => root.link(path, target),
            None if file.dir => root.dir(path, file.mode.unwrap_or(0o755), file.uid, file.gid),
            None => {
                let mode = file.mode.unwrap_or(0o644);
                root.file_with(path, file.text.as_bytes(), mode, file.uid, file.gid)
            }
        };
    }
    root.build()
}

fn meta(image: Option<&Value>) -> ImageMeta {
    let member = |name: &str| image.and_then(|image| image.get(name));
    let reference = member("reference").and_then(Value::as_str);
    let reference = reference.unwrap_or(REFERENCE);
    let (manifest_type, reference) = match reference.strip_prefix(OCI) {
        Some(reference) => ("application/vnd.oci.image.manifest.v1+json", reference),
        None => (
            "application/vnd.docker.distribution.manifest.v2+json",
            reference,
        ),
    };
    let config = image.map(|_| {
        json!({
            "os": "linux",
            "architecture": "amd64",
            "config": member("config"),
            "history": member("history"),
        })
    });
    ImageMeta {
        account: image::LOCAL.to_owned(),
        reference: reference.to_owned(),
        kind: image.map_or(ImageKind::Rootfs, |_| ImageKind::Image),
        manifest_digest: None,
        manifest_type: manifest_type.to_owned(),
        config_digest: None,
        config,
        platform: Platform {
            os: "linux".to_owned(),
            architecture: "amd64".to_owned(),
            variant: String::new(),
        },
        config_unread: None,
        container: None,
    }
}

/// A layer for every step of the history that makes one.
fn layers(meta: &ImageMeta) -> Vec<LayerSource> {
    let steps = meta
        .config
        .as_ref()
        .and_then(|config| config.get("history"));
    let steps = steps.and_then(Value::as_array).into_iter().flatten();
    let empty = |step: &Value| step.get("empty_layer") == Some(&Value::Bool(true));
    steps
        .filter(|step| !empty(step))
        .map(|_| LayerSource::default())
        .collect()
}

fn secrets(root: &Root, config: Option<&Value>, scanner: &SecretScanner) -> Value {
    let mut findings = Vec::new();
    let mut stream = scanner.stream();
    let mut look = |path: &str, text: &[u8], place: &dyn Fn(&SecretHit) -> Place| {
        for hit in scan(&mut stream, path, text) {
            let rule = scanner.rules().get(hit.rule).map(|rule| &rule.key);
            findings.push(json!({"rule": rule, "at": place(&hit)}));
        }
    };
    for file in root.entries() {
        if let Content::Bytes(bytes) = &file.entry().content {
            look(&file.path(), bytes, &|hit| {
                file.place(hit.line, hit.masked.as_str())
            });
        }
    }
    for (path, text) in config.map(image::said).unwrap_or_default() {
        look(&path, text.as_bytes(), &|hit| Place {
            path: path.clone(),
            visible: true,
            what: hit.masked.clone(),
            ..Place::default()
        });
    }
    json!({"findings": findings, "more": {}, "whole": true})
}

fn scan(stream: &mut SecretStream<'_>, path: &str, text: &[u8]) -> Vec<SecretHit> {
    let mut hits = Vec::new();
    stream.begin(path.as_bytes());
    stream.feed(text);
    stream.finish(&mut hits);
    hits
}
