//! The cache: an image that shares lower layers with one before reads only its own.

use stance_rootfs::{LayerCache, Limits};

use crate::make::{Image, Tar, write};
use crate::run::{Found, Scan, mark};

fn base() -> Vec<u8> {
    let filling = "x".repeat(2 << 20);
    Tar::default()
        .file("etc/passwd", "root:x:0:0::/:/bin/sh\n")
        .file("low", &mark(1))
        .file("big", &filling)
        .end()
}

fn on_base(n: usize) -> Image {
    Image::of(&[
        base(),
        Tar::default()
            .file(&format!("own{n}"), &mark(n))
            .file(".wh.low", "")
            .end(),
    ])
}

/// The image scanned without the blob of its lowest layer: only who knows it already can.
fn without_base(scan: &Scan, mut image: Image) -> Found {
    image.layers[0].bytes = None;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &image.layout());
    scan.layout(folder.path()).unwrap()
}

#[test]
fn shared_layers_are_not_read_again() {
    let scan = Scan {
        cache: LayerCache::new(64 << 20),
        ..Scan::default()
    };
    scan.image(&on_base(2));
    let found = without_base(&scan, on_base(3));
    assert!(found.whole());
    assert_eq!(found.accounts(), ["root"]);
    let fresh = Scan::default().image(&on_base(3));
    assert_eq!(
        found.0.facts["secrets"], fresh.0.facts["secrets"],
        "as if all had been read"
    );
    assert_eq!(found.0.facts["files"], fresh.0.facts["files"]);
}

#[test]
fn a_layer_that_was_broken_or_read_otherwise_is_read_again() {
    let broken = Scan {
        cache: LayerCache::new(64 << 20),
        ..Scan::default()
    };
    without_base(&broken, on_base(2));
    assert!(broken.image(&on_base(2)).whole());
    let mut scan = Scan {
        cache: LayerCache::new(64 << 20),
        ..Scan::default()
    };
    scan.image(&on_base(2));
    scan.limits = Limits {
        file_bytes: 1 << 19,
        ..Limits::default()
    };
    assert!(!without_base(&scan, on_base(3)).whole());
}

#[test]
fn the_cache_is_bounded() {
    let scan = Scan {
        cache: LayerCache::new(1 << 20),
        ..Scan::default()
    };
    for n in 2..8 {
        scan.image(&on_base(n));
        assert!(scan.cache.bytes() <= 1 << 20);
    }
}
