//! Logging in: whatever the registry wants, and only to the registry.

use std::sync::{Arc, OnceLock};

use super::fixture::Store;
use super::server::{Reply, Server};
use super::{failed, layer, options, pull, with_login};
use crate::error::ScanErrorKind;
use crate::registry::{CredentialFiles, RegistryOptions};

// base64 of scan:hunter2
const BASIC: &str = "Basic c2NhbjpodW50ZXIy";

#[test]
fn a_registry_of_basic_authentication_gets_the_password() {
    let server = Server::start(Store::one().guarded(BASIC, || "Basic realm=\"x\"".into()));
    let source = pull(&server, ":v1", &with_login("scan", "hunter2")).unwrap();
    assert_eq!(layer(&source, 1).unwrap(), b"second");
}

#[test]
fn refusals_say_who_was_tried_where_and_what_to_do() {
    let server = Server::start(Store::one().guarded(BASIC, || "Basic realm=\"x\"".into()));
    let error = failed(&server, ":v1", &with_login("scan", "wrong-secret"));
    assert_eq!(error.kind, ScanErrorKind::Unauthorized);
    for part in ["user `scan`", &server.address, "docker login", "401"] {
        assert!(error.message.contains(part), "{part}: {error}");
    }
    assert!(!error.message.contains("wrong-secret"));
    let error = failed(&server, ":v1", &options());
    assert!(error.message.contains("no credentials"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    std::fs::write(&file, r#"{"auths": {"other.example": {"auth": "eDp5"}}}"#).unwrap();
    let files = CredentialFiles {
        files: vec![file],
        helpers: None,
    };
    let error = failed(&server, ":v1", &RegistryOptions { files, ..options() });
    assert!(
        error.message.contains("config.json` has none for it"),
        "{error}"
    );
}

#[test]
fn a_right_that_is_missing_is_told() {
    let server = Server::start(Store::one().handler(|seen| {
        seen.path
            .contains("manifests")
            .then(|| Reply::Whole(403, vec![], br#"{"errors":[{"code":"DENIED"}]}"#.to_vec()))
    }));
    let error = failed(&server, ":v1", &options());
    assert_eq!(error.kind, ScanErrorKind::Unauthorized);
    assert!(
        error.message.contains("HTTP 403 DENIED") && error.message.contains("may not pull"),
        "{error}"
    );
}

#[test]
fn what_is_not_there_is_told() {
    let server = Server::start(Store::one().handler(|_| None));
    let error = failed(&server, ":v2", &options());
    assert_eq!(error.kind, ScanErrorKind::NotFound);
    assert!(
        error.message.contains("MANIFEST_UNKNOWN") && error.message.contains("the tag"),
        "{error}"
    );
}

/// A registry whose tokens come from itself under `/token`; each is good for `uses` requests.
fn with_tokens(uses: usize) -> Server {
    let address = Arc::new(OnceLock::new());
    let own = Arc::clone(&address);
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(Store::one().handler(move |seen| {
        if seen.path.starts_with("/token") {
            let known = seen.body.contains("refresh_token=ID%2FT") || matches!(seen.header("authorization"), "" | BASIC);
            return Some(if known { Reply::body(r#"{"access_token": "T"}"#) } else { Reply::status(401) });
        }
        let shown = seen.header("authorization") == "Bearer T";
        let used = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % (uses + 1);
        let refused = !shown || used == uses;
        let realm: &String = own.get().unwrap();
        refused.then(|| {
            let challenge = format!("Bearer realm=\"http://{realm}/token?x=1\",service=\"reg y\",scope=\"repository:evil:push\"");
            Reply::status(401).with("Www-Authenticate", challenge)
        })
    }));
    address.set(server.address.clone()).unwrap();
    server
}

#[test]
fn tokens_are_fetched_for_pulling_only_and_anew_when_they_run_out() {
    let server = with_tokens(3);
    let source = pull(&server, ":v1", &options()).unwrap();
    assert_eq!(layer(&source, 1).unwrap(), b"second");
    let asked = server.seen_for("/token");
    assert!(asked.len() >= 2, "{asked:?}");
    assert_eq!(
        asked[0].path,
        "/token?x=1&scope=repository%3Ashop%2Fweb%3Apull&service=reg%20y"
    );
    let server = with_tokens(1000);
    pull(&server, ":v1", &with_login("scan", "hunter2")).unwrap();
    let asked = server.seen_for("/token");
    assert_eq!((asked.len(), asked[0].header("authorization")), (1, BASIC));
    assert!(asked[0].path.ends_with("&account=scan"));
}

#[test]
fn a_token_server_that_refuses_is_named() {
    let server = with_tokens(1000);
    let error = failed(&server, ":v1", &with_login("scan", "no"));
    assert_eq!(error.kind, ScanErrorKind::Unauthorized);
    assert!(
        error.message.contains("token server") && error.message.contains("user `scan`"),
        "{error}"
    );
}

#[test]
fn identity_tokens_are_exchanged() {
    let server = with_tokens(1000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.json");
    let auths = format!(
        r#"{{"auths": {{"{}": {{"identitytoken": "ID/T"}}}}}}"#,
        server.address
    );
    std::fs::write(&file, auths).unwrap();
    let files = CredentialFiles {
        files: vec![file],
        helpers: None,
    };
    pull(&server, ":v1", &RegistryOptions { files, ..options() }).unwrap();
    let asked = server.seen_for("/token");
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("POST", "/token?x=1")
    );
    assert!(
        asked[0].body.starts_with("grant_type=refresh_token&"),
        "{}",
        asked[0].body
    );
}

#[test]
fn a_token_server_elsewhere_never_sees_the_password_without_tls() {
    for realm in [
        "http://elsewhere.example/token",
        "file:///etc/passwd",
        "https://user@h/t",
        "",
        "https://169.254.169.254/x",
    ] {
        let realm = realm.to_owned();
        let elsewhere = realm.contains("169.254");
        let server = Server::start(
            Store::one().guarded("none", move || format!("Bearer realm=\"{realm}\"")),
        );
        if elsewhere {
            // From this very host it may be asked; that it is refused from others is tested with addresses.
            continue;
        }
        let error = failed(&server, ":v1", &with_login("scan", "hunter2"));
        assert!(
            error.message.contains("token server that is not asked"),
            "{error}"
        );
        let shown = server
            .seen()
            .iter()
            .any(|seen| !seen.header("authorization").is_empty());
        assert!(!shown && !error.message.contains("hunter2"));
    }
}

#[test]
fn tokens_that_are_none_and_ways_that_are_unknown_are_refused() {
    for (answer, word) in [
        (r#"{"token": "a\r\nX-Evil: 1"}"#, "none that can be sent"),
        (r#"{"token": ""}"#, "has no token"),
        ("[]", "has no token"),
    ] {
        let address = Arc::new(OnceLock::<String>::new());
        let own = Arc::clone(&address);
        let server = Server::start(Store::one().handler(move |seen| {
            Some(match seen.path.starts_with("/token") {
                true => Reply::body(answer),
                false => Reply::status(401).with(
                    "Www-Authenticate",
                    format!("Bearer realm=http://{}/token", own.get().unwrap()),
                ),
            })
        }));
        address.set(server.address.clone()).unwrap();
        let error = failed(&server, ":v1", &options());
        assert!(error.message.contains(word), "{error}");
    }
    let server = Server::start(Store::one().guarded("none", || "Negotiate".into()));
    assert!(
        failed(&server, ":v1", &options())
            .message
            .contains("no way to log in")
    );
}

#[test]
fn a_redirect_to_another_host_does_not_carry_the_password() {
    let store = Store::one();
    let content = Server::start(store.clone().handler(|seen| {
        let path = seen.path.strip_prefix("/cdn").map(str::to_owned)?;
        let path = path.split('?').next().unwrap().to_owned();
        let inner = super::server::Seen {
            path,
            ..seen.clone()
        };
        Some(Store::one().answer(&inner))
    }));
    let elsewhere = content.address.clone();
    let server = Server::start(store.handler(move |seen| {
        if seen.header("authorization") != BASIC {
            return Some(Reply::status(401).with("Www-Authenticate", "Basic"));
        }
        let to = format!("http://{elsewhere}/cdn{}?signature=s", seen.path);
        seen.path
            .contains("blobs")
            .then(|| Reply::status(307).with("Location", to))
    }));
    let source = pull(&server, ":v1", &with_login("scan", "hunter2")).unwrap();
    assert_eq!(layer(&source, 1).unwrap(), b"second");
    assert!(content.seen().len() >= 2);
    assert!(
        content
            .seen()
            .iter()
            .all(|seen| seen.header("authorization").is_empty())
    );
    assert!(
        server
            .seen_for("blobs")
            .iter()
            .all(|seen| seen.header("authorization") == BASIC)
    );
}
