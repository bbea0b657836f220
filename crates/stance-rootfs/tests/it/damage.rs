//! Layers that are cut off, mixed up or missing: the others are read, and the result says what is missing.

use serde_json::json;
use stance_model::ReasonKind;

use crate::make::{Image, Tar, gzip, zstd};
use crate::run::{Found, Scan, mark, scan_layers};

const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn layer(n: usize) -> Vec<u8> {
    Tar::default()
        .file("etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        .file(&format!("s{n}"), &mark(n))
        .end()
}

/// Three layers, the one in the middle stored as given.
fn with_middle(blob: Vec<u8>, media_type: &str, tar: &[u8]) -> Image {
    Image::of(&[layer(0)])
        .stored(blob, media_type, tar)
        .stored(gzip(&layer(2)), GZIP, &layer(2))
}

/// The reason, after it was seen that the other layers were read and the layer is named.
fn broken(image: &Image) -> (Found, stance_model::Reason) {
    let found = Scan::default().image(image);
    let paths = found.secret_paths();
    assert!(
        paths.contains(&"/s0".into()) && paths.contains(&"/s2".into()),
        "{paths:?}"
    );
    let reason = found.incomplete();
    let message = reason.message.clone().unwrap();
    assert!(
        message.starts_with(&format!("layer 2 {}", image.digest_of(1))),
        "{message}"
    );
    (found, reason)
}

#[test]
fn a_truncated_layer_gives_what_was_read_of_it() {
    let big: String = (0..40_000).map(|n| format!("{}\n", n * 7_919)).collect();
    let tar = Tar::default().file("s1", &mark(1)).file("big", &big).end();
    let mut blob = gzip(&tar);
    blob.truncate(blob.len() / 2);
    let mut image = with_middle(blob, GZIP, &tar);
    let (found, reason) = broken(&image);
    assert_eq!(reason.kind, ReasonKind::Truncated);
    assert!(found.secret_paths().contains(&"/s1".into()));
    image.layers[1].bytes = Some(gzip(&tar)[..100].to_vec());
    let (_, reason) = broken(&image);
    assert_eq!(reason.kind, ReasonKind::Truncated);
}

#[test]
fn an_archive_that_is_cut_off_inside_a_whole_blob_is_truncated() {
    let tar = Tar::default().file("s1", &mark(1)).cut();
    for cut in [100, 520] {
        let (_, reason) = broken(&with_middle(gzip(&tar[..cut]), GZIP, &tar));
        assert_eq!(reason.kind, ReasonKind::Truncated, "{cut}");
    }
}

#[test]
fn an_archive_without_its_end_is_read() {
    let tar = Tar::default().file("s1", &mark(1)).cut();
    let found = scan_layers(&[tar]);
    assert!(found.whole());
    assert_eq!(found.secret_paths(), ["/s1"]);
}

#[test]
fn what_comes_after_the_end_is_no_part_of_the_image() {
    let mut tar = Tar::default().file("s1", &mark(1)).end();
    tar.extend(Tar::default().file("s2", &mark(2)).end());
    let found = scan_layers(&[tar]);
    assert_eq!(found.secret_paths(), ["/s1"]);
    assert_eq!(found.odd("trailing_data"), 1);
}

#[test]
fn a_blob_of_another_digest_or_size_is_said() {
    let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
    image.layers[1].bytes = Some(gzip(&Tar::default().file("other", &mark(9)).end()));
    let (found, reason) = broken(&image);
    assert!(matches!(
        reason.kind,
        ReasonKind::BadResponse | ReasonKind::Truncated
    ));
    assert!(
        found.secret_paths().contains(&"/other".into()),
        "what is there is looked at"
    );
    let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
    image.layers[1].descriptor["size"] = json!(5);
    assert_eq!(broken(&image).1.kind, ReasonKind::BadResponse);
    let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
    let mut bytes = image.layers[1].bytes.clone().unwrap();
    bytes[9] ^= 1;
    image.layers[1].bytes = Some(bytes);
    assert!(broken(&image).1.message.unwrap().contains("digest"));
}

#[test]
fn a_wrong_diff_id_is_said_where_it_is_looked_at() {
    let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
    image.layers[1].diff_id = image.layers[0].diff_id.clone();
    assert!(
        Scan::default().image(&image).whole(),
        "the digest of the blob proves it"
    );
    let strict = Scan {
        verify_diff_ids: true,
        ..Scan::default()
    };
    assert!(
        strict
            .image(&image)
            .incomplete()
            .message
            .unwrap()
            .contains("configuration")
    );
    assert!(strict.image(&Image::of(&[layer(0), layer(1)])).whole());
}

#[test]
fn a_missing_blob_is_said() {
    let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
    image.layers[1].bytes = None;
    let (_, reason) = broken(&image);
    assert_eq!(reason.kind, ReasonKind::NotFound);
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    image.layers[1].descriptor["mediaType"] = json!(foreign);
    image.layers[1].descriptor["urls"] = json!(["https://example.com/layer"]);
    let (_, reason) = broken(&image);
    assert!(reason.message.unwrap().contains("may not be distributed"));
}

#[test]
fn a_digest_that_is_none_of_ours_opens_no_file() {
    for digest in [
        "sha256:../../../etc/passwd",
        "md5:00",
        "",
        "../../index.json",
    ] {
        let mut image = Image::of(&[layer(0), layer(1), layer(2)]);
        image.layers[1].descriptor["digest"] = json!(digest);
        image.layers[1].bytes = None;
        let found = Scan::default().image(&image);
        assert!(!found.whole(), "{digest}");
    }
}

#[test]
fn a_link_in_a_layout_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let image = Image::of(&[layer(0), layer(1), layer(2)]);
    crate::make::write(folder.path(), &image.layout());
    let blob = folder
        .path()
        .join(crate::make::blob_path(image.digest_of(1)));
    let outside = tempfile::tempdir().unwrap();
    std::fs::rename(&blob, outside.path().join("blob")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("blob"), &blob).unwrap();
    let found = Scan::default().layout(folder.path()).unwrap();
    assert!(found.incomplete().message.unwrap().contains("link"));
}

