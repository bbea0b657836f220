//! Huawei Cloud: the environment, then the file of its SDKs, then the agency of the host, in the order of the official
//! SDKs. Projects and the account are asked for, so keys are all that is taken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use stance_model::{ReasonKind, bounded};

use super::Surroundings;
use super::sections::sections;
use crate::live::answer::Answer;
use crate::live::credential::Credential;
use crate::live::failure::Failure;
use crate::live::keys::KeySource;
use crate::live::request::Request;
use crate::live::transport::{Network, Transport};

/// The most bytes of a file of keys or of a token.
const MAX_BYTES: u64 = 1 << 20;
/// The metadata service of the hosts; it is on the host's own network.
const METADATA: &str = "http://169.254.169.254";
/// How long it may take. Elsewhere than on a host there is none.
const METADATA_TIME: Duration = Duration::from_secs(3);
/// How long IAM may take.
const IAM_TIME: Duration = Duration::from_secs(20);
const IAM: &str = "iam.myhuaweicloud.com";
/// How long keys of a token hold, in seconds.
const KEYS_HOLD: u32 = 6 * 60 * 60;

/// The order in which keys are looked for.
pub(super) struct Chain {
    surroundings: Surroundings,
    metadata: Network,
    iam: Network,
}

impl Chain {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        Self {
            surroundings,
            metadata: Network::new(METADATA_TIME, Some(METADATA.to_owned())),
            iam: Network::new(IAM_TIME, None),
        }
    }

    /// Keys, or an identity provider and the file of its token.
    fn in_environment(&self) -> Result<Option<Credential>, Failure> {
        let names = ["ak", "sk", "security_token", "idp_id", "id_token_file"];
        let set = names.iter().filter_map(|name| {
            let variable = format!("HUAWEICLOUD_SDK_{}", name.to_uppercase());
            let value = self.surroundings.variable(&variable)?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        self.of(&set.collect())
    }

    /// `HUAWEICLOUD_SDK_CREDENTIALS_FILE`, or `~/.huaweicloud/credentials`: the section `basic`, then `global`.
    fn in_file(&self) -> Result<Option<Credential>, Failure> {
        let named = self
            .surroundings
            .variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE");
        let home = self.surroundings.home.as_ref();
        let usual = home.map(|home| home.join(".huaweicloud/credentials"));
        let path = match (named, usual) {
            (Some(named), _) => PathBuf::from(named),
            (None, Some(usual)) if usual.is_file() => usual,
            _ => return Ok(None),
        };
        let broken = |why: &str| invalid(format!("`{}` cannot be used: {why}", path.display()));
        let text = bounded::read_text(&path, MAX_BYTES).map_err(|e| broken(&e.to_string()))?;
        let all = sections(&text);
        let wanted: Vec<&str> = match &self.surroundings.profile {
            Some(profile) => vec![profile],
            None => vec!["basic", "global"],
        };
        let Some(section) = wanted.iter().find_map(|name| all.get(*name)) else {
            return Err(broken(&format!(
                "it has no section `{}`",
                wanted.join("` or `")
            )));
        };
        let found = self.of(section)?;
        found
            .map(Some)
            .ok_or_else(|| broken("it has no `ak` and `sk`"))
    }

    fn of(&self, values: &BTreeMap<String, String>) -> Result<Option<Credential>, Failure> {
        let value = |name: &str| values.get(name).filter(|value| !value.is_empty());
        if let (Some(provider), Some(file)) = (value("idp_id"), value("id_token_file")) {
            return self.exchanged(provider, Path::new(file)).map(Some);
        }
        let (Some(id), Some(secret)) = (value("ak"), value("sk")) else {
            return Ok(None);
        };
        let token = value("security_token").cloned();
        Ok(Some(Credential::new(id, secret, token)))
    }

    /// The token of an identity provider → a token of IAM → keys.
    fn exchanged(&self, provider: &str, file: &Path) -> Result<Credential, Failure> {
        let token = bounded::read_text(file, MAX_BYTES)
            .map_err(|e| invalid(format!("`{}` cannot be used: {e}", file.display())))?;
        let body = json!({"auth": {"id_token": {"id": token.trim()}}});
        let mut request = iam("/v3.0/OS-AUTH/id-token/tokens", &body);
        request.set("x-idp-id", provider);
        let answer = self.iam.send(&request)?;
        let headers = &answer.headers;
        let subject = headers.iter().find(|(name, _)| name == "x-subject-token");
        let Some((_, subject)) = subject.filter(|_| answer.status < 300) else {
            return Err(refused(&answer));
        };
        let identity = json!({
            "methods": ["token"],
            "token": {"id": subject, "duration_seconds": KEYS_HOLD},
        });
        let body = json!({"auth": {"identity": identity}});
        let answer = self
            .iam
            .send(&iam("/v3.0/OS-CREDENTIAL/securitytokens", &body))?;
        keys(&answer).ok_or_else(|| refused(&answer))
    }

    /// The agency that is bound to the host. None where there is no metadata service, or no agency.
    fn of_host(&self) -> Option<Credential> {
        let mut ask = Request {
            method: "PUT".to_owned(),
            path: "/meta-data/latest/api/token".to_owned(),
            ..Request::default()
        };
        ask.set("x-metadata-token-ttl-seconds", "21600");
        let token = self.metadata.send(&ask).ok()?;
        let mut request = Request {
            method: "GET".to_owned(),
            path: "/openstack/latest/securitykey".to_owned(),
            ..Request::default()
        };
        // Hosts of an older kind know no such tokens.
        if token.status == 200 {
            request.set("x-metadata-token", String::from_utf8(token.body).ok()?);
        }
        keys(&self.metadata.send(&request).ok()?)
    }
}

impl KeySource for Chain {
    fn fetch(&self) -> Result<Credential, Failure> {
        for place in [Self::in_environment, Self::in_file] {
            if let Some(found) = place(self)? {
                return Ok(found);
            }
        }
        self.of_host().ok_or_else(|| {
            invalid(
                "no keys of Huawei Cloud: set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, write \
                 ~/.huaweicloud/credentials, or bind an agency to the host",
            )
        })
    }
}

fn iam(path: &str, body: &Value) -> Request {
    let mut request = Request {
        method: "POST".to_owned(),
        host: IAM.to_owned(),
        path: path.to_owned(),
        body: body.to_string().into_bytes(),
        ..Request::default()
    };
    request.set("content-type", "application/json;charset=UTF-8");
    request
}

/// The keys in an answer of the metadata service or of IAM.
fn keys(answer: &Answer) -> Option<Credential> {
    let body = (answer.status < 300).then_some(&answer.body)?;
    let value: Value = serde_json::from_slice(body).ok()?;
    let held = value.get("credential")?;
    let part = |name| {
        held.get(name)
            .and_then(Value::as_str)
            .filter(|v| !v.is_empty())
    };
    let token = part("securitytoken")?.to_owned();
    Some(Credential::new(
        part("access")?,
        part("secret")?,
        Some(token),
    ))
}

/// The provider's words may quote the token, so only its code is kept.
fn refused(answer: &Answer) -> Failure {
    let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let code = value
        .as_ref()
        .and_then(|v| v.get("error_code").or_else(|| v.pointer("/error/code")));
    let mut failure = invalid(format!(
        "IAM does not exchange the token of the identity provider (HTTP {})",
        answer.status
    ));
    failure.code = code
        .map(|c| c.as_str().map_or_else(|| c.to_string(), str::to_owned))
        .unwrap_or_default();
    failure
}

fn invalid(why: impl Into<String>) -> Failure {
    Failure::own(ReasonKind::CredentialInvalid, "", why)
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, nowhere};
    use super::*;

    const KEYS: &str = r#"{"credential":{"access":"tmp","secret":"k","securitytoken":"t","expires_at":"2099-01-01T00:00:00Z"}}"#;

    fn chain(home: &Path, variables: &[(&str, &str)], metadata: &str, iam: &str) -> Chain {
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Chain {
            surroundings: Surroundings {
                variables: variables.collect(),
                home: Some(home.to_owned()),
                ..Surroundings::default()
            },
            metadata: Network::new(METADATA_TIME, Some(metadata.to_owned())),
            iam: Network::new(IAM_TIME, Some(iam.to_owned())),
        }
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path();
        std::fs::create_dir(dir.join(".huaweicloud")).unwrap();
        let file = dir.join(".huaweicloud/credentials");
        std::fs::write(
            &file,
            "[global]\nak = g\nsk = h\n[basic]\nak = file\nsk = s\nproject_id = p\n",
        )
        .unwrap();
        let set = [
            ("HUAWEICLOUD_SDK_AK", "env"),
            ("HUAWEICLOUD_SDK_SK", "s"),
            ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "t"),
        ];
        let found = chain(dir, &set, nowhere(), nowhere()).fetch().unwrap();
        assert_eq!((found.id(), found.token()), ("env", Some("t")));
        let mut files = chain(dir, &[], nowhere(), nowhere());
        assert_eq!(files.fetch().unwrap().id(), "file");
        files.surroundings.profile = Some("global".to_owned());
        assert_eq!(files.fetch().unwrap().id(), "g");
        std::fs::write(&file, "[basic]\nak = only\n").unwrap();
        files.surroundings.profile = None;
        assert!(
            files
                .fetch()
                .unwrap_err()
                .message
                .contains("no `ak` and `sk`")
        );
    }

    #[test]
    fn a_file_that_is_named_must_be_there() {
        let home = tempfile::tempdir().unwrap();
        let set = [("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "/no/such/file")];
        let failure = chain(home.path(), &set, nowhere(), nowhere())
            .fetch()
            .unwrap_err();
        assert!(failure.message.contains("/no/such/file"));
    }

    #[test]
    fn a_host_gives_the_keys_of_its_agency() {
        let home = tempfile::tempdir().unwrap();
        let server = Fake::serve(vec![(200, "metadata-token", ""), (200, KEYS, "")]);
        let found = chain(home.path(), &[], &server.address, nowhere())
            .fetch()
            .unwrap();
        assert_eq!(
            (found.id(), found.secret(), found.token()),
            ("tmp", "k", Some("t"))
        );
        let seen = server.requests();
        assert!(seen[0].starts_with("PUT /meta-data/latest/api/token "));
        assert!(seen[1].starts_with("GET /openstack/latest/securitykey "));
        assert!(
            seen[1]
                .to_lowercase()
                .contains("x-metadata-token: metadata-token")
        );
    }

    #[test]
    fn an_identity_provider_is_exchanged_for_keys() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("token");
        std::fs::write(&file, "id-token").unwrap();
        let set = [
            ("HUAWEICLOUD_SDK_IDP_ID", "idp"),
            ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", file.to_str().unwrap()),
        ];
        let server = Fake::serve(vec![
            (201, "{}", "X-Subject-Token: subject\r\n"),
            (201, KEYS, ""),
        ]);
        let found = chain(home.path(), &set, nowhere(), &server.address)
            .fetch()
            .unwrap();
        assert_eq!(found.id(), "tmp");
        let seen = server.requests();
        assert!(seen[0].contains("id-token") && seen[0].to_lowercase().contains("x-idp-id: idp"));
        assert!(seen[1].contains("subject"));
        let denied = r#"{"error_code":"IAM.0001","error_msg":"id-token is wrong"}"#;
        let server = Fake::serve(vec![(401, denied, "")]);
        let failure = chain(home.path(), &set, nowhere(), &server.address)
            .fetch()
            .unwrap_err();
        assert_eq!(failure.code, "IAM.0001");
        assert!(!failure.message.contains("id-token"));
    }

    #[test]
    fn without_keys_it_says_where_to_put_them() {
        let home = tempfile::tempdir().unwrap();
        let failure = chain(home.path(), &[], nowhere(), nowhere())
            .fetch()
            .unwrap_err();
        assert!(failure.message.contains("HUAWEICLOUD_SDK_AK"));
    }
}
