use std::path::Path;

use sha1::{Digest, Sha1};

use super::super::fake::{Fake, nowhere};
use super::*;

const STS: &str = "<AssumeRoleResponse xmlns=\"x\"><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>\
    <SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>";
const WEB: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>POD</AccessKeyId>\
    <SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
const DENIED: &str =
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(home.path().join(".aws/sso/cache")).unwrap();
        home
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A chain in this home; `services` and `machine` are the servers that stand for AWS.
    fn chain(&self, variables: &[(&str, &str)], services: &str, machine: &str) -> Chain {
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Chain {
            surroundings: Surroundings {
                variables: variables.collect(),
                home: Some(self.path().to_owned()),
                ..Surroundings::default()
            },
            services: Network::new(TIME, Some(services.to_owned())),
            container: machine.to_owned(),
            machine: machine.to_owned(),
        }
    }
}

#[test]
fn the_environment_goes_before_profiles_but_not_before_a_named_one() {
    let home = Home::new();
    home.write(".aws/credentials", "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n[b]\naws_access_key_id=B\naws_secret_access_key=s\n");
    home.write(
        ".aws/config",
        "[profile c]\naws_access_key_id=C\naws_secret_access_key=s\n",
    );
    let set = [
        ("AWS_ACCESS_KEY_ID", "ENV"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_SESSION_TOKEN", "t"),
    ];
    let mut chain = home.chain(&set, nowhere(), nowhere());
    let found = chain.fetch().unwrap();
    assert_eq!((found.id(), found.token()), ("ENV", Some("t")));
    chain.surroundings.profile = Some("b".to_owned());
    assert_eq!(chain.fetch().unwrap().id(), "B");
    let chain = home.chain(&[], nowhere(), nowhere());
    assert_eq!(chain.fetch().unwrap().id(), "FILE");
    let chain = home.chain(&[("AWS_PROFILE", "c")], nowhere(), nowhere());
    assert_eq!(chain.fetch().unwrap().id(), "C");
    let chain = home.chain(&[("AWS_PROFILE", "none")], nowhere(), nowhere());
    assert!(
        chain
            .fetch()
            .unwrap_err()
            .message
            .contains("no profile `none`")
    );
}

#[test]
fn a_role_is_entered_by_the_keys_of_its_source() {
    let home = Home::new();
    home.write(
        ".aws/credentials",
        "[hub]\naws_access_key_id=HUB\naws_secret_access_key=s\n",
    );
    home.write(
        ".aws/config",
        "[profile audit]\nrole_arn = arn:aws:iam::2:role/audit\nsource_profile = hub\nexternal_id = e=1\n\
         [profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n\
         [profile mfa]\nrole_arn=r\nsource_profile=hub\nmfa_serial=m\n\
         [profile alone]\nrole_arn=r\n",
    );
    let server = Fake::serve(vec![(200, STS, "")]);
    let chain = home.chain(&[("AWS_PROFILE", "audit")], &server.address, nowhere());
    assert_eq!(chain.fetch().unwrap().id(), "ROLE");
    let seen = server.requests().join("");
    assert!(seen.contains("Credential=HUB/") && seen.contains("/us-east-1/sts/aws4_request"));
    assert!(
        seen.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A2%3Arole%2Faudit")
            && seen.contains("ExternalId=e%3D1")
    );
    for (profile, why) in [
        ("a", "leads back"),
        ("mfa", "MFA"),
        ("alone", "no keys to enter"),
    ] {
        let chain = home.chain(&[("AWS_PROFILE", profile)], nowhere(), nowhere());
        assert!(
            chain.fetch().unwrap_err().message.contains(why),
            "{profile}"
        );
    }
    let server = Fake::serve(vec![(403, DENIED, "")]);
    let chain = home.chain(&[("AWS_PROFILE", "audit")], &server.address, nowhere());
    assert_eq!(chain.fetch().unwrap_err().code, "AccessDenied");
}

#[test]
fn a_workload_exchanges_its_token() {
    let home = Home::new();
    let file = home.write("token", "pod-token\n");
    let server = Fake::serve(vec![(200, WEB, "")]);
    let set = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.as_str()),
        ("AWS_ROLE_ARN", "arn:aws:iam::2:role/pod"),
    ];
    let chain = home.chain(&set, &server.address, nowhere());
    assert_eq!(chain.fetch().unwrap().id(), "POD");
    let seen = server.requests().join("").to_lowercase();
    assert!(seen.contains("webidentitytoken=pod-token") && !seen.contains("authorization:"));
}

