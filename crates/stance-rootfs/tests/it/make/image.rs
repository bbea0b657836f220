//! Images of layers, written as an OCI layout or into archives.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Tar;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// A layer as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) descriptor: Value,
    pub(crate) diff_id: String,
    pub(crate) tar: Vec<u8>,
}

/// An image.
#[derive(Debug, Clone, Default)]
pub(crate) struct Image {
    pub(crate) layers: Vec<Blob>,
    pub(crate) config: Value,
    pub(crate) artifact: bool,
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

impl Image {
    /// An image of gzip layers.
    pub(crate) fn of(layers: &[Vec<u8>]) -> Self {
        let mut image = Self::default();
        for tar in layers {
            image = image.stored(
                gzip(tar),
                "application/vnd.oci.image.layer.v1.tar+gzip",
                tar,
            );
        }
        image
    }

    /// One more layer, stored as given.
    pub(crate) fn stored(mut self, blob: Vec<u8>, media_type: &str, tar: &[u8]) -> Self {
        self.layers.push(Blob {
            descriptor: json!({"mediaType": media_type, "digest": digest(&blob), "size": blob.len()}),
            bytes: Some(blob),
            diff_id: digest(tar),
            tar: tar.to_vec(),
        });
        self
    }

    pub(crate) fn config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    pub(crate) fn digest_of(&self, layer: usize) -> &str {
        self.layers[layer].descriptor["digest"].as_str().unwrap()
    }

    /// The configuration document.
    fn document(&self) -> Value {
        let diff_ids: Vec<&String> = self.layers.iter().map(|layer| &layer.diff_id).collect();
        let history: Vec<Value> = (0..self.layers.len())
            .map(|n| json!({"created_by": format!("RUN step {n}")}))
            .collect();
        json!({
            "architecture": "amd64", "os": "linux", "config": self.config,
            "rootfs": {"type": "layers", "diff_ids": diff_ids}, "history": history,
        })
    }

    /// The files of a layout.
    pub(crate) fn layout(&self) -> BTreeMap<String, Vec<u8>> {
        let (mut files, manifest) = self.blobs();
        let descriptor = json!({
            "mediaType": MANIFEST, "digest": digest(&manifest), "size": manifest.len(),
            "platform": {"os": "linux", "architecture": "amd64"},
        });
        files.insert(
            "oci-layout".into(),
            br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec(),
        );
        files.insert("index.json".into(), index(&[descriptor]));
        files
    }

    /// The blobs, and the manifest, which is one of them.
    pub(crate) fn blobs(&self) -> (BTreeMap<String, Vec<u8>>, Vec<u8>) {
        let mut files = BTreeMap::new();
        let config = self.document().to_string().into_bytes();
        let layers: Vec<&Value> = self.layers.iter().map(|layer| &layer.descriptor).collect();
        let mut manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest(&config), "size": config.len()},
            "layers": layers,
        });
        if self.artifact {
            manifest["artifactType"] = json!("application/vnd.example.thing");
        }
        let manifest = manifest.to_string().into_bytes();
        for layer in &self.layers {
            let name = layer.descriptor["digest"].as_str().unwrap();
            if let Some(bytes) = &layer.bytes {
                files.insert(blob_path(name), bytes.clone());
            }
        }
        files.insert(blob_path(&digest(&config)), config);
        files.insert(blob_path(&digest(&manifest)), manifest.clone());
        (files, manifest)
    }

    /// The files of Docker's own archive.
    pub(crate) fn docker(&self, tag: &str) -> BTreeMap<String, Vec<u8>> {
        let config = self.document().to_string().into_bytes();
        let name = format!("{}.json", hex::encode(Sha256::digest(&config)));
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|l| format!("{}/layer.tar", &l.diff_id[7..]))
            .collect();
        let manifest = json!([{"Config": name, "RepoTags": [tag], "Layers": layers}]);
        let mut files = BTreeMap::from([
            (name, config),
            (
                "manifest.json".to_owned(),
                manifest.to_string().into_bytes(),
            ),
        ]);
        for (name, layer) in layers.into_iter().zip(&self.layers) {
            files.insert(name, layer.tar.clone());
        }
        files
    }
}

pub(crate) fn index(descriptors: &[Value]) -> Vec<u8> {
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors});
    index.to_string().into_bytes()
}

pub(crate) fn blob_path(digest: &str) -> String {
    format!("blobs/{}", digest.replace(':', "/"))
}

/// Writes files into a folder.
pub(crate) fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// The files as an archive, in the order given.
pub(crate) fn archive<'f>(files: impl IntoIterator<Item = (&'f String, &'f Vec<u8>)>) -> Vec<u8> {
    let mut tar = Tar::default();
    for (name, bytes) in files {
        let header = super::tar::Header {
            name: name.as_bytes(),
            size: bytes.len() as u64,
            ..super::tar::Header::default()
        };
        tar = tar.header(&header).content(bytes);
    }
    tar.end()
}
