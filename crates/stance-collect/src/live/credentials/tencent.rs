//! Tencent Cloud: the environment, then the file of its SDKs, then the role of the host, then that of a pod, in the
//! order of the official SDKs.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use stance_model::{Clock, ReasonKind, bounded};

use super::Surroundings;
use super::sections::sections;
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::keys::KeySource;
use crate::live::request::Request;
use crate::live::transport::{Network, Transport};

/// The most bytes of a file of keys or of a token.
const MAX_BYTES: u64 = 1 << 20;
/// The metadata service of the hosts; it is on the host's own network.
const METADATA: &str = "http://metadata.tencentyun.com";
/// How long it may take. Elsewhere than on a host there is none.
const METADATA_TIME: Duration = Duration::from_secs(3);
/// How long the token service may take.
const STS_TIME: Duration = Duration::from_secs(20);
const ROLES: &str = "/latest/meta-data/cam/security-credentials/";

/// The order in which keys are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
    /// The file of the host, after that of the person.
    system: PathBuf,
    metadata: Network,
    sts: Network,
}

impl Chain {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        Self {
            surroundings,
            system: PathBuf::from("/etc/tencentcloud/credentials"),
            metadata: Network::new(METADATA_TIME, Some(METADATA.to_owned())),
            sts: Network::new(STS_TIME, None),
        }
    }

    fn in_environment(&self) -> Option<Credential> {
        let variable = |name: &str| self.surroundings.variable(name);
        let id = variable("TENCENTCLOUD_SECRET_ID")?;
        let secret = variable("TENCENTCLOUD_SECRET_KEY")?;
        let token = variable("TENCENTCLOUD_TOKEN").map(str::to_owned);
        Some(Credential::new(id, secret, token))
    }

    /// `~/.tencentcloud/credentials`, then `/etc/tencentcloud/credentials`: sections with `secret_id` and `secret_key`.
    fn in_file(&self) -> Result<Option<Credential>, Failure> {
        let home = self.surroundings.home.as_ref();
        let own = home.map(|home| home.join(".tencentcloud/credentials"));
        let mut places = own.into_iter().chain([self.system.clone()]);
        let Some(path) = places.find(|path| path.is_file()) else {
            return Ok(None);
        };
        let broken = |why: &str| invalid(format!("`{}` cannot be used: {why}", path.display()));
        let text = bounded::read_text(&path, MAX_BYTES).map_err(|e| broken(&e.to_string()))?;
        let wanted = self.surroundings.profile.as_deref().unwrap_or("default");
        let mut all = sections(&text);
        let Some(mut section) = all.remove(wanted) else {
            return Err(broken(&format!("it has no section `{wanted}`")));
        };
        let token = section.remove("token");
        match (section.remove("secret_id"), section.remove("secret_key")) {
            (Some(id), Some(secret)) => Ok(Some(Credential::new(id, secret, token))),
            _ => Err(broken("it has no `secret_id` and `secret_key`")),
        }
    }

    /// The role that is bound to the host. None where there is no metadata service, or no role.
    fn of_host(&self) -> Result<Option<Credential>, Failure> {
        let Some(role) = self.metadata_of(ROLES) else {
            return Ok(None);
        };
        let role = role.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        if role.is_empty() || !role.chars().all(plain) {
            return Ok(None);
        }
        let keys = self.metadata_of(&format!("{ROLES}{role}"));
        let keys = keys.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let told = keys.filter(|keys| keys.get("Code").and_then(Value::as_str) == Some("Success"));
        match told.as_ref().and_then(temporary) {
            Some(credential) => Ok(Some(credential)),
            None => Err(invalid(format!(
                "the host gives no keys of its role `{role}`"
            ))),
        }
    }

    fn metadata_of(&self, path: &str) -> Option<String> {
        let request = Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            ..Request::default()
        };
        let answer = self.metadata.send(&request).ok()?;
        let found = (answer.status == 200).then_some(answer.body)?;
        String::from_utf8(found).ok()
    }

    /// The role of a pod in TKE: its token is exchanged for keys.
    fn of_pod(&self) -> Result<Option<Credential>, Failure> {
        let variable = |name: &str| self.surroundings.variable(name);
        let (Some(region), Some(provider), Some(file), Some(role)) = (
            variable("TKE_REGION"),
            variable("TKE_PROVIDER_ID"),
            variable("TKE_WEB_IDENTITY_TOKEN_FILE"),
            variable("TKE_ROLE_ARN"),
        ) else {
            return Ok(None);
        };
        let path = PathBuf::from(file);
        let token = bounded::read_text(&path, MAX_BYTES)
            .map_err(|e| invalid(format!("`{}` cannot be used: {e}", path.display())))?;
        let answer = self
            .sts
            .send(&exchange(region, provider, token.trim(), role))?;
        let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let keys = value
            .as_ref()
            .and_then(|v| v.pointer("/Response/Credentials"));
        keys.and_then(temporary).map(Some).ok_or_else(|| {
            let code = value
                .as_ref()
                .and_then(|v| v.pointer("/Response/Error/Code"));
            let code = code.and_then(Value::as_str).unwrap_or_default().to_owned();
            let mut failure = invalid("the token of the pod is not exchanged for keys");
            failure.code = code;
            failure
        })
    }
}

impl KeySource for Chain {
    fn fetch(&self) -> Result<Credential, Failure> {
        if let Some(found) = self.in_environment() {
            return Ok(found);
        }
        let places = [Self::in_file, Self::of_host, Self::of_pod];
        for place in places {
            if let Some(found) = place(self)? {
                return Ok(found);
            }
        }
        Err(invalid(
            "no keys of Tencent Cloud: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, write \
             ~/.tencentcloud/credentials, or bind a role to the host",
        ))
    }
}