#[test]
fn single_sign_on_takes_the_token_that_the_command_line_left() {
    let home = Home::new();
    home.write(
        ".aws/config",
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n\
         [profile dev]\nsso_session = corp\nsso_account_id = 200000000002\nsso_role_name = Audit\n",
    );
    let name = format!(".aws/sso/cache/{}.json", hex::encode(Sha1::digest(b"corp")));
    let answer = r#"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","expiration":1}}"#;
    let server = Fake::serve(vec![(200, answer, "")]);
    let chain = home.chain(&[("AWS_PROFILE", "dev")], &server.address, nowhere());
    assert!(
        chain
            .fetch()
            .unwrap_err()
            .message
            .contains("aws sso login --profile dev")
    );
    home.write(
        &name,
        r#"{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z"}"#,
    );
    assert!(chain.fetch().unwrap_err().message.contains("aws sso login"));
    home.write(
        &name,
        r#"{"accessToken":"tok","expiresAt":"2099-01-01T00:00:00Z"}"#,
    );
    assert_eq!(chain.fetch().unwrap().id(), "SSO");
    let seen = server.requests().join("");
    assert!(seen.contains("/federation/credentials?role_name=Audit&account_id=200000000002"));
    assert!(seen.to_lowercase().contains("x-amz-sso_bearer_token: tok"));
}

#[test]
fn a_profile_may_name_a_command() {
    let home = Home::new();
    home.write(
        ".aws/config",
        "[default]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":\"CMD\",\"SecretAccessKey\":\"s\"}'\n",
    );
    assert_eq!(
        home.chain(&[], nowhere(), nowhere()).fetch().unwrap().id(),
        "CMD"
    );
}

#[test]
fn a_container_has_keys_at_an_address() {
    let home = Home::new();
    let answer = r#"{"AccessKeyId":"TASK","SecretAccessKey":"s","Token":"t","Expiration":"x"}"#;
    let server = Fake::serve(vec![(200, answer, ""), (200, answer, ""), (403, "{}", "")]);
    let set = [(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "/v2/credentials/1",
    )];
    let found = home
        .chain(&set, nowhere(), &server.address)
        .fetch()
        .unwrap();
    assert_eq!((found.id(), found.token()), ("TASK", Some("t")));
    let full = format!("{}/v1/credentials", server.address);
    let token = home.write("token", "pod-word");
    let set = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", full.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.as_str()),
    ];
    assert_eq!(
        home.chain(&set, nowhere(), nowhere()).fetch().unwrap().id(),
        "TASK"
    );
    let seen = server.requests();
    assert!(seen[0].starts_with("GET /v2/credentials/1 "));
    assert!(seen[1].to_lowercase().contains("authorization: pod-word"));
    assert!(home.chain(&set, nowhere(), nowhere()).fetch().is_err());
    for foreign in [
        "http://example.com/keys",
        "ftp://127.0.0.1/keys",
        "http://127.0.0.1.example.com/x",
    ] {
        let set = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", foreign)];
        let failure = home.chain(&set, nowhere(), nowhere()).fetch().unwrap_err();
        assert!(
            failure.message.contains("no address of a container's"),
            "{foreign}"
        );
    }
}

#[test]
fn a_machine_has_the_keys_of_its_role() {
    let home = Home::new();
    let keys = r#"{"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t"}"#;
    let server = Fake::serve(vec![
        (200, "word", ""),
        (200, "scanner", ""),
        (200, keys, ""),
    ]);
    let found = home.chain(&[], nowhere(), &server.address).fetch().unwrap();
    assert_eq!(found.id(), "EC2");
    let seen = server.requests();
    assert!(seen[0].starts_with("PUT /latest/api/token "));
    assert!(seen[2].starts_with("GET /latest/meta-data/iam/security-credentials/scanner "));
    assert!(
        seen[2]
            .to_lowercase()
            .contains("x-aws-ec2-metadata-token: word")
    );
    let off = home.chain(
        &[("AWS_EC2_METADATA_DISABLED", "true")],
        nowhere(),
        &server.address,
    );
    assert!(
        off.fetch()
            .unwrap_err()
            .message
            .contains("AWS_ACCESS_KEY_ID")
    );
    let none = home.chain(&[], nowhere(), nowhere());
    assert!(
        none.fetch()
            .unwrap_err()
            .message
            .contains("AWS_ACCESS_KEY_ID")
    );
}
