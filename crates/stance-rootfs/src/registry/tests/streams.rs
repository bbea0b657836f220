//! Layers: streams that break, and registries that are busy.

use std::io::ErrorKind;

use super::fixture::{Store, digest, first_layer};
use super::server::{Reply, Seen, Server};
use super::{failed, layer, options, pull};
use crate::error::ScanErrorKind;
use crate::registry::RegistryOptions;

/// Serves the first layer by `reply`, the rest as usual.
fn layer_by(reply: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    let first = digest(&first_layer());
    Server::start(
        Store::one().handler(move |seen| seen.path.ends_with(&first).then(|| reply(seen))),
    )
}

/// A body that breaks after some bytes.
fn broken(head: String, body: Vec<u8>, after: usize) -> Reply {
    Reply::raw(move |stream| {
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body[..after.min(body.len())]);
    })
}

fn from(seen: &Seen) -> usize {
    let range = seen.header("range");
    range
        .strip_prefix("bytes=")
        .and_then(|r| r.strip_suffix('-'))
        .map_or(0, |r| r.parse().unwrap())
}

#[test]
fn a_stream_that_breaks_goes_on_where_it_broke() {
    let server = layer_by(|seen| {
        let (at, all) = (from(seen), first_layer());
        let head = match at {
            0 => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", all.len()),
            at => format!(
                "HTTP/1.1 206 Part\r\nContent-Length: {}\r\nContent-Range: bytes {at}-{}/{}\r\n\r\n",
                all.len() - at,
                all.len() - 1,
                all.len()
            ),
        };
        broken(head, all[at..].to_vec(), 90_000)
    });
    let source = pull(&server, ":v1", &options()).unwrap();
    assert_eq!(layer(&source, 0).unwrap(), first_layer());
    let starts: Vec<usize> = server
        .seen_for(&digest(&first_layer()))
        .iter()
        .map(from)
        .collect();
    assert_eq!(starts, [0, 90_000, 180_000]);
}

#[test]
fn a_registry_without_ranges_gives_it_again() {
    let server = layer_by(|seen| {
        let all = first_layer();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", all.len());
        let after = if seen.nth == 0 { 1000 } else { all.len() };
        broken(head, all, after)
    });
    let source = pull(&server, ":v1", &options()).unwrap();
    assert_eq!(layer(&source, 0).unwrap(), first_layer());
}

#[test]
fn a_stream_that_always_breaks_is_given_up() {
    let server = layer_by(|_| broken("HTTP/1.1 200 OK\r\n\r\n".into(), first_layer(), 1000));
    let source = pull(&server, ":v1", &options()).unwrap();
    let error = layer(&source, 0).unwrap_err();
    assert!(error.to_string().contains("ended"), "{error}");
    assert!(server.seen_for(&digest(&first_layer())).len() <= 4);
}

#[test]
fn parts_that_were_not_asked_for_are_refused() {
    let server = layer_by(|seen| match seen.nth {
        0 => broken(
            "HTTP/1.1 200 OK\r\nContent-Length: 240000\r\n\r\n".into(),
            first_layer(),
            1000,
        ),
        _ => Reply::Whole(
            206,
            vec![("Content-Range".into(), "bytes 7-9/240000".into())],
            b"abc".to_vec(),
        ),
    });
    let source = pull(&server, ":v1", &options()).unwrap();
    assert_eq!(
        layer(&source, 0).unwrap_err().kind(),
        ErrorKind::InvalidData
    );
}

#[test]
fn a_layer_is_not_longer_than_it_was_said_to_be() {
    let server = layer_by(|_| {
        Reply::raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[0; 4096]).is_ok() {}
        })
    });
    let source = pull(&server, ":v1", &options()).unwrap();
    let error = layer(&source, 0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("longer"), "{error}");
}

#[test]
fn a_missing_layer_leaves_the_others() {
    let server = layer_by(|_| Reply::status(404));
    let source = pull(&server, ":v1", &options()).unwrap();
    let error = layer(&source, 0).unwrap_err();
    assert!(
        error.to_string().contains("NOT_FOUND") && error.to_string().contains(&server.address),
        "{error}"
    );
    assert_eq!(layer(&source, 1).unwrap(), b"second");
}

#[test]
fn a_busy_registry_is_asked_again() {
    for status in [429, 500, 502, 503] {
        let server = Server::start(Store::one().handler(move |seen| {
            (seen.nth < 2).then(|| Reply::status(status).with("Retry-After", "1"))
        }));
        let source = pull(&server, ":v1", &options()).unwrap();
        assert_eq!(layer(&source, 1).unwrap(), b"second");
    }
}

#[test]
fn one_that_stays_busy_is_given_up() {
    for (status, word) in [(429, "higher limit"), (503, "try again later")] {
        let server = Server::start(Store::one().handler(move |seen| {
            seen.path
                .contains("manifests")
                .then(|| Reply::status(status))
        }));
        let error = failed(
            &server,
            ":v1",
            &RegistryOptions {
                attempts: 3,
                ..options()
            },
        );
        assert_eq!(error.kind, ScanErrorKind::Network);
        assert!(
            error.message.contains(word) && error.message.contains(&status.to_string()),
            "{error}"
        );
        assert_eq!(server.seen_for("manifests").len(), 3);
    }
}
