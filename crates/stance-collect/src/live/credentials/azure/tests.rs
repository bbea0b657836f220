//! The order of places, and what each gives, against token services of our own.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::super::fake::{Fake, nowhere};
use super::*;

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":3599,"access_token":"a-token"}"#;

fn chain(variables: &[(&str, &str)], authority: &str, metadata: &str) -> Chain {
    let variables = variables
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let surroundings = Surroundings {
        variables: variables.collect(),
        ..Surroundings::default()
    };
    Chain {
        cloud: Cloud::of(&surroundings).unwrap(),
        surroundings,
        authority: Network::new(SERVICE_TIME, Some(authority.to_owned())),
        metadata: Network::new(METADATA_TIME, Some(metadata.to_owned())),
        program: PathBuf::from("/no/such/program"),
    }
}

fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("az");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

const PRINCIPAL: [(&str, &str); 2] = [
    ("AZURE_TENANT_ID", "11111111-2222"),
    ("AZURE_CLIENT_ID", "app"),
];

#[test]
fn a_principal_proves_itself_with_its_secret() {
    let server = Fake::serve(vec![(200, TOKEN, "")]);
    let set = [
        PRINCIPAL[0],
        PRINCIPAL[1],
        ("AZURE_CLIENT_SECRET", "s+cret&"),
    ];
    let found = chain(&set, &server.address, nowhere()).fetch().unwrap();
    assert_eq!((found.secret(), found.token()), ("a-token", None));
    let seen = &server.requests()[0];
    assert!(seen.starts_with("POST /11111111-2222/oauth2/v2.0/token "));
    assert!(seen.contains("grant_type=client_credentials&client_id=app"));
    assert!(seen.contains("scope=https%3A%2F%2Fmanagement.azure.com%2F.default"));
    assert!(seen.ends_with("client_secret=s%2Bcret%26"));
}

#[test]
fn a_refusal_is_told_by_its_code_alone() {
    let refusal =
        r#"{"error":"invalid_client","error_description":"AADSTS7000215: secret s3 is wrong"}"#;
    let server = Fake::serve(vec![(401, refusal, "")]);
    let set = [PRINCIPAL[0], PRINCIPAL[1], ("AZURE_CLIENT_SECRET", "s3")];
    let failure = chain(&set, &server.address, nowhere()).fetch().unwrap_err();
    assert_eq!(failure.code, "invalid_client AADSTS7000215");
    assert_eq!(failure.kind, ReasonKind::CredentialInvalid);
    assert!(!format!("{failure:?}").contains("s3"));
    let server = Fake::serve(vec![(503, "", "")]);
    let failure = chain(&set, &server.address, nowhere()).fetch().unwrap_err();
    assert_eq!(failure.kind, ReasonKind::Unavailable);
}

#[test]
fn a_principal_shows_the_token_of_another_identity_provider() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "pod.jwt\n").unwrap();
    let server = Fake::serve(vec![(200, TOKEN, "")]);
    let set = [
        PRINCIPAL[0],
        PRINCIPAL[1],
        ("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()),
    ];
    let found = chain(&set, &server.address, nowhere()).fetch().unwrap();
    assert_eq!(found.secret(), "a-token");
    let seen = &server.requests()[0];
    assert!(seen.contains(
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    ));
    assert!(seen.ends_with("client_assertion=pod.jwt"));
    let missing = [
        PRINCIPAL[0],
        PRINCIPAL[1],
        ("AZURE_FEDERATED_TOKEN_FILE", "/no/such/file"),
    ];
    let failure = chain(&missing, nowhere(), nowhere()).fetch().unwrap_err();
    assert!(failure.message.contains("/no/such/file"));
    let certificate = [
        PRINCIPAL[0],
        PRINCIPAL[1],
        ("AZURE_CLIENT_CERTIFICATE_PATH", "c.pem"),
    ];
    let failure = chain(&certificate, nowhere(), nowhere())
        .fetch()
        .unwrap_err();
    assert!(failure.message.contains("AZURE_CLIENT_CERTIFICATE_PATH"));
}

#[test]
fn a_virtual_machine_has_an_identity() {
    let server = Fake::serve(vec![(200, TOKEN, "")]);
    let set = [("AZURE_CLIENT_ID", "user-assigned")];
    let found = chain(&set, nowhere(), &server.address).fetch().unwrap();
    assert_eq!(found.secret(), "a-token");
    let seen = server.requests()[0].to_lowercase();
    assert!(seen.starts_with("get /metadata/identity/oauth2/token?api-version=2018-02-01"));
    assert!(seen.contains("client_id=user-assigned") && seen.contains("metadata: true"));
    let server = Fake::serve(vec![(400, r#"{"error":"invalid_request"}"#, "")]);
    let failure = chain(&[], nowhere(), &server.address).fetch().unwrap_err();
    assert!(failure.message.contains("az login"));
}

#[test]
fn app_service_has_an_endpoint_of_its_own() {
    let server = Fake::serve(vec![(200, TOKEN, "")]);
    let endpoint = format!("{}/msi/token", server.address);
    let set = [
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "h"),
    ];
    let found = chain(&set, nowhere(), nowhere()).fetch().unwrap();
    assert_eq!(found.secret(), "a-token");
    let seen = server.requests()[0].to_lowercase();
    assert!(seen.starts_with("get /msi/token?api-version=2019-08-01"));
    assert!(seen.contains("x-identity-header: h"));
    let set = [
        ("IDENTITY_ENDPOINT", "file:///etc/passwd"),
        ("IDENTITY_HEADER", "h"),
    ];
    assert!(chain(&set, nowhere(), nowhere()).fetch().is_err());
}

#[test]
fn a_person_is_logged_in_to_the_cli() {
    let folder = tempfile::tempdir().unwrap();
    let mut found = chain(&[], nowhere(), nowhere());
    found.program = program(folder.path(), r#"echo "{\"accessToken\":\"cli $6\"}""#);
    assert_eq!(
        found.fetch().unwrap().secret(),
        "cli https://management.azure.com"
    );
    found.program = program(folder.path(), "echo secret >&2; exit 1");
    let failure = found.fetch().unwrap_err();
    assert!(failure.message.contains("az login") && !failure.message.contains("secret"));
    found.program = program(folder.path(), "echo nothing");
    assert!(found.fetch().unwrap_err().message.contains("accessToken"));
}

#[test]
fn other_clouds_have_other_hosts() {
    let cloud = |set: &[(&str, &str)]| {
        let variables = set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Cloud::of(&Surroundings {
            variables: variables.collect(),
            ..Surroundings::default()
        })
    };
    let public = cloud(&[]).unwrap();
    assert_eq!(public.resource(), "https://management.azure.com");
    assert!(public.hosts().is_empty());
    let china = cloud(&[("AZURE_AUTHORITY_HOST", "https://login.chinacloudapi.cn/")]).unwrap();
    assert_eq!(
        china.hosts()["management.azure.com"],
        "management.chinacloudapi.cn"
    );
    let own = [
        ("AZURE_AUTHORITY_HOST", "https://login.local"),
        ("AZURE_RESOURCE_MANAGER", "https://arm.local/"),
    ];
    assert_eq!(cloud(&own).unwrap().resource(), "https://arm.local");
    assert!(cloud(&own[..1]).is_err());
    assert!(cloud(&[("AZURE_AUTHORITY_HOST", "http://login.local/x?y")]).is_err());
}
