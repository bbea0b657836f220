//! Images in a registry: the same as elsewhere, layer by layer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use stance_model::ReasonKind;
use stance_rootfs::{ImageRef, ScanErrorKind};

use crate::make::{Image, Tar, digest};
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

/// Serves an image as `shop/web:v1`, without the blobs whose digest is in `missing`.
fn serve(image: &Image, missing: &[&str]) -> String {
    let (files, manifest) = image.blobs();
    let mut paths: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for bytes in files.into_values() {
        let digest = digest(&bytes);
        if !missing.contains(&digest.as_str()) {
            paths.insert(format!("/v2/shop/web/blobs/{digest}"), bytes);
        }
    }
    paths.insert("/v2/".into(), b"{}".to_vec());
    paths.insert("/v2/shop/web/manifests/v1".into(), manifest);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let paths = Arc::new(paths);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let paths = Arc::clone(&paths);
            std::thread::spawn(move || answer(stream, &paths));
        }
    });
    format!("{address}/shop/web:v1")
}

#[expect(
    clippy::disallowed_methods,
    reason = "our own client is on the other side"
)]
fn answer(stream: TcpStream, paths: &BTreeMap<String, Vec<u8>>) {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        header.clear();
    }
    let body = line.split(' ').nth(1).and_then(|path| paths.get(path));
    let (status, body) = body.map_or((404, &[][..]), |body| (200, body.as_slice()));
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    let _ = (&stream).write_all(head.as_bytes());
    let _ = (&stream).write_all(body);
}

#[test]
fn an_image_in_a_registry_is_what_it_is_in_a_layout() {
    let image = image();
    let reference: ImageRef = serve(&image, &[]).parse().unwrap();
    let pulled = Scan::default().reference(&reference).unwrap();
    let local = Scan::default().image(&image);
    assert!(pulled.whole(), "{:?}", pulled.0.unknown);
    for fact in ["/secrets", "/passwd", "/config", "/history", "/files"] {
        assert_eq!(pulled.fact(fact), local.fact(fact), "{fact}");
    }
    assert_eq!(pulled.fact("/image/layers"), local.fact("/image/layers"));
    assert_eq!(pulled.fact("/image/repo_namespace"), "shop");
    assert_eq!(pulled.fact("/image/tag"), "v1");
    assert_eq!(pulled.0.name, reference.to_string());
    assert_eq!(pulled.0.account, pulled.fact("/image/registry"));
    // The id follows the tag, whatever it points to.
    let host = &pulled.0.account;
    let tracked = format!("image\0{host}\0{host}/shop/web:v1");
    assert!(digest(tracked.as_bytes()).starts_with(&format!("sha256:{}", pulled.0.id)));
}

#[test]
fn a_layer_that_is_missing_leaves_what_the_others_hold() {
    let image = image();
    let missing = image.digest_of(0).to_owned();
    let reference: ImageRef = serve(&image, &[&missing]).parse().unwrap();
    let found = Scan::default().reference(&reference).unwrap();
    assert_eq!(found.secret_paths(), ["/s1"]);
    let reason = found.incomplete();
    assert_eq!(reason.kind, ReasonKind::NotFound);
    assert!(reason.to_string().contains(&missing), "{reason}");
}

#[test]
fn a_tag_that_is_not_there_is_told() {
    let reference = serve(&image(), &[]).replace(":v1", ":v2");
    let error = Scan::default().reference(&reference.parse().unwrap());
    let error = error.unwrap_err();
    assert_eq!(error.kind, ScanErrorKind::NotFound);
    assert!(error.message.contains(&reference), "{error}");
}
