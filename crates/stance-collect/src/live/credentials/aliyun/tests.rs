use std::path::Path;

use super::super::fake::{Fake, nowhere};
use super::*;

const TOLD: &str = r#"{"Code":"Success","AccessKeyId":"STS.id","AccessKeySecret":"s3cret","SecurityToken":"token"}"#;
const ASSUMED: &str = r#"{"Credentials":{"AccessKeyId":"STS.id","AccessKeySecret":"s3cret","SecurityToken":"token"}}"#;

fn surroundings(home: &Path, variables: &[(&str, &str)]) -> Surroundings {
    let variables = variables.iter();
    Surroundings {
        variables: variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        home: Some(home.to_owned()),
        profile: None,
    }
}

fn chain(surroundings: Surroundings, sts: &str, metadata: &str) -> Chain {
    let network = |address: &str| Network::new(METADATA_TIME, Some(address.to_owned()));
    Chain {
        surroundings,
        services: Services {
            sts: network(sts),
            metadata: network(metadata),
        },
    }
}

fn write(home: &Path, name: &str, text: &str) {
    let path = home.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn assumed() -> Credential {
    Credential::new("STS.id", "s3cret", Some("token".to_owned()))
}

#[test]
fn keys_of_the_environment_come_first() {
    let home = tempfile::tempdir().unwrap();
    write(
        home.path(),
        ".aliyun/config.json",
        r#"{"current":"x","profiles":[]}"#,
    );
    let mut variables = vec![
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "token"),
    ];
    let found = chain(surroundings(home.path(), &variables), nowhere(), nowhere()).fetch();
    assert_eq!(
        found.unwrap(),
        Credential::new("id", "secret", Some("token".to_owned()))
    );
    variables.remove(1);
    let half = chain(surroundings(home.path(), &variables), nowhere(), nowhere()).fetch();
    assert!(half.unwrap_err().message.contains("set both"));
}

#[test]
fn a_token_is_exchanged_for_keys() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "token", "a.b.c\n");
    let file = home.path().join("token").display().to_string();
    let variables = [
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/reader"),
        (
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
            "acs:ram::1:oidc-provider/ack",
        ),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file.as_str()),
    ];
    let sts = Fake::serve(vec![(200, ASSUMED, "")]);
    let found = chain(
        surroundings(home.path(), &variables),
        &sts.address,
        nowhere(),
    )
    .fetch();
    assert_eq!(found.unwrap(), assumed());
    let asked = sts.requests().remove(0);
    assert!(asked.starts_with("POST /?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON"));
    assert!(asked.contains("OIDCToken=a.b.c"));
    assert!(asked.contains("RoleArn=acs%3Aram%3A%3A1%3Arole%2Freader"));
    assert!(!asked.to_lowercase().contains("authorization"));
}

#[test]
fn a_refused_role_says_which_and_shows_no_secret() {
    let home = tempfile::tempdir().unwrap();
    let profile = r#"{"current":"p","profiles":[{"name":"p","mode":"RamRoleArn","access_key_id":"id",
        "access_key_secret":"very-secret","ram_role_arn":"acs:ram::1:role/reader","ram_session_name":"s"}]}"#;
    write(home.path(), ".aliyun/config.json", profile);
    let refusal = r#"{"Code":"NoPermission","Message":"m","RequestId":"R-1"}"#;
    let sts = Fake::serve(vec![(403, refusal, "")]);
    let failure = chain(surroundings(home.path(), &[]), &sts.address, nowhere())
        .fetch()
        .unwrap_err();
    assert_eq!(failure.kind, ReasonKind::NoPermission);
    assert_eq!(failure.request_id.as_deref(), Some("R-1"));
    assert!(failure.message.contains("acs:ram::1:role/reader"));
    assert!(!format!("{failure:?}").contains("very-secret"));
    assert!(!sts.requests().remove(0).contains("very-secret"));
}

