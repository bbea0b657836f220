//! Layouts and archives in all their forms.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stance_model::ReasonKind;
use stance_rootfs::{ImageRef, ScanErrorKind};

use crate::make::{Image, Tar, archive, blob_path, digest, gzip, index, write, zstd};
use crate::run::{Scan, mark};

fn image() -> Image {
    let layer = |n| {
        Tar::default()
            .file(&format!("s{n}"), &mark(n))
            .file("etc/passwd", "root:x:0:0::/:/bin/sh\n")
            .end()
    };
    Image::of(&[layer(0), layer(1)])
}

fn descriptor(manifest: &[u8], architecture: &str, notes: Value) -> Value {
    json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(manifest), "size": manifest.len(),
        "platform": {"os": "linux", "architecture": architecture}, "annotations": notes,
    })
}

#[test]
fn the_document_says_what_the_image_is() {
    let image = image();
    let found = Scan::default().image(&image);
    let asset = &found.0;
    assert_eq!(
        (asset.account.as_str(), asset.region.as_str()),
        ("local", "global")
    );
    assert_eq!(asset.asset_type.as_str(), "image/oci/image");
    assert_eq!(asset.id.len(), 32);
    assert_eq!(asset.origin.as_ref().unwrap().kind, "image");
    let layers = found.fact("/image/layers");
    assert_eq!(layers[1]["digest"], image.digest_of(1));
    assert_eq!(layers[1]["instruction"], "RUN step 1");
}

/// The image without its configuration, with a broken one, and with one of another digest.
fn without_config(
    files: &BTreeMap<String, Vec<u8>>,
) -> [(BTreeMap<String, Vec<u8>>, ReasonKind); 3] {
    let config = files
        .iter()
        .find(|(_, b)| b.starts_with(b"{\"architecture"));
    let name = config.unwrap().0.clone();
    let with = |bytes: Option<&[u8]>| {
        let mut files = files.clone();
        match bytes {
            Some(bytes) => drop(files.insert(name.clone(), bytes.to_vec())),
            None => drop(files.remove(&name)),
        }
        files
    };
    let changed = [&files[&name], b" ".as_slice()].concat();
    [
        (with(None), ReasonKind::BadResponse),
        (with(Some(b"{")), ReasonKind::BadResponse),
        (with(Some(&changed)), ReasonKind::BadResponse),
    ]
}

#[test]
fn layers_are_read_without_the_configuration_too() {
    for files in [image().layout(), image().docker("shop/web:v1")] {
        for (files, kind) in without_config(&files) {
            let found = Scan::default().archive(&archive(&files)).unwrap();
            assert_eq!(found.secret_paths(), ["/s0", "/s1"]);
            assert_eq!(found.accounts(), ["root"]);
            assert!(!found.whole(), "variables and history were not searched");
            for name in ["config", "history", "profile"] {
                assert_eq!(found.0.unknown[name].kind, kind, "{name}");
            }
            assert_eq!(found.fact("/image/layers").as_array().unwrap().len(), 2);
        }
    }
}

#[test]
fn a_broken_configuration_of_another_thing_makes_no_image() {
    let (mut files, manifest) = image().blobs();
    files.retain(|_, bytes| bytes.starts_with(&[0x1f, 0x8b]));
    let mut manifest: Value = serde_json::from_slice(&manifest).unwrap();
    manifest["config"]["mediaType"] = json!("application/vnd.wasm.config.v0+json");
    let manifest = manifest.to_string().into_bytes();
    let index = index(&[descriptor(&manifest, "amd64", json!({}))]);
    files.insert(blob_path(&digest(&manifest)), manifest);
    files.insert("index.json".into(), index);
    let refused = Scan::default().files(&files).unwrap_err();
    assert_eq!(refused.kind, ScanErrorKind::NotAnImage, "{refused}");
}

