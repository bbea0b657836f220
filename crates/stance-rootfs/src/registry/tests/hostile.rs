//! Registries that lie, stall or never end.

use std::time::{Duration, Instant};

use super::fixture::{OCI, Store};
use super::server::{Reply, Server};
use super::{GO_ON, failed, options, pull};
use stance_model::ReasonKind;

use crate::error::ScanErrorKind;
use crate::limits::Limits;
use crate::registry::{RegistryOptions, RegistrySource};

fn endless(head: &'static str) -> Reply {
    Reply::raw(move |stream| {
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&[b'['; 4096]).is_ok() {}
    })
}

fn with(path: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(Store::one().handler(move |seen| seen.path.contains(path).then(&reply)))
}

#[test]
fn documents_without_end_are_cut() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    ] {
        let server = with("manifests", move || endless(head));
        let error = failed(&server, ":v1", &options());
        assert_eq!(error.kind, ScanErrorKind::Limit, "{error}");
        let server = with("blobs", move || endless(head));
        let source = pull(&server, ":v1", &options()).ok().unwrap();
        let reason = source.meta.config_unread.unwrap();
        assert_eq!(reason.kind, ReasonKind::Budget, "{reason:?}");
    }
    let server = with("manifests", || {
        Reply::body(format!("[{}0]", "0,".repeat(30_000)))
    });
    assert!(
        failed(&server, ":v1", &options())
            .message
            .contains("no image manifest")
    );
}

#[test]
fn headers_without_end_are_cut() {
    let server = with("manifests", || endless("HTTP/1.1 200 OK\r\nX: "));
    let error = failed(&server, ":v1", &options());
    assert_eq!(error.kind, ScanErrorKind::Network, "{error}");
}

#[test]
fn a_document_that_drips_is_given_up() {
    let server = with("manifests", || {
        Reply::raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(b" ").and_then(|()| stream.flush()).is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        })
    });
    let options = RegistryOptions {
        document_timeout: Duration::from_millis(200),
        attempts: 1,
        ..options()
    };
    let started = Instant::now();
    let error = failed(&server, ":v1", &options);
    assert!(
        error.message.contains("in time") && started.elapsed() < Duration::from_secs(5),
        "{error}"
    );
}

#[test]
fn silence_is_given_up() {
    let server = with("manifests", || {
        Reply::raw(|_| std::thread::sleep(Duration::from_secs(2)))
    });
    let options = RegistryOptions {
        idle_timeout: Duration::from_millis(100),
        attempts: 2,
        ..options()
    };
    let error = failed(&server, ":v1", &options);
    assert_eq!(error.kind, ScanErrorKind::Network);
    assert!(error.message.contains("no answer in time"), "{error}");
    assert_eq!(server.seen_for("manifests").len(), 2);
}

#[test]
fn documents_with_another_digest_are_refused() {
    let mut store = Store::default();
    let manifest = store.image(OCI, "amd64");
    let digest = store.tag("v1", OCI, &manifest);
    let mut changed = store.clone();
    changed.replace(&digest, b"{\"schemaVersion\": 2}");
    let server = Server::start(changed.handler(|_| None));
    assert!(
        failed(&server, &format!("@{digest}"), &options())
            .message
            .contains("has not the digest")
    );
    let body = manifest.to_string();
    let server = with("manifests", move || {
        Reply::body(body.clone()).with(
            "Docker-Content-Digest",
            format!("sha256:{}", "0".repeat(64)),
        )
    });
    assert!(
        failed(&server, ":v1", &options())
            .message
            .contains("has not the digest")
    );
}

#[test]
fn a_configuration_that_is_not_what_was_asked_for_is_not_taken() {
    let mut store = Store::default();
    let manifest = store.image(OCI, "amd64");
    store.tag("v1", OCI, &manifest);
    store.replace(
        manifest["config"]["digest"].as_str().unwrap(),
        b"{\"config\": {\"User\": \"nobody\"}}",
    );
    let server = Server::start(store.handler(|_| None));
    let source = pull(&server, ":v1", &options()).ok().unwrap();
    assert!(source.meta.config.is_none());
    let reason = source.meta.config_unread.unwrap();
    assert!(reason.message.unwrap().contains("has not the digest"));
    assert!(!source.layers.is_empty(), "the layers can be read");
}

#[test]
fn documents_of_too_many_parts_are_refused() {
    let server = with("manifests", || {
        Reply::body(format!("[{}0]", "0,".repeat(300_000)))
    });
    let reference = format!("{}/shop/web:v1", server.address).parse().unwrap();
    let source = RegistrySource::open(&reference, None, &options(), &Limits::default(), &GO_ON);
    assert_eq!(source.err().unwrap().kind, ScanErrorKind::Limit);
}

#[test]
fn redirects_in_a_circle_or_to_nowhere_end() {
    for (location, word) in [
        ("/v2/shop/web/manifests/v1", "more than 5 redirects"),
        ("file:///etc/passwd", "cannot be used"),
        ("http://[::1", "cannot be used"),
        ("", "more than 5 redirects"),
    ] {
        let server = with("manifests", move || {
            Reply::status(302).with("Location", location)
        });
        let error = failed(&server, ":v1", &options());
        assert!(
            error.message.contains(word) || error.message.contains("404"),
            "{location}: {error}"
        );
        assert!(server.seen().len() < 12);
    }
}

#[test]
fn what_is_no_http_is_told() {
    let server = with("/v2/", || {
        Reply::raw(|stream| drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n")))
    });
    let error = failed(&server, ":v1", &options());
    assert!(
        matches!(
            error.kind,
            ScanErrorKind::Network | ScanErrorKind::NotAnImage
        ),
        "{error}"
    );
    assert!(error.message.contains(&server.address), "{error}");
}

#[test]
fn a_broken_error_code_is_not_repeated() {
    let server = with("manifests", || {
        Reply::Whole(
            404,
            vec![],
            b"{\"errors\":[{\"code\":\"\x1b[31mEVIL\"}]}".to_vec(),
        )
    });
    let error = failed(&server, ":v1", &options());
    assert!(
        !error.message.contains("EVIL") && error.message.contains("HTTP 404"),
        "{error}"
    );
}

#[test]
fn a_cancelled_scan_asks_no_more() {
    let server = Server::start(Store::one().handler(|_| None));
    let reference = format!("{}/shop/web:v1", server.address).parse().unwrap();
    let cancelled = std::sync::atomic::AtomicBool::new(true);
    let source = RegistrySource::open(&reference, None, &options(), &Limits::default(), &cancelled);
    assert_eq!(source.err().unwrap().kind, ScanErrorKind::Cancelled);
    assert!(server.seen().is_empty());
    assert!(pull(&server, ":v1", &options()).is_ok());
}
