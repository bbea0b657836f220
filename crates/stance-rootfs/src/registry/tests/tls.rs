//! With and without TLS.

use std::sync::Arc;

use rustls::pki_types::PrivatePkcs8KeyDer;

use super::fixture::Store;
use super::server::{Reply, Server};
use super::{failed, layer, options, pull};
use crate::error::ScanErrorKind;
use crate::registry::RegistryOptions;

/// A server with a certificate of its own making, and that certificate.
fn server() -> (Server, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])
        .unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let server = Server::with_tls(Store::one().handler(|_| None), Arc::new(config));
    (server, made.cert.pem())
}

#[test]
fn a_certificate_that_nobody_knows_is_refused_unless_it_is_given() {
    let (server, pem) = server();
    let error = failed(&server, ":v1", &options());
    assert_eq!(error.kind, ScanErrorKind::Network);
    assert!(
        error.message.contains("certificate") && error.message.contains("CA file"),
        "{error}"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).unwrap();
    let trusting = RegistryOptions {
        ca_file: Some(file.clone()),
        ..options()
    };
    let source = pull(&server, ":v1", &trusting).unwrap();
    assert_eq!(layer(&source, 1).unwrap(), b"second");
    let careless = RegistryOptions {
        insecure_tls: true,
        ..options()
    };
    assert!(pull(&server, ":v1", &careless).is_ok());
    std::fs::write(&file, "no certificate").unwrap();
    let error = failed(&server, ":v1", &trusting);
    assert!(
        error.message.contains("ca.pem") && error.message.contains("no certificate"),
        "{error}"
    );
    let missing = RegistryOptions {
        ca_file: Some(folder.path().join("none")),
        ..options()
    };
    assert!(failed(&server, ":v1", &missing).message.contains("none"));
}

#[test]
fn plain_http_is_spoken_on_this_host_after_tls_fails_or_when_allowed() {
    let server = Server::start(Store::one().handler(|seen| {
        // A TLS greeting is no request, so that it is not seen here.
        (seen.method != "GET").then(|| Reply::status(400))
    }));
    assert!(pull(&server, ":v1", &options()).is_ok());
    let plain = RegistryOptions {
        plain_http: true,
        ..options()
    };
    assert!(pull(&server, ":v1", &plain).is_ok());
}

#[test]
fn nothing_there_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let reference = format!("{address}/web").parse().unwrap();
    let limits = crate::Limits::default();
    let source = super::RegistrySource::open(&reference, None, &options(), &limits, &super::GO_ON);
    let error = source.err().unwrap();
    assert_eq!(error.kind, ScanErrorKind::Network);
    assert!(
        error.message.contains(&address.to_string()) && error.message.contains("port"),
        "{error}"
    );
}
