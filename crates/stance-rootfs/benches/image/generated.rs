//! An image made up: three layers of words, numbers and zeros, about as compressible as a system's files are.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The files of a layer, and the bytes of each.
const FILES: usize = 1_000;
const BYTES: usize = 48 << 10;

/// Writes it as a layout.
pub(crate) fn write(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder.join("blobs/sha256"))?;
    let mut random = Random(1);
    let (mut layers, mut diff_ids) = (Vec::new(), Vec::new());
    for number in 0..3 {
        let tar = layer(number, &mut random)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&tar)?;
        diff_ids.push(digest(&tar));
        layers.push(blob(
            folder,
            "application/vnd.oci.image.layer.v1.tar+gzip",
            &encoder.finish()?,
        )?);
    }
    let config = json!({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": diff_ids}});
    let config = blob(
        folder,
        "application/vnd.oci.image.config.v1+json",
        config.to_string().as_bytes(),
    )?;
    let manifest = "application/vnd.oci.image.manifest.v1+json";
    let document =
        json!({"schemaVersion": 2, "mediaType": manifest, "config": config, "layers": layers});
    let manifest = blob(folder, manifest, document.to_string().as_bytes())?;
    let index = json!({"schemaVersion": 2, "manifests": [manifest]});
    std::fs::write(folder.join("index.json"), index.to_string())?;
    std::fs::write(
        folder.join("oci-layout"),
        r#"{"imageLayoutVersion":"1.0.0"}"#,
    )?;
    Ok(())
}

fn blob(folder: &Path, media_type: &str, bytes: &[u8]) -> std::io::Result<serde_json::Value> {
    let digest = digest(bytes);
    std::fs::write(folder.join("blobs").join(digest.replace(':', "/")), bytes)?;
    Ok(json!({"mediaType": media_type, "digest": digest, "size": bytes.len()}))
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn layer(number: usize, random: &mut Random) -> std::io::Result<Vec<u8>> {
    let mut tar = Vec::new();
    for file in 0..FILES {
        let name = format!("usr/lib/layer{number}/folder{}/file{file}", file / 50);
        tar.write_all(&header(&name))?;
        content(file, random, &mut tar);
    }
    tar.resize(tar.len() + 1024, 0);
    Ok(tar)
}

fn content(file: usize, random: &mut Random, tar: &mut Vec<u8>) {
    let end = tar.len() + BYTES;
    while tar.len() < end {
        let number = random.next();
        match file % 4 {
            0 => tar.extend_from_slice(&number.to_le_bytes()),
            1 => tar.extend_from_slice(&[0; 64]),
            _ => tar.extend_from_slice(
                format!("word{} = {}\n", number % 97, number % 1_009).as_bytes(),
            ),
        }
    }
    tar.truncate(end);
}

fn header(name: &str) -> [u8; 512] {
    let mut header = [0; 512];
    let mut put = |at: usize, text: &str| {
        for (to, from) in header.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{BYTES:011o}"));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in header
        .iter_mut()
        .skip(148)
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *to = from;
    }
    header
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