#[test]
fn roles_stand_on_other_profiles() {
    let home = tempfile::tempdir().unwrap();
    let profiles = r#"{"current":"top","profiles":[
        {"name":"top","mode":"ChainableRamRoleArn","source_profile":"middle","ram_role_arn":"acs:ram::1:role/b",
         "sts_region":"cn-beijing","external_id":"x","expired_seconds":900},
        {"name":"middle","mode":"RamRoleArn","access_key_id":"id","access_key_secret":"s","ram_role_arn":"acs:ram::1:role/a"},
        {"name":"circle","mode":"ChainableRamRoleArn","source_profile":"circle","ram_role_arn":"acs:ram::1:role/c"}]}"#;
    write(home.path(), ".aliyun/config.json", profiles);
    let sts = Fake::serve(vec![(200, ASSUMED, ""), (200, ASSUMED, "")]);
    let mut of = surroundings(home.path(), &[]);
    let found = chain(of.clone(), &sts.address, nowhere()).fetch();
    assert_eq!(found.unwrap(), assumed());
    let asked = sts.requests();
    assert!(asked[0].contains("role%2Fa"));
    assert!(asked[1].contains("role%2Fb") && asked[1].contains("DurationSeconds=900"));
    assert!(asked[1].contains("ExternalId=x") && asked[1].contains("sts.cn-beijing.aliyuncs.com"));
    assert!(asked[1].contains("x-acs-security-token: token"));
    of.profile = Some("circle".to_owned());
    let failure = chain(of, nowhere(), nowhere()).fetch().unwrap_err();
    assert!(failure.message.contains("circle"));
}

#[test]
fn a_profile_has_one_of_the_known_modes() {
    let home = tempfile::tempdir().unwrap();
    let profiles = r#"{"current":"sts","profiles":[
        {"name":"ak","mode":"AK","access_key_id":"id","access_key_secret":"s","sts_token":"old"},
        {"name":"sts","mode":"StsToken","access_key_id":"id","access_key_secret":"s","sts_token":"t"},
        {"name":"empty","mode":"AK"},
        {"name":"sso","mode":"CloudSSO"}]}"#;
    write(home.path(), ".aliyun/config.json", profiles);
    let named = |name: Option<&str>| {
        let mut of = surroundings(home.path(), &[("ALIBABA_CLOUD_ACCESS_KEY_ID", "other")]);
        if name.is_none() {
            of.variables.clear();
        }
        of.profile = name.map(str::to_owned);
        chain(of, nowhere(), nowhere()).fetch()
    };
    assert_eq!(named(Some("ak")).unwrap(), Credential::new("id", "s", None));
    assert_eq!(
        named(None).unwrap(),
        Credential::new("id", "s", Some("t".to_owned()))
    );
    assert!(
        named(Some("empty"))
            .unwrap_err()
            .message
            .contains("has no key")
    );
    assert!(named(Some("sso")).unwrap_err().message.contains("CloudSSO"));
    assert!(
        named(Some("none"))
            .unwrap_err()
            .message
            .contains("no profile `none`")
    );
}

#[test]
fn a_broken_profile_file_is_not_quoted() {
    let home = tempfile::tempdir().unwrap();
    write(
        home.path(),
        ".aliyun/config.json",
        r#"{"profiles": "very-secret"}"#,
    );
    let failure = chain(surroundings(home.path(), &[]), nowhere(), nowhere())
        .fetch()
        .unwrap_err();
    assert!(failure.message.contains("config.json") && !failure.message.contains("very-secret"));
}

