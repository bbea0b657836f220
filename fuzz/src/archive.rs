//! Archives as a whole: from a file to an asset.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use stance_rootfs::{
    ImageRef, LayerCache, Limits, Options, PasswordOptions, RegistryOptions, SecretScanner, scan,
};

/// Parts the members of one input.
const BORDER: u8 = 0xff;
/// The size of a block of tar.
const BLOCK: usize = 512;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = Some(memory).filter(|folder| folder.is_dir());
    let name = format!("stance-fuzz-{}.tar", std::process::id());
    folder.unwrap_or_else(std::env::temp_dir).join(name)
});

static SCANNER: LazyLock<Arc<SecretScanner>> =
    LazyLock::new(|| Arc::new(SecretScanner::new(Vec::new()).expect("no rules are sound")));

/// Scans an archive. The first byte says what the rest is: the archive as it is; the members of Docker's form, parted by
/// 0xFF; or the configuration and a layer of an OCI layout, with digests that are right.
pub fn archive(data: &[u8]) {
    let Some((form, rest)) = data.split_first() else {
        return;
    };
    let bytes = match form % 3 {
        0 => rest.to_vec(),
        1 => docker(rest),
        _ => oci(rest),
    };
    std::fs::write(&*FILE, bytes).expect("the file can be written");
    let reference = ImageRef::Archive {
        path: FILE.clone(),
        name: None,
    };
    let cancel = AtomicBool::new(false);
    let asset = scan(&reference, &options(&cancel), &LayerCache::new(0));
    if let Ok(asset) = asset {
        assert!(asset.facts.contains_key("image"), "the image itself is said");
        assert!(asset.facts.contains_key("secrets"), "and what was found");
    }
}

fn options(cancel: &AtomicBool) -> Options<'_> {
    Options {
        limits: Limits {
            total_bytes: 4 << 20,
            entries: 200,
            header_bytes: 8 << 10,
            file_bytes: 4 << 10,
            kept_bytes: 64 << 10,
            tree_bytes: 64 << 10,
            ..Limits::default()
        },
        verify_diff_ids: false,
        platform: None,
        scanner: Arc::clone(&SCANNER),
        guesser: PasswordOptions {
            // Guessing is slow on purpose.
            budget: Duration::ZERO,
            words: Vec::new(),
        },
        registry: RegistryOptions::default(),
        cancel,
        progress: &(),
    }
}

/// `manifest.json`, `config.json`, `layer.tar`, in this order.
fn docker(data: &[u8]) -> Vec<u8> {
    let names = ["manifest.json", "config.json", "layer.tar"];
    let parts = data.splitn(names.len(), |byte| *byte == BORDER);
    let members = names.iter().map(|name| (*name).to_owned()).zip(parts);
    tar(members.map(|(name, part)| (name, part.to_vec())))
}

/// A layout whose configuration and layer are given.
fn oci(data: &[u8]) -> Vec<u8> {
    let mut parts = data.splitn(2, |byte| *byte == BORDER);
    let mut part = || parts.next().unwrap_or_default().to_vec();
    let (config, layer) = (part(), part());
    let descriptor = |bytes: &[u8]| {
        let hex = hex(bytes);
        serde_json::json!({"digest": format!("sha256:{hex}"), "size": bytes.len()})
    };
    let manifest = serde_json::json!({
        "schemaVersion": 2, "config": descriptor(&config), "layers": [descriptor(&layer)],
    });
    let manifest = manifest.to_string().into_bytes();
    let index = serde_json::json!({"schemaVersion": 2, "manifests": [descriptor(&manifest)]});
    let named = [
        ("oci-layout".to_owned(), b"{}".to_vec()),
        ("index.json".to_owned(), index.to_string().into_bytes()),
    ];
    let blobs = [manifest, config, layer];
    let blobs = blobs.map(|blob| (format!("blobs/sha256/{}", hex(&blob)), blob));
    tar(named.into_iter().chain(blobs))
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A tar of regular files.
fn tar(members: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in members {
        out.extend(header(&name, content.len()));
        out.extend(&content);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

fn header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\0");
    put(124, &format!("{size:011o}\0"));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