#[test]
fn archives_are_read_in_any_order_and_compression() {
    let files = image().layout();
    let ordered = archive(&files);
    let reversed = archive(files.iter().rev());
    for plain in [ordered, reversed] {
        for bytes in [plain.clone(), gzip(&plain), zstd(&plain)] {
            let found = Scan::default().archive(&bytes).unwrap();
            assert!(found.whole(), "{:?}", found.0.unknown);
            assert_eq!(found.secret_paths(), ["/s0", "/s1"]);
        }
    }
}

#[test]
fn dockers_archives_are_read() {
    let files = image().docker("shop/web:v1");
    for bytes in [
        archive(&files),
        archive(files.iter().rev()),
        gzip(&archive(&files)),
    ] {
        let found = Scan::default().archive(&bytes).unwrap();
        assert!(found.whole(), "{:?}", found.0.unknown);
        assert_eq!(found.0.name, "shop/web:v1");
        assert_eq!(found.secret_paths(), ["/s0", "/s1"]);
        assert_eq!(
            found.secrets()[0].1,
            image().layers[0].diff_id,
            "layers are named by what they are"
        );
    }
}

#[test]
fn dockers_layers_are_held_against_their_diff_ids() {
    let mut files = image().docker("web:v1");
    let name = files
        .keys()
        .find(|name| name.ends_with("layer.tar"))
        .unwrap()
        .clone();
    files.insert(name, Tar::default().file("other", &mark(5)).end());
    let found = Scan::default().archive(&archive(&files)).unwrap();
    assert!(found.incomplete().message.unwrap().contains("digest"));
    assert!(found.secret_paths().contains(&"/other".to_owned()));
}

#[test]
fn layers_that_are_links_in_an_archive_are_followed_inside_it() {
    let files = image().docker("web:v1");
    let mut tar = Tar::default();
    for (name, bytes) in &files {
        if let Some(folder) = name.strip_suffix("/layer.tar") {
            tar = tar.link(name, &format!("../moved/{folder}"));
            let bytes = String::from_utf8(bytes.clone()).unwrap();
            tar = tar.file(&format!("moved/{folder}"), &bytes);
        } else {
            tar = tar.file(name, std::str::from_utf8(bytes).unwrap());
        }
    }
    let found = Scan::default().archive(&tar.end()).unwrap();
    assert_eq!(found.secret_paths(), ["/s0", "/s1"]);
    let outside = image().docker("web:v1");
    let tar = outside.iter().fold(Tar::default(), |tar, (name, bytes)| {
        match name.ends_with("layer.tar") {
            true => tar.link(name, "../../../../../../etc/passwd"),
            false => tar.file(name, std::str::from_utf8(bytes).unwrap()),
        }
    });
    let found = Scan::default().archive(&tar.end()).unwrap();
    assert!(!found.whole());
}

#[test]
fn archives_of_docker_before_its_manifest_are_read() {
    let layer = |n| Tar::default().file(&format!("s{n}"), &mark(n)).end();
    let json = |parent: Option<&str>| {
        let mut json = json!({"os": "linux", "architecture": "amd64", "container_config": {"Cmd": ["/bin/sh", "-c", "make"]}});
        if let Some(parent) = parent {
            json["parent"] = json!(parent);
        }
        json.to_string().into_bytes()
    };
    let files = BTreeMap::from([
        (
            "repositories".to_owned(),
            json!({"old": {"v1": "top"}}).to_string().into_bytes(),
        ),
        ("base/json".to_owned(), json(None)),
        ("base/layer.tar".to_owned(), layer(0)),
        ("top/json".to_owned(), json(Some("base"))),
        ("top/layer.tar".to_owned(), layer(1)),
    ]);
    let found = Scan::default().archive(&archive(&files)).unwrap();
    assert_eq!(found.0.name, "old:v1");
    assert_eq!(found.secret_paths(), ["/s0", "/s1"]);
}

#[test]
fn an_archive_that_is_cut_off_gives_what_it_has() {
    let files = image().layout();
    let (layers, documents): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|(_, bytes)| bytes.starts_with(&[0x1f, 0x8b]));
    let mut bytes = archive(documents.into_iter().chain(layers));
    bytes.truncate(bytes.len() - 1024 - 512);
    let found = Scan::default().archive(&bytes).unwrap();
    assert!(!found.whole());
    assert_eq!(
        found.secret_paths().len(),
        1,
        "the layer that is whole was read"
    );
}