#[test]
fn every_compression_is_known_by_its_bytes() {
    for blob in [gzip(&layer(1)), zstd(&layer(1)), layer(1)] {
        for media_type in [
            GZIP,
            "application/vnd.oci.image.layer.v1.tar+zstd",
            "text/plain",
            "",
        ] {
            let found = Scan::default().image(&with_middle(blob.clone(), media_type, &layer(1)));
            assert!(found.whole(), "{media_type}");
            assert_eq!(found.secret_paths(), ["/s0", "/s1", "/s2"]);
        }
    }
}

#[test]
fn compressed_layers_may_come_in_several_parts() {
    let tar = layer(1);
    let (low, high) = tar.split_at(700);
    for mut blob in [
        [gzip(low), gzip(high)].concat(),
        [zstd(low), zstd(high)].concat(),
    ] {
        let found = Scan::default().image(&with_middle(blob.clone(), GZIP, &tar));
        assert!(found.whole());
        blob.extend_from_slice(b"rubbish");
        broken(&with_middle(blob, GZIP, &tar));
    }
    let mut padded = gzip(&tar);
    padded.resize(padded.len() + 100, 0);
    assert!(
        Scan::default()
            .image(&with_middle(padded, GZIP, &tar))
            .whole()
    );
}

#[test]
fn what_is_no_archive_is_said() {
    for rubbish in [gzip(&[b'x'; 5_000]), vec![7; 5_000], gzip(b"short")] {
        broken(&with_middle(rubbish, GZIP, b""));
    }
}

#[test]
fn a_large_zstd_window_is_refused() {
    let data = vec![7; 100];
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.include_contentsize(false).unwrap();
    std::io::Write::write_all(&mut encoder, &data).unwrap();
    broken(&with_middle(encoder.finish().unwrap(), GZIP, b""));
}