#[test]
fn the_credentials_file_comes_after_the_profile() {
    let home = tempfile::tempdir().unwrap();
    let text = "[default]\ntype = access_key # plain\naccess_key_id = id # mine\naccess_key_secret = s\n\
                [role]\ntype = ram_role_arn\naccess_key_id = id\naccess_key_secret = s\nrole_arn = acs:ram::1:role/a\n\
                [host]\ntype = ecs_ram_role\nrole_name = r\n[half]\ntype = oidc_role_arn\nrole_arn = a\n\
                [odd]\ntype = rsa_key_pair\n";
    write(home.path(), ".alibabacloud/credentials.ini", text);
    let sts = Fake::serve(vec![(200, ASSUMED, "")]);
    let host = Fake::serve(vec![(200, "t", ""), (200, TOLD, "")]);
    let named = |name: &str| {
        let of = surroundings(home.path(), &[("ALIBABA_CLOUD_PROFILE", name)]);
        chain(of, &sts.address, &host.address).fetch()
    };
    assert_eq!(named("default").unwrap(), Credential::new("id", "s", None));
    assert_eq!(named("role").unwrap(), assumed());
    assert_eq!(named("host").unwrap(), assumed());
    assert!(
        named("half")
            .unwrap_err()
            .message
            .contains("oidc_provider_arn")
    );
    assert!(named("odd").unwrap_err().message.contains("rsa_key_pair"));
    assert!(
        named("none")
            .unwrap_err()
            .message
            .contains("no section `none`")
    );
}

#[test]
fn the_host_gives_keys_of_its_role_for_a_token() {
    let home = tempfile::tempdir().unwrap();
    let host = Fake::serve(vec![
        (200, "t0ken", ""),
        (200, "reader\n", ""),
        (200, TOLD, ""),
    ]);
    let found = chain(surroundings(home.path(), &[]), nowhere(), &host.address).fetch();
    assert_eq!(found.unwrap(), assumed());
    let asked = host.requests();
    assert!(asked[0].starts_with("PUT /latest/api/token "));
    assert!(asked[1].starts_with("GET /latest/meta-data/ram/security-credentials/ "));
    assert!(asked[2].starts_with("GET /latest/meta-data/ram/security-credentials/reader "));
    assert!(asked[2].contains("x-aliyun-ecs-metadata-token: t0ken"));
    let bad = Fake::serve(vec![
        (200, "t", ""),
        (200, "reader", ""),
        (200, r#"{"Code":"Failed"}"#, ""),
    ]);
    let failure = chain(surroundings(home.path(), &[]), nowhere(), &bad.address)
        .fetch()
        .unwrap_err();
    assert!(failure.message.contains("`reader`"));
    let odd = Fake::serve(vec![(200, "t", ""), (200, "../../x", "")]);
    let failure = chain(surroundings(home.path(), &[]), nowhere(), &odd.address)
        .fetch()
        .unwrap_err();
    assert!(failure.message.contains("looked in"));
}

#[test]
fn the_host_is_not_asked_where_that_is_turned_off() {
    let home = tempfile::tempdir().unwrap();
    let host = Fake::serve(vec![(200, "t", "")]);
    let variables = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    let failure = chain(
        surroundings(home.path(), &variables),
        nowhere(),
        &host.address,
    )
    .fetch()
    .unwrap_err();
    assert!(failure.message.contains("aliyun configure"));
    assert!(host.requests().is_empty());
}

#[test]
fn a_neighbour_hands_out_keys() {
    let home = tempfile::tempdir().unwrap();
    let service = Fake::serve(vec![(200, TOLD, ""), (500, "oops", "")]);
    let address = format!("{}/keys?for=stance", service.address);
    let found = |address: &str| {
        let variables = [("ALIBABA_CLOUD_CREDENTIALS_URI", address)];
        chain(surroundings(home.path(), &variables), nowhere(), nowhere()).fetch()
    };
    assert_eq!(found(&address).unwrap(), assumed());
    assert!(service.requests()[0].starts_with("GET /keys?for=stance "));
    assert!(found(&address).unwrap_err().message.contains("status 500"));
    assert!(found("ftp://x").unwrap_err().message.contains("no address"));
}

#[test]
fn without_any_keys_all_places_are_named() {
    let home = tempfile::tempdir().unwrap();
    let failure = chain(surroundings(home.path(), &[]), nowhere(), nowhere())
        .fetch()
        .unwrap_err();
    assert_eq!(failure.kind, ReasonKind::CredentialInvalid);
    for place in [
        "environment",
        "token file",
        "profile",
        "credentials file",
        "ECS",
        "URI",
    ] {
        assert!(failure.message.contains(place), "{place}");
    }
}