#[test]
fn the_platform_is_chosen() {
    let (amd, arm) = (
        image(),
        Image::of(&[Tar::default().file("arm", &mark(3)).end()]),
    );
    let (mut files, amd_manifest) = amd.blobs();
    let (more, arm_manifest) = arm.blobs();
    files.extend(more);
    let nested = index(&[
        descriptor(&amd_manifest, "amd64", json!({})),
        descriptor(&arm_manifest, "arm64", json!({})),
    ]);
    files.insert(blob_path(&digest(&nested)), nested.clone());
    let outer = json!({"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest(&nested), "size": nested.len()});
    files.insert("index.json".into(), index(&[outer]));
    files.insert("oci-layout".into(), b"{}".to_vec());
    let on = |platform: &str| {
        Scan {
            platform: Some(platform.into()),
            ..Scan::default()
        }
        .files(&files)
    };
    assert_eq!(on("linux/amd64").unwrap().secret_paths(), ["/s0", "/s1"]);
    let refused = on("linux/s390x").unwrap_err();
    assert_eq!(refused.kind, ScanErrorKind::NotFound);
    assert!(refused.message.contains("linux/arm64"), "{refused}");
    assert_eq!(on("linux").unwrap_err().kind, ScanErrorKind::BadReference);
}

#[test]
fn one_of_several_images_is_named() {
    let other = Image::of(&[Tar::default().file("other", &mark(3)).end()]);
    let (mut files, first) = image().blobs();
    let (more, second) = other.blobs();
    files.extend(more);
    let name = |tag: &str| json!({"org.opencontainers.image.ref.name": tag});
    files.insert(
        "index.json".into(),
        index(&[
            descriptor(&first, "amd64", name("v1")),
            descriptor(&second, "amd64", name("v2")),
        ]),
    );
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files);
    let path = folder.path().to_owned();
    let named = |name: Option<&str>| ImageRef::Layout {
        path: path.clone(),
        name: name.map(str::to_owned),
    };
    let scan = Scan::default();
    let found = scan.reference(&named(Some("v2"))).unwrap();
    assert_eq!(found.secret_paths(), ["/other"]);
    assert!(found.0.name.ends_with(":v2"), "{}", found.0.name);
    for unclear in [None, Some("v3")] {
        let refused = scan.reference(&named(unclear)).unwrap_err();
        assert!(refused.message.contains("v1, v2"), "{refused}");
    }
}

#[test]
fn what_is_no_image_is_refused_with_what_it_is() {
    let mut artifact = image();
    artifact.artifact = true;
    let mut no_index = image().layout();
    no_index.remove("index.json");
    let mut no_manifest = image().layout();
    no_manifest.retain(|name, bytes| !name.starts_with("blobs") || bytes.starts_with(&[0x1f]));
    let mut broken = image().layout();
    broken.insert("index.json".into(), b"{".to_vec());
    for (files, word) in [
        (artifact.layout(), "artifact"),
        (no_index, "index.json"),
        (no_manifest, "missing"),
        (broken, "no image manifest"),
    ] {
        let refused = Scan::default().files(&files).unwrap_err();
        assert_eq!(refused.kind, ScanErrorKind::NotAnImage, "{refused}");
        assert!(refused.message.contains(word), "{refused}");
    }
    for bytes in [
        b"no archive at all".to_vec(),
        Vec::new(),
        Tar::default().file("x", "y").end(),
    ] {
        let refused = Scan::default().archive(&bytes).unwrap_err();
        assert_eq!(refused.kind, ScanErrorKind::NotAnImage, "{refused}");
    }
    let nowhere = ImageRef::Archive {
        path: "/nowhere/at/all.tar".into(),
        name: None,
    };
    assert_eq!(
        Scan::default().reference(&nowhere).unwrap_err().kind,
        ScanErrorKind::NotFound
    );
}