/// The request that exchanges a token for keys; it is not signed.
fn exchange(region: &str, provider: &str, token: &str, role: &str) -> Request {
    let body = json!({
        "ProviderId": provider,
        "WebIdentityToken": token,
        "RoleArn": role,
        "RoleSessionName": "stance",
    });
    let mut request = Request {
        method: "POST".to_owned(),
        host: "sts.tencentcloudapi.com".to_owned(),
        path: "/".to_owned(),
        body: body.to_string().into_bytes(),
        ..Request::default()
    };
    request.set("content-type", "application/json");
    request.set("authorization", "SKIP");
    request.set("x-tc-action", "AssumeRoleWithWebIdentity");
    request.set("x-tc-version", "2018-08-13");
    request.set("x-tc-region", region);
    let seconds = Clock::System.now().as_second();
    request.set("x-tc-timestamp", seconds.to_string());
    request
}

fn temporary(keys: &Value) -> Option<Credential> {
    let part = |name| {
        keys.get(name)
            .and_then(Value::as_str)
            .filter(|v| !v.is_empty())
    };
    let token = part("Token")?.to_owned();
    Some(Credential::new(
        part("TmpSecretId")?,
        part("TmpSecretKey")?,
        Some(token),
    ))
}

fn invalid(why: impl Into<String>) -> Failure {
    Failure::own(ReasonKind::CredentialInvalid, "", why)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::fake::{Fake, nowhere};
    use super::*;

    fn chain(home: &Path, variables: &[(&str, &str)], metadata: &str, sts: &str) -> Chain {
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Chain {
            surroundings: Surroundings {
                variables: variables.collect(),
                home: Some(home.to_owned()),
                ..Surroundings::default()
            },
            system: home.join("system"),
            metadata: Network::new(METADATA_TIME, Some(metadata.to_owned())),
            sts: Network::new(STS_TIME, Some(sts.to_owned())),
        }
    }

    #[test]
    fn the_environment_goes_before_the_files() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path();
        std::fs::create_dir(dir.join(".tencentcloud")).unwrap();
        std::fs::write(
            dir.join(".tencentcloud/credentials"),
            "[default]\nsecret_id = file-id\nsecret_key = file-secret\n[other]\nsecret_id=o\nsecret_key=p\n",
        )
        .unwrap();
        std::fs::write(dir.join("system"), "[default]\nsecret_id=s\nsecret_key=t\n").unwrap();
        let set = [
            ("TENCENTCLOUD_SECRET_ID", "env-id"),
            ("TENCENTCLOUD_SECRET_KEY", "env-secret"),
            ("TENCENTCLOUD_TOKEN", "env-token"),
        ];
        let found = chain(dir, &set, nowhere(), nowhere()).fetch().unwrap();
        assert_eq!((found.id(), found.token()), ("env-id", Some("env-token")));
        let mut files = chain(dir, &[], nowhere(), nowhere());
        assert_eq!(files.fetch().unwrap().id(), "file-id");
        files.surroundings.profile = Some("other".to_owned());
        assert_eq!(files.fetch().unwrap().id(), "o");
        files.surroundings.profile = Some("none".to_owned());
        assert!(
            files
                .fetch()
                .unwrap_err()
                .message
                .contains("no section `none`")
        );
        std::fs::remove_file(dir.join(".tencentcloud/credentials")).unwrap();
        files.surroundings.profile = None;
        assert_eq!(files.fetch().unwrap().id(), "s");
    }

    #[test]
    fn a_host_gives_the_keys_of_its_role() {
        let home = tempfile::tempdir().unwrap();
        let keys = r#"{"Code":"Success","TmpSecretId":"tmp","TmpSecretKey":"k","Token":"t","ExpiredTime":1}"#;
        let server = Fake::serve(vec![(200, "scanner", ""), (200, keys, "")]);
        let found = chain(home.path(), &[], &server.address, nowhere())
            .fetch()
            .unwrap();
        assert_eq!(
            (found.id(), found.secret(), found.token()),
            ("tmp", "k", Some("t"))
        );
        let seen = server.requests();
        assert!(seen[1].starts_with("GET /latest/meta-data/cam/security-credentials/scanner "));
    }

    #[test]
    fn a_pod_exchanges_its_token() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("token");
        std::fs::write(&file, "pod-token\n").unwrap();
        let answer =
            r#"{"Response":{"Credentials":{"TmpSecretId":"pod","TmpSecretKey":"k","Token":"t"}}}"#;
        let server = Fake::serve(vec![(200, answer, "")]);
        let set = [
            ("TKE_REGION", "ap-guangzhou"),
            ("TKE_PROVIDER_ID", "cls-1"),
            ("TKE_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
            ("TKE_ROLE_ARN", "qcs::cam::uin/1:roleName/scanner"),
        ];
        let found = chain(home.path(), &set, nowhere(), &server.address)
            .fetch()
            .unwrap();
        assert_eq!(found.id(), "pod");
        assert!(server.requests()[0].contains("pod-token"));
        let denied = r#"{"Response":{"Error":{"Code":"AuthFailure.X","Message":"pod-token"}}}"#;
        let server = Fake::serve(vec![(200, denied, "")]);
        let failure = chain(home.path(), &set, nowhere(), &server.address)
            .fetch()
            .unwrap_err();
        assert_eq!(failure.code, "AuthFailure.X");
        assert!(!failure.message.contains("pod-token"));
    }

    #[test]
    fn without_keys_it_says_where_to_put_them() {
        let home = tempfile::tempdir().unwrap();
        let failure = chain(home.path(), &[], nowhere(), nowhere())
            .fetch()
            .unwrap_err();
        assert!(failure.message.contains("TENCENTCLOUD_SECRET_ID"));
    }
}
