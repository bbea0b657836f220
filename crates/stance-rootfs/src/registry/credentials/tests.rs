use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Credential, Found, find};
use crate::registry::options::{CredentialFiles, Credentials, RegistryOptions, Secret};

fn options(folder: &Path) -> RegistryOptions {
    let files = ["config.json", "auth.json"].map(|name| folder.join(name));
    RegistryOptions {
        files: CredentialFiles {
            files: files.into(),
            helpers: Some(folder.into()),
        },
        ..RegistryOptions::default()
    }
}

fn found_in(config: &str, registry: &str, repository: &str) -> Found {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.json"), config).unwrap();
    find(registry, repository, &options(folder.path()))
}

fn helper(folder: &Path, script: &str) {
    let path = folder.join("docker-credential-x");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn from_helper(script: &str, config: &str) -> Found {
    let folder = tempfile::tempdir().unwrap();
    helper(folder.path(), script);
    fs::write(folder.path().join("config.json"), config).unwrap();
    find("docker.io", "library/web", &options(folder.path()))
}

fn password(user: &str, secret: &str) -> Option<Credential> {
    Some(Credential::Password {
        user: user.into(),
        secret: Secret::new(secret),
    })
}

// base64 of scan:pw:1
const AUTH: &str = "c2Nhbjpwdzox";

#[test]
fn entries_are_found_by_every_form_of_their_key() {
    for (key, registry) in [
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("https://127.0.0.1:5000", "127.0.0.1:5000"),
        ("https://127.0.0.1:5000/v1/", "127.0.0.1:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("docker.io", "docker.io"),
        ("index.docker.io", "docker.io"),
        ("r.example/shop", "r.example"),
        ("r.example/shop/web", "r.example"),
    ] {
        let config = format!(
            r#"{{"auths": {{"{key}": {{"auth": "{AUTH}"}}, "other": {{"auth": "eDp5"}}}}}}"#
        );
        let found = found_in(&config, registry, "shop/web");
        assert_eq!(found.credential, password("scan", "pw:1"), "{key}");
        assert!(
            found.source.contains("user `scan`") && !found.source.contains("pw:1"),
            "{}",
            found.source
        );
    }
    let config = format!(r#"{{"auths": {{"r.example/shopping": {{"auth": "{AUTH}"}}}}}}"#);
    assert_eq!(found_in(&config, "r.example", "shop/web").credential, None);
}

#[test]
fn the_closest_entry_wins_and_tokens_are_told_apart() {
    let config = r#"{"auths": {
        "r.example": {"username": "a", "password": "b"},
        "r.example/shop": {"username": "c", "password": "d"},
        "i.example": {"identitytoken": "T", "auth": "YTo="}, "b.example": {"registrytoken": "B"}, "e.example": {}
    }}"#;
    assert_eq!(
        found_in(config, "r.example", "shop/web").credential,
        password("c", "d")
    );
    assert_eq!(
        found_in(config, "r.example", "web").credential,
        password("a", "b")
    );
    assert_eq!(
        found_in(config, "i.example", "x").credential,
        Some(Credential::Identity(Secret::new("T")))
    );
    assert_eq!(
        found_in(config, "b.example", "x").credential,
        Some(Credential::Bearer(Secret::new("B")))
    );
    assert_eq!(found_in(config, "e.example", "x").credential, None);
}

#[test]
fn given_credentials_come_first_and_files_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let auth = format!(r#"{{"auths": {{"r.example": {{"auth": "{AUTH}"}}}}}}"#);
    fs::write(folder.path().join("auth.json"), auth).unwrap();
    let mut options = options(folder.path());
    let found = find("r.example", "a", &options);
    assert_eq!(found.credential, password("scan", "pw:1"));
    assert!(found.source.contains("auth.json"), "{}", found.source);
    options.credentials = Some(Credentials {
        user: "me".into(),
        secret: Secret::new("hunter2"),
    });
    let found = find("r.example", "a", &options);
    assert_eq!(found.credential, password("me", "hunter2"));
    assert!(!format!("{found:?}{options:?}").contains("hunter2"));
}

#[test]
fn a_broken_file_says_where_and_nothing_of_what_is_in_it() {
    let found = found_in(r#"{"auths": "hunter2"}"#, "r.example", "a");
    assert_eq!(found.credential, None);
    assert!(
        found.source.contains("config.json") && found.source.contains("line 1"),
        "{}",
        found.source
    );
    assert!(!found.source.contains("hunter2"));
}

#[test]
fn helpers_are_asked_for_the_name_that_docker_gives_them() {
    let script = r#"[ "$1" = get ] && read server; [ "$server" = https://index.docker.io/v1/ ] || exit 1
        echo '{"ServerURL":"x","Username":"u","Secret":"s"}'"#;
    let found = from_helper(script, r#"{"credsStore": "x"}"#);
    assert_eq!(found.credential, password("u", "s"));
    assert!(found.source.contains("helper `x`"), "{}", found.source);
    let found = from_helper(script, r#"{"credHelpers": {"docker.io": "x"}}"#);
    assert_eq!(found.credential, password("u", "s"));
    let token = r#"echo '{"Username":"<token>","Secret":"s"}'"#;
    let found = from_helper(token, r#"{"credsStore": "x"}"#);
    assert_eq!(
        found.credential,
        Some(Credential::Identity(Secret::new("s")))
    );
}

#[test]
fn helpers_that_fail_are_named_and_the_file_is_asked_on() {
    let config =
        format!(r#"{{"credsStore": "x", "auths": {{"docker.io": {{"auth": "{AUTH}"}}}}}}"#);
    for script in [
        "exit 1",
        "echo no; exit 3",
        "echo '{'",
        "head -c 100000 /dev/zero",
        "echo credentials not found; exit 1",
    ] {
        let found = from_helper(script, &config);
        assert_eq!(found.credential, password("scan", "pw:1"), "{script}");
        let found = from_helper(script, r#"{"credsStore": "x"}"#);
        assert_eq!(found.credential, None);
        assert_eq!(
            found.source.contains("helper `x` failed"),
            !script.contains("not found"),
            "{}",
            found.source
        );
    }
    let found = from_helper("exit 0", r#"{"credsStore": "../x"}"#);
    assert!(
        found.source.contains("no name of a helper"),
        "{}",
        found.source
    );
}
